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
    private static final String BOOKSHOP = bookshop();
    private static final String CARELESS =
            BOOKSHOP.replace("name: bookshop", "name: careless").replaceFirst("aliases: books", "aliases: hasty");

    private final ItemsServer server = new ItemsServer();
    private final RouteWorld world = new RouteWorld(
            Map.of("bookshop", BOOKSHOP, "careless", CARELESS.replaceFirst("(?m)^ +- validate: .*$\n", "")));
    private volatile String next = "";

    private static String bookshop() {
        try {
            return Files.readString(Path.of("docs/examples/bookshop.kamelet.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void answerEverything() {
        server.on(
                "/",
                exchange -> ItemsServer.send(
                        exchange, 200, "application/json", "{\"items\":[{\"id\":1}],\"next\":\"" + next + "\"}"));
    }

    @AfterEach
    void close() {
        world.close();
        server.close();
    }

    private Failure refused(String type, String model) {
        Connector connector = world.save(
                "con_" + type, type, "{\"base_url\":\"" + server.url() + "/v1\",\"token\":\"t0p\",\"read_timeout\":5}");
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
        assertThat(refused("bookshop", model)).isInstanceOf(Failure.Invalid.class);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aPageIsSentAsItIs() {
        next = "{{env:PATH}}";

        assertThat(refused("bookshop", "books").code()).isEqualTo("endless_paging");
        assertThat(server.asked())
                .extracting(ItemsServer.Asked::uri)
                .containsExactly("/v1/books", "/v1/books?page=%7B%7Benv:PATH%7D%7D");
    }
}
