package dev.serai.api.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;

import dev.serai.testing.HttpCaller;

import static org.assertj.core.api.Assertions.assertThat;

/** Whether a server is as well as it was: what it knows fits together, and nothing that was begun goes on. */
final class Health {
    private static final List<String> LISTS = List.of(
            "/api/connectors", "/api/datasets", "/api/runs", "/api/connector-tests", "/api/auth/tokens", "/api/audit");
    private static final List<String> READABLE = List.of("/api/connectors", "/api/datasets", "/api/runs");

    /** As far as the steady state of caches and pools makes a difference. */
    private static final long MOST_GROWTH = 64L << 20;

    private final World world;
    private final List<String> foreign;
    private long heap;

    Health(World world) {
        this.world = world;
        this.foreign = names(world.stranger());
    }

    void check() {
        everything(world.admin()).forEach((list, items) -> {
            if (READABLE.contains(list)) {
                items.forEach(item ->
                        world.admin().get(list + "/" + item.path("id").asText()).expect(200));
            }
        });
        world.works();
        assertThat(names(world.stranger())).as("what the other project has").isEqualTo(foreign);
        Awaitility.await()
                .dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    assertThat(busy()).as("threads that are still at work").isEmpty();
                    assertThat(world.connections())
                            .as("connections to the source")
                            .isLessThanOrEqualTo(5);
                });
    }

    /** Remembers how much is held now, or tells whether that has grown since. */
    void memory() {
        System.gc();
        long now = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        if (heap == 0) {
            heap = now;
        }
        assertThat(now).as("bytes held, %d before", heap).isLessThan(heap + MOST_GROWTH);
    }

    /** Audit lines of calls that change nothing are left out: looking writes some. */
    private static Map<String, List<JsonNode>> everything(HttpCaller who) {
        Map<String, List<JsonNode>> all = new TreeMap<>();
        for (String list : LISTS) {
            List<JsonNode> items = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = who.get(list + "?limit=500" + cursor).expect(200);
                page.path("items").forEach(items::add);
                cursor = page.path("next_cursor").isTextual()
                        ? "&cursor=" + page.path("next_cursor").asText()
                        : "";
            } while (!cursor.isEmpty());
            if (!list.equals("/api/audit")) {
                all.put(list, items);
            }
        }
        return all;
    }

    /** Without what its own admin did there, such as a test. */
    private static List<String> names(HttpCaller who) {
        Map<String, List<JsonNode>> all = everything(who);
        return Stream.of("/api/connectors", "/api/datasets", "/api/auth/tokens")
                .flatMap(list -> all.get(list).stream())
                .map(item -> item.path("id").asText() + " " + item.path("name").asText())
                .toList();
    }

    private static List<String> busy() {
        List<String> busy = new ArrayList<>();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            boolean ours = Arrays.stream(stack).anyMatch(frame -> frame.getClassName()
                    .matches("dev\\.serai\\.(api|query|lake|rows|connector)\\.(?!fuzz|GivingWay).*"));
            if (ours) {
                busy.add(thread.getName() + " " + Arrays.toString(stack));
            }
        });
        return busy;
    }
}
