package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * look like dates, and objects and arrays become JSON text, so that no value is changed.
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

    /** Reads the text once or a few times; no columns where there is no object. */
    public TextColumns find() throws SQLException {
        String structure = single("SELECT json_group_structure(json) FROM " + objects);
        if (structure == null) {
            return new TextColumns(List.of(), "");
        }
        JsonNode keys = parsed(structure);
        if (!keys.isObject()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ, "bad_data", "The answer holds something that is not a JSON object.", false));
        }
        List<Column> columns = new ArrayList<>();
        List<String> pointers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            pointers.add(pointer(key.getKey()));
            columns.add(Column.of(key.getKey(), type(key.getValue(), pointers.get(pointers.size() - 1))));
        }
        return selected(columns, pointers);
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
        return type.kind() == Kind.BLOB ? "from_base64(" + text + ")" : "CAST(" + text + " AS " + type.duckdb() + ")";
    }

    private LogicalType type(JsonNode structure, String pointer) throws SQLException {
        return switch (structure.asText()) {
            case "BOOLEAN" -> LogicalType.of(Kind.BOOLEAN);
            case "BIGINT" -> LogicalType.of(Kind.BIGINT);
            case "UBIGINT", "HUGEINT" -> {
                String beyond = single("SELECT bool_or(TRY_CAST(json_extract_string(json, " + pointer
                        + ") AS HUGEINT) > 9223372036854775807) FROM " + objects);
                yield "true".equals(beyond) ? LogicalType.decimal(38, 0) : LogicalType.of(Kind.BIGINT);
            }
            case "DOUBLE" -> LogicalType.of(Kind.DOUBLE);
            default -> LogicalType.of(Kind.VARCHAR);
        };
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
        return SqlText.literal("/" + key.replace("~", "~0").replace("/", "~1"));
    }

    private @Nullable String single(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
