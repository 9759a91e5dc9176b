package dev.serai.connector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.metadata.Cursor;
import dev.serai.metadata.Page;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;

class ModelCacheTest {

    @ParameterizedTest
    @CsvSource({
        "public,orders,public.orders",
        ",orders,orders",
        "a.b,c,a~2Eb.c",
        "a,b.c,a.b~2Ec",
        "S p,Größe,S~20p.Gr~C3~B6~C3~9Fe",
        ",.,~2E",
        ",..,~2E~2E",
        "~,a/b?c#d%e,~7E.a~2Fb~3Fc~23d~25e",
    })
    void namesModelsInWaysThatUrlsTake(String schema, String name, String id) {
        assertThat(ModelIds.of(schema, name)).isEqualTo(id).matches("[A-Za-z0-9_.~-]+");
    }

    @Test
    void givesNoTwoModelsTheSameId() {
        List<String> parts = List.of("a", ".", "~", "~2E", "a.b", "A", "é", " ");
        List<String> ids = new ArrayList<>();
        for (String name : parts) {
            ids.add(ModelIds.of(null, name));
            parts.forEach(schema -> ids.add(ModelIds.of(schema, name)));
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void pagesThroughTwentyThousandModels(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector connector = fixture.create("large");
        fixture.cache.replace(
                connector,
                IntStream.range(0, 20_000)
                        .mapToObj(i -> model(i % 3 == 0 ? "Sales" : "public", "t_" + i))
                        .toList());
        List<String> seen = new ArrayList<>();
        String after = "";
        Page<Model> page;
        do {
            page = fixture.cache.page(connector, new ModelFilter(null, null, false, 1_000, null), after);
            page.items().forEach(model -> seen.add(model.id()));
            after = Cursor.after(page.nextCursor());
        } while (page.nextCursor() != null);
        assertThat(seen).hasSize(20_000).doesNotHaveDuplicates();
        assertThat(search(fixture, connector, "sales", null)).isEmpty();
        assertThat(search(fixture, connector, "Sales", "T_1999"))
                .containsExactly("Sales.t_19992", "Sales.t_19995", "Sales.t_19998");
        assertThat(search(fixture, connector, null, "SALES.T_3"))
                .contains("Sales.t_3")
                .hasSize(100);
        assertThat(search(fixture, connector, null, "t%")).isEmpty();
        assertThat(search(fixture, connector, null, "\u0000")).isEmpty();
        assertThat(search(fixture, connector, "\u0000", null)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void keepsEachModelAsItWas(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector connector = fixture.create("small");
        Model view = new Model(ModelIds.of(null, "v \uD83D\uDC2B"), "v \uD83D\uDC2B", null, "view", 0L);
        fixture.cache.replace(connector, List.of(view, model("s", "t")));
        assertThat(fixture.cache.named(connector, view.id())).containsExactly(view);
        assertThat(fixture.cache.named(connector, view.name())).containsExactly(view);
        assertThat(fixture.cache.named(connector, "s.t")).containsExactly(model("s", "t"));
        assertThat(fixture.cache.named(connector, "S.T")).isEmpty();
        assertThat(fixture.cache.named(connector, "t")).isEmpty();
        assertThat(fixture.cache.named(connector, "\u0000")).isEmpty();
        assertThat(fixture.cache.discoveredAt(connector)).contains(ConnectorFixture.NOW);
        fixture.cache.replace(connector, List.of());
        assertThat(fixture.cache.named(connector, view.id())).isEmpty();
        fixture.cache.forget(connector.id());
        assertThat(fixture.cache.discoveredAt(connector)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void findsAllThatHaveAnAmbiguousName(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector connector = fixture.create("ambiguous");
        fixture.cache.replace(connector, List.of(model("a.b", "c"), model("a", "b.c"), model("A", "b.c")));
        assertThat(fixture.cache.named(connector, "a.b.c"))
                .extracting(Model::id)
                .containsExactlyInAnyOrder("a~2Eb.c", "a.b~2Ec");
        assertThat(fixture.cache.named(connector, "a~2Eb.c")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void takesRefreshesAtTheSameTimeOneAfterTheOther(MetadataStore database) throws Exception {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector connector = fixture.create("busy");
        List<Model> models =
                IntStream.range(0, 500).mapToObj(i -> model("s", "t" + i)).toList();
        var threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> refresh = () -> {
                fixture.cache.replace(connector, models);
                return null;
            };
            for (Future<Void> done : threads.invokeAll(List.of(refresh, refresh, refresh, refresh))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(fixture.jdbc
                        .sql("select count(*) from connector_models where connector_id = ?")
                        .param(connector.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource
    void keepsNothingOfAConnectorThatWasDeletedMeanwhile(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector connector = fixture.create("gone");
        fixture.connectors.delete(fixture.project, connector.id());
        fixture.cache.replace(connector, List.of(model("s", "t")));
        assertThat(fixture.cache.named(connector, "s.t")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void forgetsModelsWhenTheSchemasOrTheConfigChange(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector connector = fixture.create("changing");
        fixture.cache.replace(connector, List.of(model("s", "t")));
        Connector renamed =
                fixture.connectors.patch(fixture.project, connector.id(), ConnectorFixture.json("{'name':'renamed'}"));
        assertThat(fixture.cache.discoveredAt(renamed)).isPresent();
        Connector bound = fixture.connectors.patch(
                fixture.project, connector.id(), ConnectorFixture.json("{'output_schemas':['s']}"));
        assertThat(fixture.cache.discoveredAt(bound)).isEmpty();
        fixture.cache.replace(bound, List.of(model("s", "t")));
        Connector other = fixture.connectors.patch(
                fixture.project, connector.id(), ConnectorFixture.json("{'config':{'username':'other'}}"));
        assertThat(fixture.cache.discoveredAt(other)).isEmpty();
    }

    private static List<String> search(ConnectorFixture fixture, Connector connector, String schema, String text) {
        return fixture.cache.page(connector, new ModelFilter(schema, text, false, 100, null), "").items().stream()
                .map(Model::id)
                .toList();
    }

    private static Model model(String schema, String name) {
        return new Model(ModelIds.of(schema, name), name, schema, "table", null);
    }
}
