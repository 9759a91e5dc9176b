package dev.serai.connector;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.rows.RowSource;
import dev.serai.testing.Rows;
import dev.serai.testing.StalledServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** Calls to sources that do not answer: whoever waits is free at once, and so is what was waited for. */
class StoppedCallsTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final String TEMPLATE =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: NAME
            spec:
              definition:
                title: Stalling
                properties:
                  base_url: {title: URL, type: string}
                  read_timeout: {title: Read, type: number}
              template:
                BEANS
                from:
                  uri: kamelet:source
                  steps:
                    - choice:
                        when:
                          - simple: "${header.operation} in 'models,read'"
                            steps: [STEPS]
            """;

    private static final String HTTP = kamelet(
            "over-http",
            "beans: []",
            "{setHeader: {name: CamelHttpUri, simple: '${variable.config[base_url]}'}},"
                    + "{setHeader: {name: CamelHttpMethod, constant: GET}}, {to: 'http:source'}");

    private static final String STREAMED = HTTP.replace("name: over-http", "name: streamed")
            .replace("'http:source'", "'http:source?disableStreamCache=true'");

    private static final String JAVA = kamelet(
            "in-java",
            "beans: [{name: hanging, type: '#class:dev.serai.connector.StoppedCallsTest$Hanging'}]",
            "{bean: {ref: '{{hanging}}', method: hang}}");

    private final RouteWorld world = new RouteWorld(Map.of("over-http", HTTP, "streamed", STREAMED, "in-java", JAVA));
    private StalledServer server;

    private static String kamelet(String name, String beans, String steps) {
        return TEMPLATE.replace("NAME", name).replace("BEANS", beans).replace("STEPS", steps);
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        if (server != null) {
            server.close();
        }
    }

    /** A bean whose client cannot be told to stop, only be interrupted; or not even that. */
    public static final class Hanging {
        static volatile CountDownLatch entered = new CountDownLatch(1);
        static volatile CountDownLatch leave = new CountDownLatch(1);
        static volatile CountDownLatch left = new CountDownLatch(1);
        static volatile boolean stubborn;

        static void reset(boolean isStubborn) {
            entered = new CountDownLatch(1);
            leave = new CountDownLatch(1);
            left = new CountDownLatch(1);
            stubborn = isStubborn;
        }

        public void hang(Exchange exchange) throws InterruptedException {
            entered.countDown();
            try {
                while (leave.getCount() > 0) {
                    try {
                        leave.await();
                    } catch (InterruptedException e) {
                        if (!stubborn) {
                            throw e;
                        }
                    }
                }
            } finally {
                left.countDown();
            }
        }
    }

    private Connector stalled(String type, StalledServer.Manner manner) {
        server = new StalledServer(manner);
        return world.save(
                "con_stalled",
                type,
                "{\"base_url\":\"" + server.url() + "\",\"read_timeout\":" + LONG.toSeconds() + "}");
    }

    private static Failure failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(FailureException.class, call).failure();
    }

    private static Failure within(Duration time, CompletableFuture<?> call) {
        assertThat(call).failsWithin(time).withThrowableOfType(ExecutionException.class);
        return call.handle((done, e) -> ((FailureException) e.getCause()).failure())
                .join();
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatIsStoppedEndsAtOnceAndSoDoesItsConnection(StalledServer.Manner manner) {
        Connector connector = stalled("over_http", manner);
        Cancellation stop = new Cancellation();
        var models = CompletableFuture.supplyAsync(
                () -> world.calls.json(connector, "models", RouteWorld.json("{}"), CallLimit.answer(stop)));
        var rows = CompletableFuture.supplyAsync(
                () -> world.calls.rows(connector, "read", RouteWorld.json("{}"), CallLimit.within(LONG, stop)));
        await().until(() -> server.asking() == 2);

        stop.request();

        assertThat(within(SOON, models)).isInstanceOf(Failure.Cancelled.class);
        assertThat(within(SOON, rows)).isInstanceOf(Failure.Cancelled.class);
        await().atMost(SOON).until(() -> server.asking() == 0);
        letsGoOfTheRoute(connector);
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatIsLateEndsAndSoDoesItsConnection(StalledServer.Manner manner) {
        Connector connector = stalled("over_http", manner);
        CallLimit limit = CallLimit.within(Duration.ofMillis(400), new Cancellation());

        Instant asked = Instant.now();
        Failure failure = failure(() -> world.calls.rows(connector, "read", RouteWorld.json("{}"), limit));

        assertThat(failure).isInstanceOfSatisfying(Failure.Source.class, source -> assertThat(source.timedOut())
                .isTrue());
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofMillis(1400));
        await().atMost(SOON).until(() -> server.asking() == 0);
        letsGoOfTheRoute(connector);
    }

    @Test
    void anAnswerThatDripsMayNotTakeLongerThanTheConfigsTimesTogether() {
        server = new StalledServer(StalledServer.Manner.DRIPPING);
        CallTimes times = new CallTimes(Duration.ofSeconds(3), Duration.ofSeconds(4));

        assertThat(CallLimit.answer().time(times)).isEqualTo(Duration.ofSeconds(12));
        assertThat(CallLimit.within(LONG, new Cancellation()).time(times)).isEqualTo(LONG);
    }

    @Test
    void anAnswerThatIsReadWhileItComesIsStoppedToo() {
        Connector connector = stalled("streamed", StalledServer.Manner.DRIPPING);
        Cancellation stop = new Cancellation();
        var models = CompletableFuture.supplyAsync(
                () -> world.calls.json(connector, "models", RouteWorld.json("{}"), CallLimit.within(LONG, stop)));
        var rows = CompletableFuture.supplyAsync(
                () -> world.calls.rows(connector, "read", RouteWorld.json("{}"), CallLimit.within(LONG, stop)));
        await().until(() -> server.asking() == 2);

        stop.request();

        assertThat(within(SOON, models)).isInstanceOf(Failure.Cancelled.class);
        assertThat(within(SOON, rows)).isInstanceOf(Failure.Cancelled.class);
        await().atMost(SOON).until(() -> server.asking() == 0);
        letsGoOfTheRoute(connector);
    }

    @Test
    void closingRowsThatStillComeDropsTheConnectionAndDoesNotReadTheRest() {
        Connector connector = stalled("streamed", StalledServer.Manner.DRIPPING_ROWS);
        RowSource rows =
                world.calls.rows(connector, "read", RouteWorld.json("{}"), CallLimit.within(LONG, new Cancellation()));
        var reading = CompletableFuture.supplyAsync(() -> Rows.of(rows));
        await().until(() -> server.asking() == 1);

        rows.close();

        within(SOON, reading);
        await().atMost(SOON).until(() -> server.asking() == 0);
        letsGoOfTheRoute(connector);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBeanThatHangsKeepsNobody(boolean stubborn) throws InterruptedException {
        Hanging.reset(stubborn);
        Connector connector = world.save("con_java", "in_java", "{}");
        Cancellation stop = new Cancellation();
        var call = CompletableFuture.supplyAsync(
                () -> world.calls.json(connector, "models", RouteWorld.json("{}"), CallLimit.answer(stop)));
        Hanging.entered.await();

        stop.request();

        assertThat(within(SOON, call)).isInstanceOf(Failure.Cancelled.class);
        if (stubborn) {
            // Its route stays until it has come back by itself.
            world.routes.forget(connector.id());
            assertThat(world.routes.running()).isEqualTo(1);
            Hanging.leave.countDown();
        }
        await().atMost(SOON).until(() -> Hanging.left.getCount() == 0);
        letsGoOfTheRoute(connector);
    }

    @Test
    void rowsThatComeTooLateAreClosed() throws InterruptedException {
        Hanging.reset(true);
        Connector connector = world.save("con_java", "in_java", "{}");
        Cancellation stop = new Cancellation();
        CompletableFuture<RowSource> call = CompletableFuture.supplyAsync(
                () -> world.calls.rows(connector, "read", RouteWorld.json("{}"), CallLimit.answer(stop)));
        Hanging.entered.await();
        stop.request();
        within(SOON, call);

        Hanging.leave.countDown();

        letsGoOfTheRoute(connector);
    }

    /** A route that is changed goes as soon as nobody uses it. */
    private void letsGoOfTheRoute(Connector connector) {
        world.routes.forget(connector.id());
        await().atMost(Duration.ofSeconds(3)).until(() -> world.routes.running() == 0);
    }
}
