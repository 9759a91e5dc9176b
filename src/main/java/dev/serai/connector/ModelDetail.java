package dev.serai.connector;

import java.util.List;

import dev.serai.rows.Column;

/** A model, its columns, and its indexes where the source tells them. */
public record ModelDetail(Model model, List<Column> columns, List<ModelIndex> indexes) {
    public ModelDetail {
        columns = List.copyOf(columns);
        indexes = List.copyOf(indexes);
    }
}
