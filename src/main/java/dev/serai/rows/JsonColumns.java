package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.TextSource.Format;

/**
 * The columns of JSON objects: every key of any of them, in order of first appearance. Strings stay text even where they
 * look like dates; objects and arrays keep their shape where they have one, and are JSON text where they do not, so that no
 * value is changed.
 */
public final class JsonColumns {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What DuckDB takes for an object unless told otherwise. */
    private static final int USUAL_LENGTH = 1 << 24;

    private final Connection duckdb;
    private final String objects;

    public JsonColumns(Connection duckdb, Format format, Path file) {
        this(duckdb, format, file, USUAL_LENGTH);
    }

    /** @param longest bytes of the longest object, where that is known to be more than usual */
    JsonColumns(Connection duckdb, Format format, Path file, int longest) {
        this.duckdb = duckdb;
        this.objects = "read_json_objects(" + SqlText.literal(file.toString()) + ", format='"
                + (format == Format.NDJSON ? "newline_delimited" : "array") + "'"
                + (longest < USUAL_LENGTH ? "" : ", maximum_object_size=" + (longest + 1L)) + ")";
    }

    /**
     * Reads the text a few times; no columns where there is no object.
     *
     * @param into columns that the rows are to come into; where one of them is text no struct is made of it
     */
    public TextColumns find(List<Column> into) throws SQLException {
        String structure = single("SELECT json_group_structure(json) FROM " + objects);
        if (structure == null) {
            return new TextColumns(List.of(), "");
        }
        JsonNode keys = parsed(structure);
        if (structure.contains("\\u0000")
                && keys.properties().stream().anyMatch(key -> key.getKey().indexOf(0) >= 0)) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "bad_data",
                    "A key of an object holds the character NUL, which no column can have.",
                    false));
        }
        if (!keys.isObject()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ, "bad_data", "The answer holds something that is not a JSON object.", false));
        }
        Set<String> texts = into.stream()
                .filter(column -> column.type().kind() == Kind.VARCHAR)
                .map(Column::name)
                .collect(Collectors.toSet());
        List<JsonShape> first = shapes(keys, texts, Set.of());
        Map<JsonPath, Long> beyond = beyond(first);
        List<JsonShape> shapes = beyond.isEmpty() ? first : shapes(keys, texts, beyond.keySet());
        List<String> names = keys.properties().stream().map(Map.Entry::getKey).toList();
        List<Column> columns = IntStream.range(0, names.size())
                .mapToObj(i -> Column.of(names.get(i), shapes.get(i).type()))
                .toList();
        List<RowWarning> warnings = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            long differ = shapes.get(i).doubles().stream()
                    .mapToLong(path -> beyond.getOrDefault(path, 0L))
                    .sum();
            for (JsonPath path : shapes.get(i).mixed()) {
                differ += differing(path);
            }
            if (differ > 0) {
                warnings.add(new RowWarning(names.get(i), "type_changed", differ));
            }
        }
        TextColumns selected =
                selected(columns, names.stream().map(JsonColumns::pointer).toList());
        return new TextColumns(selected.columns(), selected.relation(), List.copyOf(warnings));
    }

    private static List<JsonShape> shapes(JsonNode keys, Set<String> texts, Set<JsonPath> beyond) {
        return keys.properties().stream()
                .map(key -> JsonShape.of(key.getKey(), key.getValue(), !texts.contains(key.getKey()), beyond))
                .toList();
    }

    /** How many numbers the usual type of their path does not hold, where there are any. */
    private Map<JsonPath, Long> beyond(List<JsonShape> shapes) throws SQLException {
        Map<JsonPath, String> counts = new LinkedHashMap<>();
        for (JsonShape shape : shapes) {
            shape.whole()
                    .forEach(path -> counts.put(path, "CAST(" + path.largest() + " > 9223372036854775807 AS INT)"));
            shape.doubles().forEach(path -> counts.put(path, path.inexact()));
        }
        Map<JsonPath, Long> beyond = new HashMap<>();
        if (counts.isEmpty()) {
            return beyond;
        }
        try (Statement statement = duckdb.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT " + String.join(", ", counts.values()) + " FROM " + objects)) {
            row.next();
            int i = 0;
            for (JsonPath path : counts.keySet()) {
                long count = row.getLong(++i);
                if (count > 0) {
                    beyond.put(path, count);
                }
            }
        }
        return beyond;
    }

    /** How many values are of another type than most; all numbers are of one. */
    private long differing(JsonPath path) throws SQLException {
        String type = "CASE WHEN json_type(x) IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT') THEN 'DOUBLE'"
                + " ELSE json_type(x) END";
        String found = single("SELECT coalesce(sum(n) - max(n), 0) FROM (SELECT count(*) AS n FROM "
                + path.values(objects) + " WHERE json_type(x) <> 'NULL' GROUP BY " + type + ")");
        return found == null ? 0 : Long.parseLong(found);
    }

    /** The columns that are known already. */
    TextColumns of(List<Column> known) {
        return selected(
                known, known.stream().map(column -> pointer(column.name())).toList());
    }

    private TextColumns selected(List<Column> columns, List<String> pointers) {
        List<Column> distinct = ColumnNames.distinct(columns);
        String values = pointers.stream().collect(Collectors.joining(", ", "[", "]"));
        String select = IntStream.range(0, distinct.size())
                .mapToObj(i -> value("v[" + (i + 1) + "]", distinct.get(i).type()) + " AS "
                        + SqlText.identifier(distinct.get(i).name()))
                .collect(Collectors.joining(", "));
        return new TextColumns(
                distinct,
                "(SELECT " + select + " FROM (SELECT json_extract_string(json, " + values + ") AS v FROM " + objects
                        + "))");
    }

    private static String value(String text, LogicalType type) {
        if (type.isNested()) {
            String structure = SqlText.literal(JsonShape.structure(type).toString());
            return "from_json(CAST(" + text + " AS JSON), " + structure + ")";
        }
        return type.kind() == Kind.BLOB ? "from_base64(" + text + ")" : "CAST(" + text + " AS " + type.duckdb() + ")";
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("DuckDB told a structure that is not JSON", e);
        }
    }

    /** As a JSON pointer (RFC 6901): unlike a path it can name the empty key. */
    private static String pointer(String key) {
        return SqlText.literal(JsonPath.ROOT.key(key).pointer());
    }

    private @Nullable String single(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
