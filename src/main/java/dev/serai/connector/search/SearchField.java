package dev.serai.connector.search;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.rows.LogicalType;

/**
 * What does a mapping say of a field at the top of its documents?
 *
 * @param nativeType as the mapping names it, with the fields below it that index the same value otherwise
 * @param computed whether its value stands in the answer's {@code fields} and not, or not as it is indexed, in the source
 * @param bounded whether the server can leave out values below a bound without losing a document
 */
record SearchField(String name, Kind kind, String nativeType, boolean computed, boolean bounded) {
    /** Dates are asked for as they are indexed, whatever format they were sent in. */
    static final String DATE_FORMAT = "strict_date_optional_time_nanos";

    private static final List<String> PLAIN_FORMATS =
            List.of("strict_date_optional_time", "date_optional_time", "epoch_millis");

    /** What values a field has. */
    enum Kind {
        TEXT,
        WHOLE,
        /** Of 64 bits without a sign. */
        UNSIGNED,
        REAL,
        BOOLEAN,
        /** Milliseconds. */
        TIME,
        BYTES,
        /** Objects, or arrays, or text that stands for one. */
        JSON,
        /** The mapping does not say it, or says several. */
        UNKNOWN
    }

    static SearchField of(String name, JsonNode mapping, boolean runtime) {
        String type = mapping.path("type").asText("object");
        Kind kind = kind(type);
        boolean computed = runtime
                || type.equals("constant_keyword")
                || type.equals("alias")
                || (kind == Kind.TIME && !plainFormat(mapping));
        boolean bounded = mapping.path("index").asBoolean(true)
                && !mapping.has("ignore_above")
                && !mapping.has("normalizer")
                && switch (kind) {
                    case WHOLE, UNSIGNED, REAL, TIME -> true;
                    case TEXT -> type.equals("keyword");
                    default -> false;
                };
        return new SearchField(name, kind, described(name, type, mapping, runtime), computed, bounded);
    }

    /** Two indices of one model map it otherwise. */
    SearchField unlike(SearchField other) {
        return new SearchField(
                name,
                kind == other.kind ? kind : Kind.UNKNOWN,
                nativeType.equals(other.nativeType) ? nativeType : nativeType + " | " + other.nativeType,
                computed && other.computed,
                bounded && other.bounded && kind == other.kind);
    }

    boolean watermarkCandidate() {
        return bounded;
    }

    LogicalType type() {
        return switch (kind) {
            case WHOLE -> LogicalType.of(LogicalType.Kind.BIGINT);
            case UNSIGNED -> LogicalType.decimal(20, 0);
            case REAL -> LogicalType.of(LogicalType.Kind.DOUBLE);
            case BOOLEAN -> LogicalType.of(LogicalType.Kind.BOOLEAN);
            case TIME -> LogicalType.of(LogicalType.Kind.TIMESTAMPTZ);
            case BYTES -> LogicalType.of(LogicalType.Kind.BLOB);
            case TEXT, JSON, UNKNOWN -> LogicalType.of(LogicalType.Kind.VARCHAR);
        };
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "long", "integer", "short", "byte", "token_count", "murmur3" -> Kind.WHOLE;
            case "unsigned_long" -> Kind.UNSIGNED;
            case "double", "float", "half_float", "scaled_float", "rank_feature" -> Kind.REAL;
            case "boolean" -> Kind.BOOLEAN;
            case "date" -> Kind.TIME;
            case "binary" -> Kind.BYTES;
            case "text",
                    "keyword",
                    "constant_keyword",
                    "wildcard",
                    "match_only_text",
                    "search_as_you_type",
                    "version",
                    "ip",
                    "date_nanos",
                    "annotated_text" -> Kind.TEXT;
            case "alias" -> Kind.UNKNOWN;
            default -> Kind.JSON;
        };
    }

    private static boolean plainFormat(JsonNode mapping) {
        for (String format : mapping.path("format").asText("epoch_millis").split("\\|\\|", -1)) {
            if (!PLAIN_FORMATS.contains(format)) {
                return false;
            }
        }
        return true;
    }

    private static String described(String name, String type, JsonNode mapping, boolean runtime) {
        StringBuilder text = new StringBuilder(runtime ? "runtime " : "").append(type);
        if (mapping.has("dims")) {
            text.append('(').append(mapping.path("dims").asInt()).append(')');
        } else if (mapping.has("scaling_factor")) {
            text.append('(').append(mapping.path("scaling_factor").asText()).append(')');
        } else if (mapping.has("format")) {
            text.append(" (").append(mapping.path("format").asText()).append(')');
        }
        mapping.path("fields").properties().forEach(below -> text.append(", ")
                .append(name)
                .append('.')
                .append(below.getKey())
                .append(": ")
                .append(below.getValue().path("type").asText()));
        return text.toString();
    }
}
