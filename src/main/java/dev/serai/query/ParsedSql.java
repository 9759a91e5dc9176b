package dev.serai.query;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One SELECT statement that may be run if its tables are known.
 *
 * @param tree as {@code json_serialize_sql} gives it
 * @param parameters how many positional parameters it takes
 */
record ParsedSql(String text, String tree, List<TableReference> tables, int parameters) {
    ParsedSql {
        tables = List.copyOf(tables);
    }

    /**
     * A table that the statement names.
     *
     * @param path the name's parts, such as schema and table
     * @param optional whether the name may mean a common table expression of the statement instead
     */
    record TableReference(List<String> path, boolean optional, @Nullable Integer position) {
        String name() {
            return String.join(".", path);
        }
    }
}
