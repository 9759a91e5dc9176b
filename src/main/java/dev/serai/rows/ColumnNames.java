package dev.serai.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names that SQL can tell apart: those that differ only in case get a visible suffix, {@code Name_2}. */
final class ColumnNames {
    private ColumnNames() {}

    static List<Column> distinct(List<Column> columns) {
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

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
