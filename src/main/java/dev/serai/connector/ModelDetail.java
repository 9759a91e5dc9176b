package dev.serai.connector;

import java.util.List;

import dev.serai.rows.Column;

/** A model and its columns. */
public record ModelDetail(Model model, List<Column> columns) {
    public ModelDetail {
        columns = List.copyOf(columns);
    }
}
