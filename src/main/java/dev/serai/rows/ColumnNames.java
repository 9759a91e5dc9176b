package dev.serai.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names that SQL can tell apart and a Delta table can have: those that differ only in case get a visible suffix,
 * {@code Name_2}; a line break becomes {@code _}, no name at all {@code column}.
 */
public final class ColumnNames {
    private ColumnNames() {}

    public static List<Column> distinct(List<Column> given) {
        List<Column> columns = given.stream()
                .map(column -> column.renamed(usable(column.name())))
                .toList();
        Set<String> exact = new HashSet<>();
        columns.forEach(column -> exact.add(folded(column.name())));
        Set<String> taken = new HashSet<>();
        List<Column> distinct = new ArrayList<>();
        for (Column column : columns) {
            String name = column.name();
            // A column that has the suffixed name from the start keeps it.
            for (int suffix = 2; taken.contains(folded(name)); suffix++) {
                String candidate = column.name() + "_" + suffix;
                if (!exact.contains(folded(candidate))) {
                    name = candidate;
                }
            }
            taken.add(folded(name));
            distinct.add(column.renamed(name));
        }
        return List.copyOf(distinct);
    }

    private static String usable(String name) {
        return name.isEmpty() ? "column" : name.replace('\n', '_');
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
