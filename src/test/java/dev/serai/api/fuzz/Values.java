package dev.serai.api.fuzz;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.instancio.Random;
import org.jspecify.annotations.Nullable;

/**
 * Values that fit a schema of the file, so that a request gets beyond the checks at the door. Where the file says only
 * "text" but the server wants a name, an id or SQL, some are real ones.
 */
final class Values {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Hosts are never made up: they are dialled. */
    private static final List<String> HOSTS = List.of(
            "@{host}",
            "@{host}",
            "@{host}",
            "127.0.0.1",
            "[::1]",
            "db.invalid",
            "169.254.169.254",
            "0.0.0.0",
            "2130706433",
            "127.1",
            "localhost\n",
            "user@localhost",
            "localhost:1",
            "local host",
            "\u0000",
            "");

    private static final Map<String, List<String>> KNOWN = Map.ofEntries(
            Map.entry("connector_id", List.of("@{connector}", "@{spare}", "@{foreign.connector}", "@{dataset}")),
            Map.entry("type", List.of("postgresql", "postgres", "rds", "POSTGRESQL", "nothing")),
            Map.entry("model", List.of("@{table}", "@{model}", "@{foreign.table}", "public.nothing", "items")),
            Map.entry("name", List.of("@{unique}", "@{unique}", "@{unique}", "@{datasetname}", "\u00e9 @{unique}")),
            Map.entry("schedule_cron", List.of("0 3 * * *", "@daily", "*/5 * * * 7", "0 0 31 2 *", "* * * * * *")),
            Map.entry("schedule_mode", List.of("incremental", "full", "FULL")),
            Map.entry("mode", List.of("incremental", "full", "FULL")),
            Map.entry("schedule_timezone", List.of("UTC", "Europe/Berlin", "+01:00", "Mars/Olympus")),
            Map.entry("watermark_column", List.of("id", "at", "name", "nothing")),
            Map.entry("primary_key", List.of("id", "name", "nothing")),
            Map.entry("columns", List.of("id", "name", "price", "nothing")),
            Map.entry("output_schemas", List.of("public", "public", "pg_catalog", "nothing")),
            Map.entry("datasets", List.of("@{dataset}", "@{spareset}", "@{foreign.dataset}")),
            Map.entry("lookback", List.of("0", "10", "PT1H", "P1D", "-PT1H", "PT999999999999H")),
            Map.entry("schema_policy", List.of("evolve", "fail", "strict", "ignore")),
            Map.entry("filter", List.of("id > 3", "name LIKE 'a%'", "1=1; SELECT 1", "id =")),
            Map.entry("path", List.of("a/b.csv", "../x")),
            Map.entry("readers", List.of("sales", "ops")),
            Map.entry("value", List.of("7", "2026-01-01T00:00:00Z", "x")),
            Map.entry("project", List.of("@{project}", "elsewhere")),
            Map.entry("username", List.of("admin2", "nobody", "@{unique}")),
            Map.entry("search", List.of("item", "%", "_")),
            Map.entry("schema", List.of("public", "nothing")),
            Map.entry("category", List.of("database", "nothing")),
            Map.entry("cursor", List.of("@{cursor}", "@{cursor}", "bm90aGluZw", "nothing")));

    private static final List<String> SQL = List.of(
            "SELECT * FROM @{datasetname}",
            "SELECT count(*) AS n FROM @{datasetname} WHERE id > ?",
            "SELECT 1 AS a, 1 AS a",
            "SELECT * FROM items WHERE id = $1",
            "SELECT NULL, 'x'::text, 1.5, ARRAY[1,2], now()",
            "SELECT 1/0",
            "SELECT 'nan'::double precision, 'infinity'::double precision",
            "SELECT * FROM @{foreign.datasetname}",
            "SELECT",
            "SELECT 1; SELECT 2",
            "DELETE FROM items",
            "SELECT '\u00e9\uD83D\uDE00' AS \"\u202E\"",
            "SELECT repeat('x', 100000)",
            "SELECT * FROM generate_series(1, 2000)",
            "SELECT * FROM range(5000)",
            "SELECT E'\\\\x00'::bytea, '12:00'::time, '1 day'::interval",
            "SELECT read_text('/etc/passwd')",
            "SELECT pg_sleep(0.1)",
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 50) SELECT * FROM r",
            "SELECT 1 WHERE false",
            "-- nothing",
            "SELECT \u0000");

    private final ApiFile file;
    private final JsonNode config;

    /** @param config the schema of the config of the type that there is */
    Values(ApiFile file, JsonNode config) {
        this.file = file;
        this.config = config;
    }

    JsonNode of(Random random, JsonNode reference) {
        return of(random, reference, "", 0);
    }

    JsonNode of(Random random, JsonNode reference, String name, int depth) {
        if (reference.path("$ref").asText().endsWith("/Config")) {
            return config(random);
        }
        JsonNode schema = file.resolve(reference);
        if (schema.path("nullable").asBoolean() && random.trueOrFalse(0.15)) {
            return JSON.nullNode();
        }
        if (schema.has("enum")) {
            return random.oneOf(elements(schema.path("enum")));
        }
        return switch (schema.path("type").asText("any")) {
            case "object" -> object(random, schema, depth);
            case "array" -> array(random, schema, name, depth);
            case "string" -> JSON.textNode(text(random, schema, name));
            case "integer", "number" -> JSON.numberNode(number(random, schema));
            case "boolean" -> JSON.booleanNode(random.trueOrFalse());
            default -> anything(random, depth);
        };
    }

    private ObjectNode object(Random random, JsonNode schema, int depth) {
        ObjectNode object = JSON.objectNode();
        List<String> required =
                elements(schema.path("required")).stream().map(JsonNode::asText).toList();
        double often = random.oneOf(0.0, 0.3, 0.8);
        schema.path("properties").properties().forEach(entry -> {
            if (required.contains(entry.getKey()) || random.trueOrFalse(often)) {
                object.set(entry.getKey(), of(random, entry.getValue(), entry.getKey(), depth + 1));
            }
        });
        return object;
    }

    private ArrayNode array(Random random, JsonNode schema, String name, int depth) {
        ArrayNode array = JSON.arrayNode();
        int size = Math.max(schema.path("minItems").asInt(), random.oneOf(0, 1, 1, 2, 3));
        for (int i = 0; i < size; i++) {
            array.add(of(random, schema.path("items"), name, depth + 1));
        }
        return array;
    }

    private static BigInteger number(Random random, JsonNode schema) {
        long least = schema.path("minimum").asLong(0);
        long most = schema.path("maximum").asLong(1000);
        return BigInteger.valueOf(random.oneOf(
                least, least + 1, Math.min(most, 100), Math.min(most, 7), random.longRange(least, most), most));
    }

    String sql(Random random) {
        return random.oneOf(SQL);
    }

    private String text(Random random, JsonNode schema, String name) {
        if (name.equals("sql") || name.equals("query")) {
            return sql(random);
        }
        List<String> known = KNOWN.get(name);
        if (known != null && random.trueOrFalse(0.9)) {
            return random.oneOf(random.trueOrFalse() ? List.of(known.get(0)) : known);
        }
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(30);
        int length = random.oneOf(least, Math.max(least, 1), Math.min(most, least + 8), Math.min(most, 300), most);
        String filled = random.alphanumeric(length);
        return length > 0 && length < 100_000 && random.trueOrFalse(0.2) ? "\u00e9" + filled.substring(1) : filled;
    }

    /** A good config or, now and then, one whose values fit but do not work. */
    JsonNode config(Random random) {
        ObjectNode good = JSON.objectNode()
                .put("host", "@{host}")
                .put("port", "@{port}")
                .put("database", "@{database}")
                .put("username", "@{username}")
                .put("password", "@{password}");
        if (random.trueOrFalse(0.6)) {
            return good;
        }
        config.path("properties").properties().forEach(entry -> {
            if (random.trueOrFalse(0.2)) {
                good.set(entry.getKey(), setting(random, entry.getKey(), entry.getValue()));
            }
        });
        return good;
    }

    private JsonNode setting(Random random, String name, JsonNode schema) {
        return switch (name) {
            case "host" -> JSON.textNode(random.oneOf(HOSTS));
            case "port" -> JSON.numberNode(random.oneOf(1, 2, 65_535, 0, 65_536));
            case "connect_timeout", "read_timeout" -> JSON.numberNode(random.oneOf(1, 2, 300, 0));
            default -> of(random, schema, "", 1);
        };
    }

    /** Any JSON. */
    static JsonNode anything(Random random, int depth) {
        return switch (random.intRange(0, depth > 3 ? 5 : 8)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.trueOrFalse());
            case 2 -> JSON.numberNode(random.longRange(Long.MIN_VALUE, Long.MAX_VALUE));
            case 3 -> JSON.numberNode(random.oneOf(0.1, -0.0, 1e300, 5e-324, 1.7976931348623157e308));
            case 4 ->
                JSON.numberNode(new BigInteger(
                        random.digits(random.oneOf(1, 20, 60, 900)).replaceAll("^0+", "1")));
            case 5 -> JSON.textNode(Texts.odd(random));
            case 6 -> JSON.arrayNode().add(anything(random, depth + 1)).add(anything(random, depth + 1));
            case 7 -> JSON.objectNode().set(Texts.odd(random), anything(random, depth + 1));
            default -> nested(random);
        };
    }

    private static JsonNode nested(Random random) {
        JsonNode inner = JSON.numberNode(1);
        int levels = random.oneOf(5, 60, 400, 990, 995, 996, 997, 998, 999, 1000, 1100);
        for (int i = 0; i < levels; i++) {
            inner = random.trueOrFalse()
                    ? JSON.arrayNode().add(inner)
                    : JSON.objectNode().set("a", inner);
        }
        return inner;
    }

    static List<JsonNode> elements(@Nullable JsonNode list) {
        List<JsonNode> elements = new java.util.ArrayList<>();
        if (list != null) {
            list.forEach(elements::add);
        }
        return elements;
    }
}
