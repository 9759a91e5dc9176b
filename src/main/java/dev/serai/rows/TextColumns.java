package dev.serai.rows;

import java.util.List;

/**
 * The columns that were found in a text and the SELECT that gives them.
 *
 * @param warnings what becomes of values, counted
 */
public record TextColumns(List<Column> columns, String relation, List<RowWarning> warnings) {
    public TextColumns(List<Column> columns, String relation) {
        this(columns, relation, List.of());
    }
}
