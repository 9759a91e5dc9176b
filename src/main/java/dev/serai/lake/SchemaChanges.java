package dev.serai.lake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.serai.rows.Column;

/** Says in words what became of a table's columns from one version to the next. */
final class SchemaChanges {
    private SchemaChanges() {}

    static List<String> between(List<Column> before, List<Column> after) {
        Map<String, Column> left = new LinkedHashMap<>();
        before.forEach(column -> left.put(column.name(), column));
        List<String> changes = new ArrayList<>();
        for (Column column : after) {
            Column old = left.remove(column.name());
            String type = column.type().duckdb();
            if (old == null) {
                changes.add("added " + column.name() + " " + type);
            } else if (!old.type().equals(column.type())) {
                changes.add("changed " + column.name() + " from " + old.type().duckdb() + " to " + type);
            }
        }
        left.keySet().forEach(name -> changes.add("removed " + name));
        return List.copyOf(changes);
    }
}
