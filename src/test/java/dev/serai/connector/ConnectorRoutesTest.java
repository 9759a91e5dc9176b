package dev.serai.connector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ConnectorRoutesTest {
    private static final String POOLED =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: {name: pooled}
            spec:
              definition:
                title: Pooled
                properties:
                  value: {title: Value, type: string}
                  secret: {title: Secret, type: string, format: password}
              template:
                beans:
                  - name: pool
                    type: "#class:dev.serai.connector.CountedPool"
                    constructors: {"0": "#bean:{{config}}"}
                    destroyMethod: close
                from:
                  uri: kamelet:source
                  steps:
                    - choice:
                        when:
                          - simple: "${header.operation} == 'models'"
                            steps:
                              - bean: {ref: "{{pool}}", method: value}
            """;

    private final RouteWorld world =
            new RouteWorld(Map.of("pooled", POOLED), Map.of("serai.connectors.idle", "PT600S"));
    private Census empty = null;

    /** What there is in Camel; the same before and after means nothing was left. */
    record Census(int routes, int definitions, int templates, int endpoints, int services) {}

    private Census census() {
        return new Census(
                world.camel.getRoutes().size(),
                world.camel.getRouteDefinitions().size(),
                world.camel.getRouteTemplateDefinitions().size(),
                world.camel.getEndpoints().size(),
                world.routes.running());
    }

    @BeforeEach
    void count() {
        CountedPool.reset();
        empty = census();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private JsonNode call(String id) {
        return world.calls.json(world.get(id), "models", RouteWorld.json("{}"));
    }

    @Test
    void startsARouteAtItsFirstUseAndKeepsIt() {
        world.save("con_a", "pooled", "{\"value\":\"one\"}");
        assertThat(CountedPool.MADE).hasValue(0);

        JsonNode first = call("con_a");
        JsonNode second = call("con_a");

        assertThat(first.path("value").asText()).isEqualTo("one");
        assertThat(second.path("pool")).isEqualTo(first.path("pool"));
        assertThat(CountedPool.MADE).hasValue(1);
    }

    @Test
    void carriesAnyTextOfAConfigUnharmed() {
        for (String text : List.of(
                "{{x}}",
                "}}",
                "a\\b",
                "#bean:x",
                "#class:java.lang.String",
                "{{env:HOME}}",
                "${body}",
                "%41",
                "RAW(x)")) {
            world.save(
                    "con_a",
                    "pooled",
                    RouteWorld.JSON.createObjectNode().put("value", text).toString());

            assertThat(call("con_a").path("value").asText()).isEqualTo(text);
        }
    }

    @Test
    void servesTheNewConfigAfterAChangeAndDestroysTheOldPool() {
        world.save("con_a", "pooled", "{\"value\":\"one\"}");
        call("con_a");

        world.save("con_a", "pooled", "{\"value\":\"two\"}");

        assertThat(call("con_a").path("value").asText()).isEqualTo("two");
        await().untilAsserted(() -> assertThat(CountedPool.DESTROYED).hasValue(1));
        assertThat(world.routes.running()).isEqualTo(1);
    }

    @Test
    void servesACallerWithAnOldCopyFromTheNewRoute() {
        Connector old = world.save("con_a", "pooled", "{\"value\":\"one\"}");
        world.save("con_a", "pooled", "{\"value\":\"two\"}");
        call("con_a");

        JsonNode answer = world.calls.json(old, "models", RouteWorld.json("{}"));

        assertThat(answer.path("value").asText()).isEqualTo("two");
        assertThat(CountedPool.MADE).hasValue(1);
    }

    @Test
    void keepsARouteThatIsStillReadWhileANewOneServes() {
        Connector connector = world.save("con_a", "pooled", "{\"value\":\"one\"}");
        RouteLease reading = world.routes.lease(connector);

        world.save("con_a", "pooled", "{\"value\":\"two\"}");
        assertThat(call("con_a").path("value").asText()).isEqualTo("two");
        assertThat(world.routes.running()).isEqualTo(2);
        try (RouteCall call = RouteCall.send(
                reading.route(), "models", RouteWorld.json("{}"), null, Duration.ofSeconds(5), new Cancellation())) {
            assertThat(call.body().toString()).contains("one");
        }
        assertThat(CountedPool.DESTROYED).hasValue(0);

        reading.close();
        await().untilAsserted(() -> assertThat(CountedPool.DESTROYED).hasValue(1));
        assertThat(world.routes.running()).isEqualTo(1);
    }

    @Test
    void servesTheNewKameletAfterItsFileChanged() {
        world.save("con_a", "pooled", "{\"value\":\"one\"}");
        call("con_a");

        world.drop(
                "pooled",
                POOLED.replace(
                        "- bean: {ref: \"{{pool}}\", method: value}",
                        "- setBody: {constant: \"{\\\"value\\\":\\\"other\\\"}\"}"));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(call("con_a").path("value").asText()).isEqualTo("other"));
        await().untilAsserted(() -> assertThat(census().templates()).isEqualTo(1));
    }

    @Test
    void dropsNoCallWhileConfigsChangeAndLeavesNothingBehind() throws Exception {
        int connectors = 3;
        for (int i = 0; i < connectors; i++) {
            world.save("con_" + i, "pooled", "{\"value\":\"0\"}");
        }
        ConcurrentLinkedQueue<Throwable> dropped = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String id = "con_" + i % connectors;
            callers.add(() -> {
                int answered = 0;
                while (!done.get()) {
                    try {
                        assertThat(call(id).has("value")).isTrue();
                        answered++;
                    } catch (RuntimeException | AssertionError e) {
                        dropped.add(e);
                    }
                }
                return answered;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        List<Future<Integer>> counts = callers.stream().map(threads::submit).toList();

        for (int change = 1; change <= 60; change++) {
            String id = "con_" + change % connectors;
            world.save(id, "pooled", "{\"value\":\"" + change + "\"}");
            if (change % 10 == 0) {
                world.routes.forget(id);
            }
            assertThat(call(id).path("value").asText()).isEqualTo(Integer.toString(change));
        }
        done.set(true);
        int answered = 0;
        for (Future<Integer> count : counts) {
            answered += count.get();
        }
        threads.shutdown();

        assertThat(dropped).isEmpty();
        assertThat(answered).isGreaterThan(200);
        for (int i = 0; i < connectors; i++) {
            world.routes.forget("con_" + i);
        }
        await().untilAsserted(() -> assertThat(census()).isEqualTo(empty));
        assertThat(CountedPool.MADE.get()).isGreaterThan(60);
        assertThat(CountedPool.DESTROYED).hasValue(CountedPool.MADE.get());
    }

    @Test
    void isNotHeldUpByAnotherConnectorThatIsSlowToOpen() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        world.opening = connector -> {
            if (connector.id().equals("con_slow")) {
                opening.countDown();
                try {
                    open.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        world.save("con_slow", "pooled", "{\"value\":\"slow\"}");
        world.save("con_fast", "pooled", "{\"value\":\"fast\"}");
        CompletableFuture<JsonNode> slow = CompletableFuture.supplyAsync(() -> call("con_slow"));
        assertThat(opening.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(call("con_fast").path("value").asText()).isEqualTo("fast");
        assertThat(slow).isNotDone();

        open.countDown();
        assertThat(slow.get(10, TimeUnit.SECONDS).path("value").asText()).isEqualTo("slow");
    }

    @Test
    void closesWhatIsIdleAndOnlyThat() {
        Connector busy = world.save("con_busy", "pooled", "{\"value\":\"busy\"}");
        world.save("con_idle", "pooled", "{\"value\":\"idle\"}");
        call("con_idle");
        try (RouteLease lease = world.routes.lease(busy)) {
            world.clock.pass(Duration.ofSeconds(599));
            world.routes.closeIdle();
            assertThat(world.routes.running()).isEqualTo(2);

            world.clock.pass(Duration.ofSeconds(1));
            world.routes.closeIdle();
            await().untilAsserted(() -> assertThat(world.routes.running()).isEqualTo(1));
            assertThat(CountedPool.DESTROYED).hasValue(1);
            assertThat(lease.route().config()).containsEntry("value", "busy");
        }
        assertThat(call("con_idle").path("value").asText()).isEqualTo("idle");
    }

    @Test
    void closesEverythingAtShutdownAndTakesNoMoreCalls() {
        world.save("con_a", "pooled", "{\"value\":\"a\"}");
        world.save("con_b", "pooled", "{\"value\":\"b\"}");
        call("con_a");
        call("con_b");

        world.camel.stop();

        assertThat(CountedPool.DESTROYED).hasValue(2);
        assertThat(world.routes.running()).isZero();
        assertThatThrownBy(() -> call("con_a"))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Cancelled.class));
    }

    @Test
    void leavesNothingOfARouteThatCouldNotBeBuilt() {
        world.save("con_a", "pooled", "{\"value\":\"refused\",\"secret\":\"S3CRET\"}");

        assertThatThrownBy(() -> call("con_a"))
                .isInstanceOf(FailureException.class)
                .hasMessageNotContaining("S3CRET");

        assertThat(census()).isEqualTo(empty);
        world.save("con_a", "pooled", "{\"value\":\"fine\"}");
        assertThat(call("con_a").path("value").asText()).isEqualTo("fine");
    }

    @Test
    void buildsARouteOfItsOwnForATestAndTakesItAway() {
        TestResult result = world.calls.test("pooled", RouteWorld.json("{\"value\":\"x\"}"));

        assertThat(result.ok()).isTrue();
        await().untilAsserted(() -> assertThat(census()).isEqualTo(empty));
        assertThat(CountedPool.DESTROYED).hasValue(1);
    }

    @Test
    void neverPrintsAConfig() {
        assertThat(new OpenedConfig(RouteWorld.json("{\"password\":\"S3CRET\"}")))
                .hasToString("config[password]");
    }
}
