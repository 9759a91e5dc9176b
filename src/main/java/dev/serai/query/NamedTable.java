package dev.serai.query;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.SimilarName;
import dev.serai.lake.TableSnapshot;
import dev.serai.query.ParsedSql.TableReference;

/**
 * A table under the name that a query gives it.
 *
 * @param path the name's parts
 * @param select of all its rows
 * @param files that this reads
 */
record NamedTable(List<String> path, String select, List<String> files) {

    private static NamedTable of(List<String> path, TableSnapshot snapshot) {
        List<String> files = snapshot.files().stream()
                .map(TableSnapshot.DataFile::path)
                .map(Path::toAbsolutePath)
                .map(Path::toString)
                .toList();
        return new NamedTable(path, snapshot.scan(), files);
    }

    /** Finds every table that the statement names, each once, or fails with the first that the caller cannot read. */
    static List<NamedTable> resolve(List<TableReference> references, Relations relations) {
        Map<String, NamedTable> found = new LinkedHashMap<>();
        for (TableReference reference : references) {
            String key = folded(String.join("\0", reference.path()));
            if (found.containsKey(key)) {
                continue;
            }
            Optional<TableSnapshot> snapshot =
                    reference.path().size() > 2 ? Optional.empty() : relations.find(reference.name());
            if (snapshot.isPresent()) {
                found.put(key, of(reference.path(), snapshot.get()));
            } else if (!reference.optional()) {
                throw unknown(reference, relations);
            }
        }
        return new ArrayList<>(found.values());
    }

    private static FailureException unknown(TableReference reference, Relations relations) {
        String detail = "There is no dataset named " + shown(reference.name()) + ".";
        String near = SimilarName.of(reference.name(), relations.names())
                .map(name -> " Did you mean " + name + "?")
                .orElse("");
        return new FailureException(new Failure.Unreadable("unknown_dataset", detail + near, reference.position()));
    }

    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String shown(String name) {
        return name.length() > 200 ? name.substring(0, 200) + "…" : name;
    }
}
