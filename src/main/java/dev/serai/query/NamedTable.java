package dev.serai.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.TableSnapshot;
import dev.serai.query.ParsedSql.TableReference;

/** A table under the name that a query gives it. */
record NamedTable(List<String> path, TableSnapshot snapshot) {

    /** Finds every table that the statement names, each once, or fails with the first that the caller cannot read. */
    static List<NamedTable> resolve(ParsedSql parsed, Relations relations) {
        Map<String, NamedTable> found = new LinkedHashMap<>();
        for (TableReference reference : parsed.tables()) {
            String key = folded(String.join("\0", reference.path()));
            if (found.containsKey(key)) {
                continue;
            }
            Optional<TableSnapshot> snapshot =
                    reference.path().size() > 2 ? Optional.empty() : relations.find(reference.name());
            if (snapshot.isPresent()) {
                found.put(key, new NamedTable(reference.path(), snapshot.get()));
            } else if (!reference.optional()) {
                throw new FailureException(new Failure.Unreadable(
                        "unknown_dataset",
                        "There is no dataset named " + shown(reference.name()) + ".",
                        reference.position()));
            }
        }
        return new ArrayList<>(found.values());
    }

    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String shown(String name) {
        return name.length() > 200 ? name.substring(0, 200) + "…" : name;
    }
}
