package dev.serai.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serai.rows.LogicalType.Kind;

/**
 * The type of a JSON value by the structure that DuckDB found in all of its occurrences. What has no shape of its own (types
 * that differ, keys that are data, names that no struct can have) is text.
 */
final class JsonShape {
    /** An object with more keys has data for keys. */
    private static final int MOST_KEYS = 200;

    private static final int DEEPEST = 30;
    private static final String MIXED = "JSON";
    private static final Set<String> WHOLE = Set.of("UBIGINT", "HUGEINT", "UHUGEINT");

    /** Where whole numbers are that may be beyond 64 bits, and where values of several types are. */
    private final List<JsonPath> whole = new ArrayList<>();

    private final List<JsonPath> doubles = new ArrayList<>();
    private final List<JsonPath> mixed = new ArrayList<>();
    private final boolean canNest;
    private LogicalType type = LogicalType.of(Kind.VARCHAR);

    private JsonShape(boolean canNest) {
        this.canNest = canNest;
    }

    List<JsonPath> whole() {
        return whole;
    }

    /** Where numbers with fractions are. */
    List<JsonPath> doubles() {
        return doubles;
    }

    List<JsonPath> mixed() {
        return mixed;
    }

    /**
     * The type of a column.
     *
     * @param structure as {@code json_group_structure} tells it
     * @param nested whether it may be a struct or a list
     * @param beyond paths of numbers that the usual type does not hold: whole ones beyond 64 bits, and those that a DOUBLE changes
     */
    static JsonShape of(String column, JsonNode structure, boolean nested, Set<JsonPath> beyond) {
        boolean canNest = nested && JsonPath.canName(column);
        JsonShape shape = new JsonShape(canNest);
        shape.type = shape.type(structure, JsonPath.ROOT.key(column), beyond, 0);
        return shape;
    }

    LogicalType type() {
        return type;
    }

    private LogicalType type(JsonNode structure, JsonPath path, Set<JsonPath> beyond, int depth) {
        if (structure.isContainerNode() && (depth == DEEPEST || !canNest)) {
            return LogicalType.of(Kind.VARCHAR);
        } else if (structure.isObject() && isStruct(structure)) {
            List<LogicalType.Member> members = new ArrayList<>();
            for (Map.Entry<String, JsonNode> key : structure.properties()) {
                members.add(new LogicalType.Member(
                        key.getKey(), type(key.getValue(), path.key(key.getKey()), beyond, depth + 1)));
            }
            return LogicalType.struct(members);
        } else if (structure.isArray()) {
            return LogicalType.list(type(structure.path(0), path.elements(), beyond, depth + 1));
        }
        String name = structure.asText();
        if (name.equals(MIXED)) {
            mixed.add(path);
        } else if (WHOLE.contains(name)) {
            whole.add(path);
            return beyond.contains(path) ? LogicalType.decimal(38, 0) : LogicalType.of(Kind.BIGINT);
        } else if (name.equals("DOUBLE")) {
            doubles.add(path);
            return LogicalType.of(beyond.contains(path) ? Kind.VARCHAR : Kind.DOUBLE);
        }
        return LogicalType.of(
                switch (name) {
                    case "BOOLEAN" -> Kind.BOOLEAN;
                    case "BIGINT" -> Kind.BIGINT;
                    default -> Kind.VARCHAR;
                });
    }

    private static boolean isStruct(JsonNode structure) {
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, JsonNode> key : structure.properties()) {
            String name = key.getKey();
            if (!JsonPath.canName(name) || !names.add(name.toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return !names.isEmpty() && names.size() <= MOST_KEYS;
    }

    /** As {@code from_json} takes it. */
    static JsonNode structure(LogicalType type) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (type.kind()) {
            case STRUCT -> {
                var object = nodes.objectNode();
                type.members().forEach(member -> object.set(member.name(), structure(member.type())));
                yield object;
            }
            case LIST -> nodes.arrayNode().add(structure(type.element()));
            default -> nodes.textNode(type.duckdb());
        };
    }
}
