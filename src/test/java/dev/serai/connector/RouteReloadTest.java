package dev.serai.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.StatefulService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RouteReloadTest {
    private static final Duration PICKED_UP = Duration.ofSeconds(60);
    private static final String FIXED =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: {name: fixed}
            spec:
              definition:
                title: Fixed
                properties:
                  value: {title: Value, type: string}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - choice:
                        when:
                          - simple: "${header.operation} == 'models'"
                            steps:
                              - setBody: {constant: "[]"}
            """;
    private static final String SLOW =
            """
            - route:
                id: slow
                from:
                  uri: timer:slow?delay=0&repeatCount=1
                  steps:
                    - process: {ref: gate}
                    - process: {ref: done}
            """;

    @TempDir
    Path folder;

    @Test
    void buildsConnectorsWhileAReloadedRouteStillWorksAndLetsItEnd() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        try (RouteWorld world = new RouteWorld(Map.of("fixed", FIXED))) {
            world.camel.getShutdownStrategy().setTimeout(300);
            world.camel.getRegistry().bind("gate", (Processor) exchange -> {
                entered.countDown();
                gate.await();
            });
            world.camel.getRegistry().bind("done", (Processor) exchange -> done.incrementAndGet());
            write(SLOW);
            RouteFiles files = new RouteFiles(Settings.of(Map.of("serai.routes-dir", folder)), Map.of(), world.catalog);
            try {
                files.afterApplicationStart(world.camel);
                assertThat(entered.await(PICKED_UP.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();

                write(SLOW.replace("timer:slow?delay=0&repeatCount=1", "direct:slow"));
                Route slow = world.camel.getRoute("slow");
                await().atMost(PICKED_UP).until(() -> !((StatefulService) slow.getConsumer()).isStarted());
                Connector connector = world.save("con_a", "fixed", "{\"value\":\"x\"}");
                JsonNode answer = CompletableFuture.supplyAsync(
                                () -> world.calls.json(connector, "models", RouteWorld.json("{}")))
                        .get(PICKED_UP.toSeconds(), TimeUnit.SECONDS);

                assertThat(answer.isArray()).isTrue();
                assertThat(world.camel.getInflightRepository().size("slow")).isEqualTo(1);
                gate.countDown();
                await().atMost(PICKED_UP).until(() -> world.camel.hasEndpoint("direct:slow") != null);
                assertThat(done).hasValue(1);
            } finally {
                gate.countDown();
                files.close();
            }
        }
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("slow.camel.yaml"), text);
    }
}
