package dev.serai.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.CatalogProblem;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RouteFilesTest {
    private static final Duration PICKED_UP = Duration.ofSeconds(10);
    private static final String PACKED = route("packed", "packed");

    @TempDir
    Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext(false);
    private SeraiSettings settings = null;
    private Catalog catalog = null;
    private RouteFiles files = null;

    private static String route(String id, String answer) {
        return "- route: {id: " + id + ", from: {uri: \"direct:" + id + "\", steps: [{setBody: {constant: " + answer
                + "}}]}}\n";
    }

    @BeforeEach
    void prepare() {
        camel.disableJMX();
        camel.build();
        settings = Settings.of(Map.of("serai.routes-dir", folder.toString(), "serai.kamelets-dir", folder.toString()));
        catalog = new Catalog(settings, camel);
    }

    @AfterEach
    void close() {
        files.close();
        catalog.close();
        camel.stop();
    }

    private void start() {
        files = new RouteFiles(settings, Map.of("packed.camel.yaml", PACKED), catalog);
        files.beforeApplicationStart(camel);
        camel.start();
        files.afterApplicationStart(camel);
    }

    private void drop(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String answer(String id) {
        return camel.getRoute(id) == null
                ? ""
                : camel.createProducerTemplate().requestBody("direct:" + id, null, String.class);
    }

    @Test
    void runsThePackedRoutesAndThoseOfTheFolder() throws IOException {
        drop("own.camel.yaml", route("own", "own"));

        start();

        assertThat(answer("packed")).isEqualTo("packed");
        assertThat(answer("own")).isEqualTo("own");
        assertThat(camel.getRoutes()).hasSize(2);
    }

    @Test
    void doesNotLoadTheSameFileTwice() throws IOException {
        drop("packed.camel.yaml", PACKED);

        start();

        assertThat(camel.getRoutes()).hasSize(1);
        assertThat(catalog.problems()).isEmpty();
    }

    @Test
    void letsAFileOverrideThePackedOneUntilItIsRemoved() throws IOException {
        drop("packed.camel.yaml", route("packed", "mine"));
        start();
        assertThat(answer("packed")).isEqualTo("mine");

        Files.delete(folder.resolve("packed.camel.yaml"));

        await().atMost(PICKED_UP).until(() -> answer("packed").equals("packed"));
        assertThat(camel.getRoutes()).hasSize(1);
        assertThat(camel.getRouteDefinitions()).hasSize(1);
    }

    @Test
    void startsWithThePackedRouteWhereItsOverrideIsBroken() throws IOException {
        drop("packed.camel.yaml", "- rout: {}");

        start();

        assertThat(answer("packed")).isEqualTo("packed");
        assertThat(catalog.problems()).extracting(CatalogProblem::file).containsExactly("packed.camel.yaml");
    }

    @Test
    void startsWithoutAFileThatClashes() throws IOException {
        drop("clash.camel.yaml", route("other", "x").replace("direct:other", "direct:packed"));

        start();

        assertThat(answer("packed")).isEqualTo("packed");
        assertThat(camel.getRoute("other")).isNull();
        assertThat(camel.getRouteDefinitions()).hasSize(1);
        assertThat(catalog.problems()).extracting(CatalogProblem::file).containsExactly("clash.camel.yaml");
    }
}
