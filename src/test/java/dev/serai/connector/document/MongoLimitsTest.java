package dev.serai.connector.document;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.TextSource;
import dev.serai.testing.CutServer;
import dev.serai.testing.CuttingProxy;
import dev.serai.testing.Mongo;
import dev.serai.testing.Settings;
import dev.serai.testing.StalledServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** Does a read end when it should: by time, by being stopped, by a server that goes away or says nothing? */
class MongoLimitsTest {
    private static final int MANY = 5_000;
    private static Mongo mongo;

    @BeforeAll
    static void start() {
        mongo = new Mongo();
        mongo.put(
                "many",
                IntStream.range(0, MANY)
                        .mapToObj(i -> new Document("_id", i).append("text", "x".repeat(50)))
                        .toList());
    }

    @AfterAll
    static void stop() {
        mongo.close();
    }

    @SuppressWarnings("unchecked")
    private static MongoSource source(ObjectNode config) {
        return new MongoSource(
                new ObjectMapper().convertValue(config, Map.class), new EgressPolicy(Settings.of(Map.of())));
    }

    private static InputStream rows(MongoSource source, Map<String, Object> request, String operation) {
        MongoQuestion question = source.question(request, operation);
        var found = source.client().getDatabase("shop").getCollection(question.collection());
        var documents =
                question.pipeline() == null ? found.find(question.criteria()) : found.aggregate(question.stages());
        return ((TextSource) source.answer(question, documents, operation)).content();
    }

    private static Map<String, Object> all(String model) {
        return Map.of("model", Map.of("schema", "shop", "name", model));
    }

    private static int count(InputStream rows) throws IOException {
        try (rows) {
            return (int) new String(rows.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .count();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            find      | {collection: 'many', filter: {_id: 1}}
            aggregate | {collection: 'many', pipeline: [{$match: {_id: 1}}]}
            """)
    void tellsTheServerHowLongAQueryMayTake(String command, String query) throws IOException {
        try (MongoSource source = source(mongo.config().put("read_timeout", 7))) {
            assertThat(count(rows(source, Map.of("query", query), "query"))).isEqualTo(1);

            assertThat(mongo.timeOf(command)).isEqualTo(7_000L);
        }
    }

    @Test
    void tellsTheServerHowLongDiscoveryAndPreviewsMayTake() throws IOException {
        try (MongoSource source = source(mongo.config().put("read_timeout", 8))) {
            source.models(Map.of());
            assertThat(mongo.timeOf("listCollections")).isEqualTo(8_000L);
            assertThat(mongo.timeOf("count")).isEqualTo(8_000L);
            source.schema(all("many"));
            assertThat(mongo.timeOf("find")).isEqualTo(8_000L);

            count(rows(source, all("many"), "read"));
            assertThat(mongo.timeOf("find"))
                    .as("all batches of a sync together")
                    .isNull();
            count(rows(source, Map.of("model", Map.of("name", "many"), "limit", 3), "read"));
            assertThat(mongo.timeOf("find")).isEqualTo(8_000L);
        }
    }

    /** The double answers a connection only after what came before it in the same thread: hence more than one try. */
    @Test
    void endsTheCursorAtTheServerWhileThatWorksAtABatch() throws Exception {
        mongo.putSlow();
        for (int i = 0; i < 5 && mongo.endedMidway() == 0; i++) {
            try (MongoSource source = source(mongo.config())) {
                InputStream rows = rows(source, all(Mongo.SLOW), "read");
                CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(
                        () -> catchThrowableOfType(FailureException.class, rows::readAllBytes));
                await().atMost(Duration.ofSeconds(10)).until(() -> mongo.batchesUnderWay() > 0);

                rows.close();

                assertThat(ended.get())
                        .isInstanceOfSatisfying(FailureException.class, stopped -> assertThat(stopped.failure())
                                .isInstanceOf(Failure.Cancelled.class));
            }
        }
        assertThat(mongo.endedMidway()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(CutServer.End.class)
    void tellsThatTheServerWentMidwayAndReadsAgainWhenItIsBack(CutServer.End end) throws Exception {
        try (CuttingProxy way = new CuttingProxy(mongo.config().path("port").asInt());
                MongoSource source = source(mongo.config().put("port", way.port()))) {
            way.cut(100_000, end);
            FailureException lost =
                    catchThrowableOfType(FailureException.class, () -> count(rows(source, all("many"), "read")));

            assertThat(lost.failure()).isInstanceOfSatisfying(Failure.Source.class, failure -> {
                assertThat(failure.code()).isEqualTo("connection_lost");
                assertThat(failure.retryable()).isTrue();
            });
            way.mend();
            assertThat(count(rows(source, all("many"), "read"))).isEqualTo(MANY);
        }
    }

    @Test
    void givesAServerUpThatSaysNothingWithinTheConnectTimeout() throws Exception {
        try (StalledServer mute = new StalledServer(StalledServer.Manner.MUTE);
                MongoSource source =
                        source(mongo.config().put("port", mute.port()).put("connect_timeout", 1))) {
            long start = System.nanoTime();
            FailureException silent = catchThrowableOfType(FailureException.class, () -> source.models(Map.of()));
            var tested = source.test();
            long millis = (System.nanoTime() - start) / 1_000_000;

            assertThat(silent.failure().code()).isEqualTo("timeout");
            assertThat(silent.failure().detail()).contains("within the connect timeout");
            assertThat(tested.category()).isEqualTo("timeout");
            assertThat(millis).as("of both").isLessThan(4_000);
        }
    }
}
