package dev.serai.connector;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;

/** Reads what the operation {@code schema} answers. */
final class ModelColumns {
    private static final Pattern DECIMAL = Pattern.compile("(?:DECIMAL|NUMERIC)\\((\\d{1,2}),\\s*(\\d{1,2})\\)");

    /** The name of a struct's member, as SQL writes it. */
    private static final Pattern MEMBER = Pattern.compile("\\s*(\"(?:[^\"]|\"\")+\"|[^\\s\"(),]+)\\s+");

    private ModelColumns() {}

    /** @param answer {@code {"columns":[…]}} or the list alone */
    static List<Column> of(JsonNode answer) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : answer.isArray() ? answer : answer.path("columns")) {
            LogicalType type = type(column.path("type").asText("VARCHAR"));
            columns.add(new Column(
                    column.path("name").asText(),
                    type,
                    column.path("native_type").asText(type.duckdb()),
                    column.path("nullable").asBoolean(true),
                    column.path("primary_key").asBoolean(false),
                    column.path("watermark_candidate").asBoolean(false)));
        }
        return columns;
    }

    /** By DuckDB's name for it; what is none of ours travels as text. */
    static LogicalType type(String name) {
        String given = name.strip();
        if (given.endsWith("[]")) {
            return LogicalType.list(type(given.substring(0, given.length() - 2)));
        }
        String upper = given.toUpperCase(Locale.ROOT);
        if (upper.startsWith("STRUCT(") && given.endsWith(")")) {
            return struct(given.substring("STRUCT(".length(), given.length() - 1));
        }
        Matcher decimal = DECIMAL.matcher(upper);
        if (decimal.matches()) {
            int precision = Integer.parseInt(decimal.group(1));
            int scale = Integer.parseInt(decimal.group(2));
            return precision >= 1 && precision <= 38 && scale <= precision
                    ? LogicalType.decimal(precision, scale)
                    : LogicalType.of(LogicalType.Kind.VARCHAR);
        }
        return LogicalType.of(
                switch (upper) {
                    case "BOOLEAN", "BOOL" -> LogicalType.Kind.BOOLEAN;
                    case "TINYINT" -> LogicalType.Kind.TINYINT;
                    case "SMALLINT" -> LogicalType.Kind.SMALLINT;
                    case "INTEGER", "INT" -> LogicalType.Kind.INTEGER;
                    case "BIGINT" -> LogicalType.Kind.BIGINT;
                    case "FLOAT", "REAL" -> LogicalType.Kind.FLOAT;
                    case "DOUBLE" -> LogicalType.Kind.DOUBLE;
                    case "BLOB" -> LogicalType.Kind.BLOB;
                    case "DATE" -> LogicalType.Kind.DATE;
                    case "TIMESTAMP" -> LogicalType.Kind.TIMESTAMP;
                    case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ" -> LogicalType.Kind.TIMESTAMPTZ;
                    default -> LogicalType.Kind.VARCHAR;
                });
    }

    private static LogicalType struct(String inside) {
        List<LogicalType.Member> members = new ArrayList<>();
        Matcher member = MEMBER.matcher(inside);
        int at = 0;
        while (at < inside.length() && member.region(at, inside.length()).lookingAt()) {
            int end = end(inside, member.end());
            String name = member.group(1);
            members.add(new LogicalType.Member(
                    name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name,
                    type(inside.substring(member.end(), end))));
            at = end + 1;
        }
        return members.isEmpty() ? LogicalType.of(LogicalType.Kind.VARCHAR) : LogicalType.struct(members);
    }

    /** Where the member ends: at a comma outside of parentheses and quotes. */
    private static int end(String text, int from) {
        int depth = 0;
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            quoted ^= c == '"';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0 && !quoted) {
                return at;
            }
        }
        return text.length();
    }
}
