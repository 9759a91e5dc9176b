package dev.serai.connector.document;

import java.util.Collections;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.model.IndexOptions;
import org.bson.BsonRegularExpression;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Code;
import org.bson.types.CodeWithScope;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.connector.Connector;
import dev.serai.connector.ContractWorld;
import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.RowSource;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;
import dev.serai.testing.Mongo;
import dev.serai.testing.Rows;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Do documents keep their values, and do queries only read? Against a double of the server. */
class MongoSourceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "64b7f0c2a1b2c3d4e5f60718";
    private static Mongo mongo;
    private static MongoSource source;
    private static ContractWorld world;
    private static Connector connector;

    @BeforeAll
    static void start() {
        mongo = new Mongo();
        source = source(mongo.config(), Map.of());
        world = new ContractWorld(TestFolder.create("no-kamelets"));
        connector = world.save("con_documents", "mongodb", mongo.config());
    }

    @AfterAll
    static void stop() {
        world.close();
        source.close();
        mongo.close();
    }

    @SuppressWarnings("unchecked")
    private static MongoSource source(ObjectNode config, Map<String, String> settings) {
        return new MongoSource(JSON.convertValue(config, Map.class), new EgressPolicy(Settings.of(settings)));
    }

    private static RowSource read(Map<String, Object> request) {
        return world.rows(connector, "read", JSON.valueToTree(request));
    }

    private static RowSource query(Map<String, ?> request) {
        return world.rows(connector, "query", JSON.valueToTree(request));
    }

    private static Map<String, Object> model(String name) {
        return new java.util.HashMap<>(Map.of("model", Map.of("schema", "shop", "name", name)));
    }

    @Test
    void keepsEachKindOfValue() {
        mongo.put(
                "kinds",
                List.of(new Document("_id", new ObjectId(ID))
                        .append("large", Long.MAX_VALUE)
                        .append("real", 1.5)
                        .append("odd", Double.NaN)
                        .append("money", Decimal128.parse("12345678901234567890.123456789"))
                        .append("huge", Decimal128.parse("1E+6000"))
                        .append("at", new Date(1_700_000_000_123L))
                        .append("far", new Date(Long.MAX_VALUE))
                        .append("bytes", new Binary(new byte[] {0, 1, (byte) 0xff}))
                        .append("nothing", null)
                        .append("", "empty name")
                        .append("Real", true)
                        .append("nested", new Document("n", 9_007_199_254_740_993L).append("l", List.of(1, "x")))));

        Rows rows = Rows.of(read(model("kinds")));

        assertThat(rows.names())
                .containsExactly(
                        "_id", "large", "real", "odd", "money", "huge", "at", "far", "bytes", "nothing", "column",
                        "Real_2", "nested");
        assertThat(rows.types())
                .containsExactly(
                        "VARCHAR",
                        "BIGINT",
                        "DOUBLE",
                        "DOUBLE",
                        "DECIMAL(38,9)",
                        "VARCHAR",
                        "TIMESTAMP WITH TIME ZONE",
                        "VARCHAR",
                        "BLOB",
                        "VARCHAR",
                        "VARCHAR",
                        "BOOLEAN",
                        "VARCHAR");
        assertThat(rows.values().get(0))
                .startsWith(ID, "9223372036854775807", "1.5", "nan", "12345678901234567890.123456789", "1E+6000")
                .contains("2023-11-14 22:13:20.123+00", "\\x00\\x01\\xFF", "empty name", "true")
                .endsWith("{\"n\":9007199254740993,\"l\":[1,\"x\"]}")
                .containsNull();
    }

    /** Each alone in its column: what is the text of it, and what does the type say that it was? */
    static Stream<Arguments> edges() {
        byte[] uuid = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
        return Stream.of(
                arguments(Decimal128.NaN, "VARCHAR", "NaN", "decimal"),
                arguments(Decimal128.NEGATIVE_INFINITY, "VARCHAR", "-Infinity", "decimal"),
                arguments(Decimal128.NEGATIVE_ZERO, "VARCHAR", "-0", "decimal"),
                arguments(Decimal128.parse("-0.00"), "VARCHAR", "-0.00", "decimal"),
                arguments(
                        Decimal128.parse("1234567890123456789012345678901234"),
                        "DECIMAL(38,0)",
                        "1234567890123456789012345678901234",
                        "decimal"),
                arguments(
                        Decimal128.parse("0.1234567890123456789012345678901234"),
                        "DECIMAL(38,34)",
                        "0.1234567890123456789012345678901234",
                        "decimal"),
                arguments(Decimal128.parse("1E-6176"), "VARCHAR", "1E-6176", "decimal"),
                arguments(
                        Decimal128.parse("9.999999999999999999999999999999999E+6144"),
                        "VARCHAR",
                        "9.999999999999999999999999999999999E+6144",
                        "decimal"),
                arguments(Long.MIN_VALUE, "BIGINT", "-9223372036854775808", "long"),
                arguments(Integer.MIN_VALUE, "BIGINT", "-2147483648", "int"),
                arguments(Double.MIN_VALUE, "DOUBLE", "5e-324", "double"),
                arguments(-0.0, "DOUBLE", "-0.0", "double"),
                arguments(Double.NEGATIVE_INFINITY, "DOUBLE", "-inf", "double"),
                arguments(new Date(-62_135_596_800_000L), "TIMESTAMP WITH TIME ZONE", "0001-01-01 00:00:00+00", "date"),
                arguments(
                        new Date(253_402_300_799_999L),
                        "TIMESTAMP WITH TIME ZONE",
                        "9999-12-31 23:59:59.999+00",
                        "date"),
                arguments(new Date(253_402_300_800_000L), "VARCHAR", "+10000-01-01T00:00:00.000Z", "date"),
                arguments(new Date(Long.MIN_VALUE), "VARCHAR", "-292275055-05-16T16:47:04.192Z", "date"),
                arguments(new Date(-1), "TIMESTAMP WITH TIME ZONE", "1969-12-31 23:59:59.999+00", "date"),
                arguments(new Binary((byte) 0, new byte[] {}), "BLOB", "", "binData"),
                arguments(new Binary((byte) 2, new byte[] {1}), "BLOB", "\\x01", "binData(2)"),
                arguments(
                        new Binary((byte) 3, uuid),
                        "BLOB",
                        "\\x00\\x11\\x223DUfw\\x88\\x99\\xAA\\xBB\\xCC\\xDD\\xEE\\xFF",
                        "binData(3)"),
                arguments(new Binary((byte) 4, uuid), "VARCHAR", "00112233-4455-6677-8899-aabbccddeeff", "binData(4)"),
                arguments(new Binary((byte) 4, new byte[] {1}), "BLOB", "\\x01", "binData(4)"),
                arguments(new Binary((byte) 5, new byte[] {1}), "BLOB", "\\x01", "binData(5)"),
                arguments(new Binary((byte) 6, new byte[] {1}), "BLOB", "\\x01", "binData(6)"),
                arguments(new Binary((byte) 0x80, new byte[] {1}), "BLOB", "\\x01", "binData(128)"),
                arguments(new BsonRegularExpression("^a/b", "i"), "VARCHAR", "/^a/b/i", "regex"),
                arguments(new Code("f()"), "VARCHAR", "f()", "javascript"),
                arguments(
                        new CodeWithScope("f(x)", new Document("x", 1L)),
                        "VARCHAR",
                        "{\"code\":\"f(x)\",\"scope\":{\"x\":1}}",
                        "javascript"),
                arguments(new MinKey(), "VARCHAR", "MinKey", "minKey"),
                arguments(new MaxKey(), "VARCHAR", "MaxKey", "maxKey"),
                arguments(new BsonTimestamp(-1, 7), "VARCHAR", "{\"t\":4294967295,\"i\":7}", "timestamp"),
                arguments(
                        new Document("$ref", "shops")
                                .append("$id", 7)
                                .append("$db", "far")
                                .append("more", "kept"),
                        "VARCHAR",
                        "{\"$ref\":\"shops\",\"$id\":7,\"$db\":\"far\",\"more\":\"kept\"}",
                        "object"),
                arguments(
                        new Document("a", Decimal128.parse("0.10")).append("b", new Date(0)),
                        "VARCHAR",
                        "{\"a\":\"0.10\",\"b\":\"1970-01-01T00:00:00.000Z\"}",
                        "object"),
                arguments(new BsonUndefined(), "VARCHAR", null, "null"),
                arguments("\u0000\ud83d\ude00", "VARCHAR", "\u0000\ud83d\ude00", "string"));
    }

    @ParameterizedTest
    @MethodSource("edges")
    void keepsAValueWhole(Object value, String type, String text, String bson) {
        DocumentColumns columns = new DocumentColumns(List.of("x"), List.of());
        Document document = new Document("x", value);

        Rows rows = Rows.of(new TextSource(
                TextSource.Format.NDJSON,
                new DocumentText(new OneDocument(document), List.of("x"), columns, Long.MAX_VALUE, () -> {}),
                columns,
                List.of()));

        assertThat(rows.types()).containsExactly(type);
        assertThat(rows.values()).containsExactly(Collections.singletonList(text));
        assertThat(columns.columns().get(0).nativeType()).isEqualTo(bson);
    }

    @Test
    void keepsAFieldThatChangesItsTypeAsTextAndCountsIt() {
        mongo.put(
                "changing",
                List.of(
                        new Document("_id", 1).append("x", 7),
                        new Document("_id", 2).append("x", "seven"),
                        new Document("_id", 3).append("x", new Document("y", 7)).append("later", 1)));
        TextSource text = (TextSource) read(model("changing"));

        Rows rows = Rows.of(text);

        assertThat(rows.names()).containsExactly("_id", "x", "later");
        assertThat(rows.values()).extracting(row -> row.get(1)).containsExactly("7", "seven", "{\"y\":7}");
        assertThat(text.known().warnings()).containsExactly(new RowWarning("x", "type_changed", 2));
        assertThat(text.key()).containsExactly("_id");
    }

    @Test
    void tellsTheIndexesAndWhichOfThemAreUnique() {
        mongo.put("indexed", List.of(new Document("_id", 1).append("a", 1).append("b", 2)));
        mongo.collection("indexed")
                .createIndex(new Document("a", 1).append("in.ner", -1), new IndexOptions().unique(true));
        mongo.collection("indexed")
                .createIndex(
                        new Document("b", 1), new IndexOptions().unique(true).sparse(true));

        assertThat(source.schema(model("indexed")).path("indexes"))
                .extracting(JsonNode::toString)
                .containsExactlyInAnyOrder(
                        "{\"name\":\"_id_\",\"columns\":[\"_id\"],\"unique\":true}",
                        "{\"name\":\"a_1_in.ner_-1\",\"columns\":[\"a\",\"in.ner\"],\"unique\":true}",
                        "{\"name\":\"b_1\",\"columns\":[\"b\"],\"unique\":false}");
    }

    @Test
    void readsOnlyTheWindowAndWhatCannotBeCompared() {
        mongo.put(
                "windowed",
                List.of(
                        new Document("_id", 1).append("at", new Date(1_700_000_000_000L)),
                        new Document("_id", 2).append("at", new Date(1_700_000_001_000L)),
                        new Document("_id", 3).append("at", "text"),
                        new Document("_id", 4).append("at", null)));
        Map<String, Object> request = model("windowed");
        request.put("window", Map.of("column", "at", "from", "2023-11-14 22:13:21+00", "nulls", false));

        assertThat(Rows.of(read(request)).values())
                .extracting(row -> row.get(0))
                .containsExactly("2", "3");

        request.put("window", Map.of("column", "at", "from", "2023-11-14 22:13:21+00", "nulls", true));
        assertThat(Rows.of(read(request)).values())
                .extracting(row -> row.get(0))
                .containsExactly("2", "3", "4");
    }

    @Test
    void readsByAFilter() {
        mongo.put("filtered", List.of(new Document("_id", 1), new Document("_id", 2)));
        Map<String, Object> request = model("filtered");
        request.put("filter", "{\"_id\": {\"$gt\": 1}}");

        assertThat(Rows.of(read(request)).values()).containsExactly(List.of("2"));

        request.put("filter", "{\"$where\": \"sleep(1000)\"}");
        assertThat(faults(() -> read(request))).containsExactly("/filter/$where");
    }

    @Test
    void readsNothingWhereNothingIsAskedFor() {
        mongo.put("unasked", List.of(new Document("_id", 1)));
        Map<String, Object> request = model("unasked");
        request.put("limit", 0);

        assertThat(Rows.of(read(request)).values()).isEmpty();
    }

    @Test
    void tellsTheKeyAndWhatCanBeAPosition() {
        mongo.put(
                "told",
                List.of(new Document("_id", new ObjectId())
                        .append("at", new Date())
                        .append("name", "x")));

        var columns = source.schema(model("told")).path("columns");

        assertThat(columns)
                .extracting(column -> column.path("primary_key").asBoolean())
                .containsExactly(true, false, false);
        assertThat(columns)
                .extracting(column -> column.path("watermark_candidate").asBoolean())
                .containsExactly(true, true, false);
        assertThat(columns.path(1).path("native_type").asText()).isEqualTo("date (inferred from the first documents)");
    }

    @Test
    void answersWhatIsOffered() {
        mongo.put("asked", List.of(new Document("_id", 1).append("x", 1), new Document("_id", 2).append("x", 2)));

        assertThat(Rows.of(query(Map.of("query", "{collection: 'asked', filter: {x: {$gt: 1}}}")))
                        .values())
                .containsExactly(List.of("2", "2"));
        assertThatThrownBy(() -> query(Map.of("query", "{collection: 'asked'}", "schemas", List.of("somewhere_else"))))
                .isInstanceOf(FailureException.class);
    }

    @Test
    void walksTheStepsOfATest() {
        assertThat(source.test().steps())
                .extracting(TestResult.Step::name)
                .containsExactly("resolve", "connect", "authorize", "read");
        try (MongoSource elsewhere = source(mongo.config().put("database", "no_such"), Map.of())) {
            assertThat(elsewhere.test().category()).isEqualTo("authorize");
        }
    }

    @Test
    void reachesOnlyAddressesThatAreAllowed() {
        try (MongoSource denied =
                source(mongo.config().put("connect_timeout", 2), Map.of("serai.egress.private", "deny"))) {
            assertThat(denied.test().category()).isEqualTo("resolve");
            assertThatThrownBy(() -> denied.models(Map.of())).isInstanceOf(FailureException.class);
        }
    }

    private static List<String> faults(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        try {
            call.call();
        } catch (FailureException e) {
            return ((Failure.Invalid) e.failure())
                    .errors().stream().map(Fault::pointer).toList();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("It was not refused");
    }
}
