package dev.serai.extending;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A user's own route that takes HTTP calls: what it calls is said by the route, never by who calls it. */
class RouteOverHttpTest {
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final Path ROUTE = SERAI.folder().resolve("routes/my-hook.camel.yaml");

    @BeforeAll
    static void drop() throws IOException {
        Files.writeString(
                ROUTE,
                """
                - route:
                    id: my-hook
                    from:
                      uri: platform-http:/hooks/ask
                      steps:
                        - setHeader: {name: connector, constant: hook_target}
                        - setHeader: {name: operation, constant: nonsense}
                        - removeHeaders: {pattern: "Camel*"}
                        - doTry:
                            steps: [{to: "direct:connector"}]
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps: [{setBody: {simple: "${exception.message}"}}]
                - route:
                    id: my-sync
                    from:
                      uri: platform-http:/hooks/sync
                      steps:
                        - doTry:
                            steps: [{to: "direct:sync"}]
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps: [{setBody: {simple: "${exception.message}"}}]
                """);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> SERAI.nobody().post("/hooks/ask", "{}").status() != 404);
        make("hooks-a");
    }

    @AfterAll
    static void takeAway() throws IOException {
        Files.delete(ROUTE);
    }

    private static void make(String project) {
        SERAI.as("admin", project)
                .post(
                        "/api/connectors",
                        Map.of(
                                "name",
                                "Hook target",
                                "type",
                                "postgresql",
                                "config",
                                Map.of("host", "db.example", "database", "d", "username", "u")))
                .expect(201);
    }

    @Test
    void aClientChoosesNoProjectAndNoConnector() {
        HttpCaller client = SERAI.nobody();

        assertThat(client.post("/hooks/ask", "{}", "project", "hooks-a").text())
                .isEqualTo(client.post("/hooks/ask", "{}").text())
                .contains("There is no connector hook_target.");
        assertThat(client.post("/hooks/ask?project=hooks-a&Project=hooks-a", "{}", "PROJECT", "hooks-a")
                        .text())
                .contains("There is no connector hook_target.");
        assertThat(client.post("/hooks/sync?connector=hook_target&project=hooks-a", "{}", "connector", "hook_target")
                        .text())
                .contains("There is no connector")
                .doesNotContain("run_id");
    }
}
