package dev.serai.connector.search;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.FailureException;
import dev.serai.rows.TextSource;
import dev.serai.testing.Elasticsearch;
import dev.serai.testing.Rows;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

/** What becomes of a read whose server dies midway, and of the next one? With a real server of its own. */
class KilledSearchTest {
    private static final int MANY = 2_000;

    @Test
    void failsAndIsWorthARetryAndReadsAllOnceTheServerIsBack() throws Exception {
        Map<String, Object> request = Map.of("model", Map.of("schema", "", "name", "killed"));
        try (Elasticsearch server = Elasticsearch.start();
                SearchSource source = new SearchSource(
                        Map.of("base_url", server.url(), "page_size", 100), new EgressPolicy(Settings.of(Map.of())))) {
            server.index("killed", "{\"properties\": {\"n\": {\"type\": \"long\"}}}");
            Map<String, String> documents = new LinkedHashMap<>();
            for (int i = 0; i < MANY; i++) {
                documents.put("d" + i, "{\"n\": " + i + ", \"text\": \"" + "x".repeat(1_000) + "\"}");
            }
            server.put("killed", documents);
            server.call("POST", "/killed/_flush", null);

            try (TextSource rows = (TextSource) source.read(request)) {
                assertThat(rows.content().readNBytes(10_000)).hasSize(10_000);
                server.kill();

                assertThatThrownBy(() -> rows.content().readAllBytes())
                        .asInstanceOf(type(FailureException.class))
                        .matches(thrown -> thrown.failure().retryable());
            }
            server.startAgain();
            server.get("/_cluster/health/killed?wait_for_status=yellow&timeout=30s");

            assertThat(Rows.of(source.read(request)).values()).hasSize(MANY);
        }
    }
}
