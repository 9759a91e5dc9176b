package dev.serai.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Which types do files declare, now that some of them changed?
 *
 * <p>A file that broke, or now claims another type's name, keeps what it last declared. Used by one thread at a time.
 */
final class CatalogFiles {

    /** The types by name, and what is wrong with which file. */
    record Taken(Map<String, ConnectorType> types, List<CatalogProblem> problems) {
        static final Taken NOTHING = new Taken(Map.of(), List.of());
    }

    private record Read(String text, @Nullable ConnectorType type, List<String> faults) {}

    private final Taken base;
    private final Supplier<TrialCamel> trials;
    private Map<String, Read> read = Map.of();
    private Map<String, ConnectorType> serving = Map.of();

    /**
     * @param base what the files add to and override
     */
    CatalogFiles(Taken base, Supplier<TrialCamel> trials) {
        this.base = base;
        this.trials = trials;
    }

    /** The types, given the texts of all files by name. */
    Taken take(Map<String, String> files) {
        read = readChanged(files);
        List<CatalogProblem> problems = new ArrayList<>(base.problems());
        read.forEach((file, one) -> one.faults().forEach(fault -> problems.add(new CatalogProblem(file, fault))));
        TypeTable table = new TypeTable(base.types());
        serving.forEach((file, type) -> {
            if (read.containsKey(file) && table.clashes(file, type).isEmpty()) {
                table.put(file, type);
            }
        });
        read.forEach((file, one) -> {
            if (one.type() != null) {
                List<String> clashes = table.clashes(file, one.type());
                clashes.forEach(clash -> problems.add(new CatalogProblem(file, clash)));
                if (clashes.isEmpty()) {
                    table.put(file, one.type());
                }
            }
        });
        serving = table.byFile();
        return new Taken(table.all(), List.copyOf(problems));
    }

    private Map<String, Read> readChanged(Map<String, String> files) {
        Map<String, Read> now = new TreeMap<>();
        files.forEach((file, text) -> {
            Read before = read.get(file);
            if (before != null && before.text().equals(text)) {
                now.put(file, before);
            }
        });
        if (now.size() < files.size()) {
            try (TrialCamel trial = trials.get()) {
                files.forEach((file, text) -> now.computeIfAbsent(file, name -> read(name, text, trial)));
            }
        }
        return now;
    }

    private static Read read(String file, String text, TrialCamel trial) {
        try {
            ConnectorType type = KameletReader.read(file, text);
            trial.check(type);
            return new Read(text, type, List.of());
        } catch (KameletException e) {
            return new Read(text, null, e.reasons());
        }
    }
}
