package dev.serai.connector;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.failure.Failure;
import dev.serai.metadata.Page;
import dev.serai.rows.LogicalType;
import dev.serai.rows.TextSource;
import dev.serai.testing.MetadataStore;

import static dev.serai.connector.ConnectorFixture.failure;
import static dev.serai.connector.ConnectorFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

class DiscoveryTest {
    private static final AtomicInteger USERS = new AtomicInteger();

    private final AtomicInteger asked = new AtomicInteger();
    private final String user = "user" + USERS.incrementAndGet();
    private ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);

    @BeforeEach
    void offer() {
        offer("public.orders", "public.order_items", "sales.orders", "a.b.c");
    }

    private void offer(String... names) {
        FarSource.models(user, request -> {
            asked.incrementAndGet();
            return FarSource.tables(names);
        });
    }

    @ParameterizedTest
    @EnumSource
    void asksOnceAndKeepsTheAnswer(MetadataStore database) {
        fixture = new ConnectorFixture(database);
        Connector connector = connector("[]");
        assertThat(ids(connector, filter(null, null, false)))
                .containsExactlyInAnyOrder("public.orders", "public.order_items", "sales.orders", "a~2Eb.c");
        assertThat(ids(connector, filter("public", null, false)))
                .containsExactlyInAnyOrder("public.order_items", "public.orders");
        assertThat(ids(connector, filter(null, "ORDERS", false)))
                .containsExactlyInAnyOrder("public.orders", "sales.orders");
        assertThat(asked).hasValue(1);
        offer("public.orders", "public.fresh");
        assertThat(ids(connector, filter("public", null, true)))
                .containsExactlyInAnyOrder("public.fresh", "public.orders");
        assertThat(asked).hasValue(2);
    }

    @Test
    void pagesThroughOneAnswerWithoutAskingAgain() {
        Connector connector = connector("[]");
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Page<Model> page = fixture.discovery.models(
                    fixture.project, connector.id(), new ModelFilter(null, null, true, 3, cursor));
            page.items().forEach(model -> seen.add(model.id()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(seen).hasSize(4).doesNotHaveDuplicates();
        assertThat(asked).hasValue(1);
    }

    @Test
    void bindsEveryTypeToTheOutputSchemas() {
        List<Object> schemas = new ArrayList<>();
        FarSource.models(user, request -> {
            schemas.add(request.get("schemas"));
            List<Map<String, Object>> all = new ArrayList<>(FarSource.tables("public.orders", "secret.orders"));
            all.add(Map.of("name", "loose"));
            return all;
        });
        Connector connector = connector("['public']");
        assertThat(ids(connector, filter(null, null, false))).containsExactly("public.orders");
        assertThat(ids(connector, filter("secret", null, true))).isEmpty();
        assertThat(schemas).containsOnly(List.of("public"));
        for (String hidden : List.of("secret.orders", "loose")) {
            assertThat(failure(() -> fixture.discovery.model(fixture.project, connector.id(), hidden)))
                    .isInstanceOf(Failure.Missing.class);
            assertThat(failure(() -> fixture.discovery.preview(fixture.project, connector.id(), hidden, 5)))
                    .isInstanceOf(Failure.Missing.class);
        }
        fixture.connectors.patch(fixture.project, connector.id(), json("{'output_schemas':[]}"));
        assertThat(ids(connector, filter(null, null, false)))
                .containsExactlyInAnyOrder("public.orders", "secret.orders", "loose");
    }

    @ParameterizedTest
    @EnumSource
    void keepsNothingThatSchemasForbidWhichWereNarrowedMeanwhile(MetadataStore database) {
        fixture = new ConnectorFixture(database);
        Connector connector = connector("[]");
        FarSource.models(user, request -> {
            if (asked.incrementAndGet() == 1) {
                fixture.connectors.patch(fixture.project, connector.id(), json("{'output_schemas':['public']}"));
            }
            return FarSource.tables("public.orders", "secret.orders");
        });
        assertThat(ids(connector, filter(null, null, true))).containsExactly("public.orders");
        assertThat(asked).hasValue(2);
        assertThat(failure(() -> fixture.discovery.model(fixture.project, connector.id(), "secret.orders")))
                .isInstanceOf(Failure.Missing.class);
    }

    @Test
    void readsAllPagesOfASourceThatPages() {
        FarSource.models(user, request -> {
            int page = Integer.parseInt(String.valueOf(request.getOrDefault("cursor", "0")));
            return page == 3
                    ? Map.of("items", FarSource.tables("s.t3"))
                    : Map.of("items", FarSource.tables("s.t" + page), "next_cursor", "" + (page + 1));
        });
        assertThat(ids(connector("[]"), filter(null, null, false))).containsExactly("s.t0", "s.t1", "s.t2", "s.t3");
    }

    @Test
    void endsWithASourceWhosePagesNeverDo() {
        FarSource.models(user, request -> Map.of("items", List.of(), "next_cursor", "again"));
        Connector connector = connector("[]");
        assertThat(failure(() -> ids(connector, filter(null, null, false))).code())
                .isEqualTo("endless_paging");
    }

    @Test
    void endsWithASourceThatAlwaysHasMoreModels() {
        FarSource.models(user, request -> {
            int page = asked.incrementAndGet();
            String[] names = IntStream.range(0, 20_000)
                    .mapToObj(i -> "s.t" + page + "_" + i)
                    .toArray(String[]::new);
            return Map.of("items", FarSource.tables(names), "next_cursor", "after " + page);
        });
        Connector connector = connector("[]");
        Failure failure = failure(() -> ids(connector, filter(null, null, false)));
        assertThat(failure).isInstanceOf(Failure.Invalid.class);
        assertThat(failure.code()).isEqualTo("too_many_models");
        assertThat(asked).hasValueLessThan(10);
    }

    @Test
    void keepsWhatItKnowsWhenTheSourceFails() {
        Connector connector = connector("[]");
        assertThat(ids(connector, filter(null, null, false))).hasSize(4);
        FarSource.models(user, request -> List.of(Map.of("name", "")));
        assertThat(failure(() -> ids(connector, filter(null, null, true))).code())
                .isEqualTo("bad_answer");
        assertThat(ids(connector, filter(null, null, false))).hasSize(4);
    }

    @Test
    void findsAModelByIdOrUnambiguousName() {
        offer("a.b.c", "public.orders");
        FarSource.rows(user, "{\"id\":1,\"at\":\"2026-01-01\",\"model\":\"$request\"}\n");
        Connector connector = connector("[]");
        ModelDetail byName = fixture.discovery.model(fixture.project, connector.id(), "public.orders");
        assertThat(byName.model()).isEqualTo(new Model("public.orders", "orders", "public", "table", 7L));
        assertThat(byName.columns()).extracting(column -> column.name()).containsExactly("id", "at", "model");
        assertThat(byName.columns().get(0).type()).isEqualTo(LogicalType.of(LogicalType.Kind.BIGINT));
        assertThat(fixture.discovery
                        .model(fixture.project, connector.id(), "a~2Eb.c")
                        .model()
                        .schema())
                .isEqualTo("a.b");
        assertThat(fixture.discovery
                        .model(fixture.project, connector.id(), "a.b.c")
                        .model()
                        .name())
                .isEqualTo("c");
        FarSource.models(
                user,
                request -> List.of(
                        Map.of("schema", "a.b", "name", "c"),
                        Map.of("schema", "a", "name", "b.c", "row_estimate", -1)));
        assertThat(ids(connector, filter(null, null, true))).containsExactlyInAnyOrder("a~2Eb.c", "a.b~2Ec");
        Failure ambiguous = failure(() -> fixture.discovery.model(fixture.project, connector.id(), "a.b.c"));
        assertThat(ambiguous.code()).isEqualTo("ambiguous_model");
        assertThat(ambiguous.detail()).contains("a~2Eb.c").contains("a.b~2Ec");
    }

    @ParameterizedTest
    @EnumSource
    void keepsStrangeNamesAndLeavesOutTheImpossible(MetadataStore database) {
        fixture = new ConnectorFixture(database);
        FarSource.models(
                user,
                request -> List.of(
                        Map.of("name", "two\nlines/\"quoted\"", "kind", "k".repeat(100)),
                        Map.of("name", "\u4e2d".repeat(255)),
                        Map.of("name", "nul\u0000"),
                        Map.of("name", "half\ud83d"),
                        Map.of("name", "plain", "schema", "nul\u0000")));
        Connector connector = connector("[]");
        assertThat(ids(connector, filter(null, null, false))).containsExactly("two~0Alines~2F~22quoted~22");
        FarSource.rows(user, "{\"id\":1}\n");
        assertThat(fixture.discovery
                        .model(fixture.project, connector.id(), "two\nlines/\"quoted\"")
                        .model()
                        .kind())
                .hasSize(40);
    }

    @Test
    void asksAgainForAModelThatMayBeNew() {
        Connector connector = connector("[]");
        assertThat(ids(connector, filter(null, null, false))).hasSize(4);
        offer("public.fresh");
        FarSource.rows(user, "{\"id\":1}\n");
        assertThat(failure(() -> fixture.discovery.model(fixture.project, connector.id(), "public.fresh")))
                .isInstanceOf(Failure.Missing.class);
        assertThat(asked).hasValue(1);
        fixture.pass(Duration.ofMinutes(1));
        assertThat(fixture.discovery
                        .model(fixture.project, connector.id(), "public.fresh")
                        .columns())
                .hasSize(1);
        assertThat(asked).hasValue(2);
    }

    @Test
    void previewsTheFirstRows() throws Exception {
        FarSource.rows(user, "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
        Connector connector = connector("[]");
        try (TextSource rows =
                (TextSource) fixture.discovery.preview(fixture.project, connector.id(), "public.orders", 2)) {
            assertThat(new String(rows.content().readAllBytes(), StandardCharsets.UTF_8).lines())
                    .hasSize(2);
        }
    }

    @Test
    void showsNothingOfOtherProjects() {
        Connector connector = connector("[]");
        String other = MetadataStore.H2.newProject();
        assertThat(failure(() -> fixture.discovery.models(other, connector.id(), filter(null, null, false))))
                .isInstanceOf(Failure.Missing.class);
        assertThat(failure(() -> fixture.discovery.model(other, connector.id(), "public.orders")))
                .isInstanceOf(Failure.Missing.class);
        assertThat(asked).hasValue(0);
    }

    @Test
    void neverDialsToMakeOrChangeAConnector() {
        Connector connector = connector("[]");
        fixture.connectors.patch(
                fixture.project, connector.id(), json("{'config':{'port':1,'password':'p'},'enabled':false}"));
        fixture.connectors.delete(fixture.project, connector.id());
        assertThat(asked).hasValue(0);
    }

    private Connector connector(String schemas) {
        return fixture.connectors.create(
                fixture.project,
                new NewConnector(
                        "source " + user,
                        "test_db",
                        null,
                        json("{'host':'h','password':'p','username':'" + user + "'}"),
                        dev.serai.metadata.Json.strings(schemas.replace('\'', '"')),
                        true));
    }

    private List<String> ids(Connector connector, ModelFilter filter) {
        return fixture.discovery.models(fixture.project, connector.id(), filter).items().stream()
                .map(Model::id)
                .toList();
    }

    private static ModelFilter filter(String schema, String search, boolean refresh) {
        return new ModelFilter(schema, search, refresh, 100, null);
    }
}
