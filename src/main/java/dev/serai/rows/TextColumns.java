package dev.serai.rows;

import java.util.List;

/** The columns that were found in a text and the SELECT that gives them. */
public record TextColumns(List<Column> columns, String relation) {}
