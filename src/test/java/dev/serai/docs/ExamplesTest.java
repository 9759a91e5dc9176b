package dev.serai.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.serai.connector.ItemsServer;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** What CONTRIBUTING shows works as it stands there. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("docs/examples");

    static RunningSerai serai;
    static ItemsServer shop;

    @BeforeAll
    static void open() {
        shop = new ItemsServer();
        shop.answer("/me", "application/json", "{}");
        shop.on("/books", exchange -> {
            boolean first = exchange.getRequestURI().getQuery() == null;
            String items = first ? "[{\"id\":1,\"title\":\"Ägypten\"},{\"id\":2}]" : "[{\"id\":3,\"title\":\"砂漠\"}]";
            ItemsServer.send(
                    exchange, 200, "application/json", "{\"items\":" + items + (first ? ",\"next\":\"2\"}" : "}"));
        });
        serai = RunningSerai.start(Map.of());
    }

    @AfterAll
    static void close() {
        serai.close();
        shop.close();
    }

    @Test
    void aTypeOverHttpIsOneFileDroppedIntoTheFolder() throws Exception {
        HttpCaller admin = serai.admin();
        Files.copy(
                EXAMPLES.resolve("bookshop.kamelet.yaml"),
                serai.folder().resolve("kamelets").resolve("bookshop.kamelet.yaml"));
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> types(admin)
                .contains("bookshop"));
        assertThat(admin.get("/api/connectors/catalog/problems").expect(200).path("items"))
                .isEmpty();
        JsonNode connector = admin.post(
                        "/api/connectors",
                        Map.of(
                                "name",
                                "Books",
                                "type",
                                "books",
                                "config",
                                Map.of("base_url", shop.url(), "token", "t0p")))
                .expect(201);
        String path = "/api/connectors/" + connector.path("id").asText();
        assertThat(admin.post(path + "/test", null).expect(200).path("ok").asBoolean())
                .isTrue();
        assertThat(shop.asked()).last().satisfies(asked -> assertThat(asked.headers())
                .containsEntry("authorization", "Bearer t0p"));
        assertThat(admin.get(path + "/models").expect(200).findValuesAsText("name"))
                .containsExactly("books", "orders");
        JsonNode preview = admin.get(path + "/models/shop.books/preview").expect(200);
        assertThat(preview.path("rows").toString()).isEqualTo("[[1,\"Ägypten\"],[2,null],[3,\"砂漠\"]]");
    }

    private static List<String> types(HttpCaller admin) {
        return admin.get("/api/connectors/catalog").expect(200).findValuesAsText("type");
    }
}
