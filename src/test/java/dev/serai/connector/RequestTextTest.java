package dev.serai.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What comes with a request, or as a page, is text to the source: it neither brings our environment nor leads elsewhere. */
class RequestTextTest {
    private static final String SHOP = example();
    private static final String CARELESS = SHOP.replace("name: my-shop", "name: careless")
            .replace("aliases: shop", "aliases: hasty")
            .replaceFirst("(?m)^ +- validate: .*$\n", "");

    private final ItemsServer server = new ItemsServer();
    private final RouteWorld world = new RouteWorld(Map.of("my-shop", SHOP, "careless", CARELESS));
    private volatile String next = "";

    /** The one that docs/extending.md shows. */
    private static String example() {
        try {
            String page = Files.readString(Path.of("docs/extending.md"));
            String start = "```yaml my-shop.kamelet.yaml\n";
            int from = page.indexOf(start) + start.length();
            return page.substring(from, page.indexOf("\n```", from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void answerEverything() {
        server.on(
                "/",
                exchange -> ItemsServer.send(
                        exchange, 200, "application/json", "{\"rows\":[{\"id\":1}],\"next\":\"" + next + "\"}"));
    }

    @AfterEach
    void close() {
        world.close();
        server.close();
    }

    private Failure refused(String type, String model) {
        Connector connector = world.save(
                "con_" + type, type, "{\"base_url\":\"" + server.url() + "/v1\",\"token\":\"t0p\",\"page_size\":9}");
        ObjectNode request = RouteWorld.json("{}");
        request.putObject("model").put("schema", "shop").put("name", model);
        FailureException refusal = catchThrowableOfType(FailureException.class, () -> {
            try (RowSource rows = world.calls.rows(connector, "read", request)) {
                ((dev.serai.rows.TextSource) rows).content().readAllBytes();
            }
        });
        assertThat(refusal).isNotNull();
        return refusal.failure();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{{env:PATH}}", "{{PATH}}", "{{sys:user.home}}", "x{{env:PATH}}y", "{{?none}}", "{{none:word}}"})
    void aModelBringsNoPlaceholder(String model) {
        assertThat(refused("careless", model).code()).isEqualTo("placeholder_refused");
        assertThat(server.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../me", "..", "a/../../me", "%2e%2e/me", ".%2E/me", "..%2fme", "a%2f..", "..\\me", "..;/me"})
    void aModelLeadsNotUpwards(String model) {
        assertThat(refused("careless", model).code()).isEqualTo("path_refused");
        assertThat(server.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "..", "%2fme", "books?admin=1", "books#", "{{env:PATH}}", ""})
    void theExampleTakesPlainNamesOnly(String model) {
        assertThat(refused("my_shop", model)).isInstanceOf(Failure.Invalid.class);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aPageIsSentAsItIs() {
        next = "{{env:PATH}}";

        assertThat(refused("my_shop", "books").code()).isEqualTo("endless_paging");
        assertThat(server.asked())
                .extracting(ItemsServer.Asked::uri)
                .containsExactly(
                        "/v1/tables/books?size=9&after=", "/v1/tables/books?size=9&after=%7B%7Benv:PATH%7D%7D");
    }
}
