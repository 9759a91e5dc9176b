package dev.serai.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * A model that the suite wants to be there: the first column {@code id} holds whole numbers and is the key, all others
 * hold text.
 *
 * @param rows a Long, then String or null
 */
public record Table(String name, List<String> columns, List<List<@Nullable Object>> rows) {
    static final int MANY_ROWS = 10_000;
    static final int HUGE_LENGTH = 1_000_000;

    static final Table EMPTY = new Table("empty", List.of("id", "name"), List.of());

    static final Table MANY = new Table(
            "many",
            List.of("id", "name"),
            IntStream.rangeClosed(1, MANY_ROWS)
                    .mapToObj(i -> row((long) i, "row " + i))
                    .toList());

    static final Table ODD = new Table(
            "odd",
            List.of("id", "first", "second"),
            List.of(
                    row(1L, "", null),
                    row(2L, null, "NULL"),
                    row(3L, "žluťoučký 日本語 😀 עברית", "e\u0301 \u200d"),
                    row(4L, "two\nlines\ttab \"quotes\" 'single' \\ back, comma; semi", "{\"a\": [1, null]}"),
                    row(5L, " leading and trailing ", "${header.operation} {{env:HOME}} #bean:x"),
                    row(-9_000_000_000_000_000L, "true", "2026-01-01")));

    static final Table HUGE =
            new Table("huge", List.of("id", "text"), List.of(row(1L, "é".repeat(HUGE_LENGTH)), row(2L, "small")));

    static final List<Table> ALL = List.of(EMPTY, HUGE, MANY, ODD);

    private static List<@Nullable Object> row(@Nullable Object... values) {
        return new ArrayList<>(java.util.Arrays.asList(values));
    }

    /** The rows as DuckDB's text of them. */
    List<List<@Nullable String>> texts() {
        return rows.stream()
                .map(row -> {
                    List<@Nullable String> texts = new ArrayList<>();
                    row.forEach(value -> texts.add(value == null ? null : value.toString()));
                    return texts;
                })
                .toList();
    }
}
