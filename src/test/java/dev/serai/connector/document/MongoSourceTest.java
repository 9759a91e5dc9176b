package dev.serai.connector.document;

import java.util.Date;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;
import dev.serai.testing.Mongo;
import dev.serai.testing.Rows;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Do documents keep their values, and do queries only read? Against a double of the server. */
class MongoSourceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "64b7f0c2a1b2c3d4e5f60718";
    private static Mongo mongo;
    private static MongoSource source;

    @BeforeAll
    static void start() {
        mongo = new Mongo();
        source = source(mongo.config(), Map.of());
    }

    @AfterAll
    static void stop() {
        source.close();
        mongo.close();
    }

    @SuppressWarnings("unchecked")
    private static MongoSource source(ObjectNode config, Map<String, String> settings) {
        return new MongoSource(JSON.convertValue(config, Map.class), new EgressPolicy(Settings.of(settings)));
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

        Rows rows = Rows.of(source.read(model("kinds")));

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

    @Test
    void keepsAFieldThatChangesItsTypeAsTextAndCountsIt() {
        mongo.put(
                "changing",
                List.of(
                        new Document("_id", 1).append("x", 7),
                        new Document("_id", 2).append("x", "seven"),
                        new Document("_id", 3).append("x", new Document("y", 7)).append("later", 1)));
        TextSource text = (TextSource) source.read(model("changing"));

        Rows rows = Rows.of(text);

        assertThat(rows.names()).containsExactly("_id", "x", "later");
        assertThat(rows.values()).extracting(row -> row.get(1)).containsExactly("7", "seven", "{\"y\":7}");
        assertThat(text.known().warnings()).containsExactly(new RowWarning("x", "type_changed", 2));
        assertThat(text.key()).containsExactly("_id");
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

        assertThat(Rows.of(source.read(request)).values())
                .extracting(row -> row.get(0))
                .containsExactly("2", "3");

        request.put("window", Map.of("column", "at", "from", "2023-11-14 22:13:21+00", "nulls", true));
        assertThat(Rows.of(source.read(request)).values())
                .extracting(row -> row.get(0))
                .containsExactly("2", "3", "4");
    }

    @Test
    void readsByAFilter() {
        mongo.put("filtered", List.of(new Document("_id", 1), new Document("_id", 2)));
        Map<String, Object> request = model("filtered");
        request.put("filter", "{\"_id\": {\"$gt\": 1}}");

        assertThat(Rows.of(source.read(request)).values()).containsExactly(List.of("2"));

        request.put("filter", "{\"$where\": \"sleep(1000)\"}");
        assertThat(faults(() -> source.read(request))).containsExactly("/filter/$where");
    }

    @Test
    void readsNothingWhereNothingIsAskedFor() {
        mongo.put("unasked", List.of(new Document("_id", 1)));
        Map<String, Object> request = model("unasked");
        request.put("limit", 0);

        assertThat(Rows.of(source.read(request)).values()).isEmpty();
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {collection: 'a', pipeline: [{$out: 'b'}]} | /query/pipeline/0/$out
            {collection: 'a', pipeline: [{$merge: {into: 'b'}}]} | /query/pipeline/0/$merge
            {collection: 'a', pipeline: [{$facet: {x: [{$out: 'b'}]}}]} | /query/pipeline/0/$facet/x/0/$out
            {collection: 'a', pipeline: [{$lookup: {from: 'b', as: 'c', pipeline: [{$merge: 'd'}]}}]} | /query/pipeline/0/$lookup/pipeline/0/$merge
            {collection: 'a', pipeline: [{$unionWith: {coll: 'b', pipeline: [{$out: 'd'}]}}]} | /query/pipeline/0/$unionWith/pipeline/0/$out
            {collection: 'a', pipeline: [{$lookup: {from: {db: 'other', coll: 'b'}, as: 'c'}}]} | /query/pipeline/0/$lookup/from/db
            {collection: 'a', pipeline: [{$match: {$expr: {$function: {body: 'x'}}}}]} | /query/pipeline/0/$match/$expr/$function
            {collection: 'a', pipeline: [{$group: {_id: 1, x: {$accumulator: {}}}}]} | /query/pipeline/0/$group/x/$accumulator
            {collection: 'a', filter: {$or: [{$where: 'x'}]}} | /query/filter/$or/0/$where
            {collection: 'a', database: 'admin'} | /query/database
            {collection: 'a', delete: 'a'} | /query/delete
            {filter: {}} | /query/collection
            no json | /query
            """)
    void refusesWhatDoesNotOnlyRead(String query, String pointer) {
        assertThat(faults(() -> source.query(Map.of("query", query)))).contains(pointer);
    }

    @Test
    void answersWhatIsOffered() {
        mongo.put("asked", List.of(new Document("_id", 1).append("x", 1), new Document("_id", 2).append("x", 2)));

        assertThat(Rows.of(source.query(Map.of("query", "{collection: 'asked', filter: {x: {$gt: 1}}}")))
                        .values())
                .containsExactly(List.of("2", "2"));
        assertThatThrownBy(() ->
                        source.query(Map.of("query", "{collection: 'asked'}", "schemas", List.of("somewhere_else"))))
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
