package dev.serai.connector.search;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.RowSource;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;
import dev.serai.testing.Elasticsearch;
import dev.serai.testing.Rows;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

/** Do documents keep their values, all of them and each once, and do searches only read? Against a real server. */
class SearchSourceTest {
    private static final Elasticsearch SERVER = Elasticsearch.shared();
    private static final int MANY = 3_000;

    @BeforeAll
    static void fill() {
        SERVER.index("read_many", "{\"properties\": {\"n\": {\"type\": \"long\"}}}");
        Map<String, String> documents = new LinkedHashMap<>();
        for (int i = 0; i < MANY; i++) {
            documents.put("d" + i, "{\"n\": " + i + "}");
        }
        SERVER.put("read_many", documents);
        SERVER.call(
                "POST",
                "/_aliases",
                "{\"actions\": [{\"add\": {\"index\": \"read_many\", \"alias\": \"read_alias\"}}]}");
    }

    static SearchSource source(String url, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("base_url", url);
        config.putIfAbsent("page_size", 500);
        return new SearchSource(config, new EgressPolicy(Settings.of(Map.of())));
    }

    private static Map<String, Object> model(String name) {
        return new HashMap<>(Map.of("model", Map.of("schema", "", "name", name)));
    }

    private static Map<String, Object> slices(String name, int slices) {
        Map<String, Object> request = model(name);
        request.put("parallelism", slices);
        return request;
    }

    private static void hasAll(Rows rows) {
        assertThat(rows.names()).contains("_id", "n");
        int n = rows.names().indexOf("n");
        assertThat(rows.values()).hasSize(MANY);
        assertThat(rows.values()).extracting(row -> row.get(n)).doesNotHaveDuplicates();
    }

    @Test
    void readsEachDocumentOnceInSlices() {
        try (SearchSource source = source(SERVER.url(), Map.of())) {
            RowSource rows = source.read(slices("read_many", 4));

            assertThat(rows.connections()).isEqualTo(4);
            hasAll(Rows.of(rows));
            hasAll(Rows.of(source.read(model("read_alias"))));
        }
        assertThat(SERVER.openReads()).isZero();
    }

    @Test
    void readsTheIndexAsItWasWhenTheReadBegan() {
        SERVER.index("read_moving", "{\"properties\": {\"n\": {\"type\": \"long\"}}}");
        Map<String, String> documents = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            documents.put("d" + i, "{\"n\": 1}");
        }
        SERVER.put("read_moving", documents);
        try (SearchSource source = source(SERVER.url(), Map.of("page_size", 50));
                RowSource rows = source.read(model("read_moving"))) {
            documents.replaceAll((id, old) -> "{\"n\": 2}");
            documents.put("later", "{\"n\": 2}");
            SERVER.put("read_moving", documents);
            SERVER.call("DELETE", "/read_moving/_doc/d7?refresh=true", null);

            Rows read = Rows.of(rows);

            assertThat(read.values()).hasSize(1_000).allMatch(row -> "1".equals(row.get(1)));
        }
    }

    @Test
    void readsByScrollsWhereTheServerKnowsNoPointsInTime() {
        try (Gate gate = new Gate(
                        SERVER,
                        null,
                        "",
                        asked -> asked.path().contains("_pit")
                                ? new Gate.Answer(400, "{\"error\": {\"type\": \"illegal_argument_exception\"}}")
                                : null);
                SearchSource source = source(gate.url(), Map.of())) {
            hasAll(Rows.of(source.read(model("read_many"))));
            hasAll(Rows.of(source.read(slices("read_many", 3))));
        }
        assertThat(SERVER.openReads()).isZero();
    }

    @Test
    void recognisesOpenSearchAndReadsItByScrolls() {
        String root = "{\"version\": {\"distribution\": \"opensearch\", \"number\": \"2.11.0\"}}";
        try (Gate gate = new Gate(
                        SERVER, null, "/os", asked -> asked.path().equals("/") ? new Gate.Answer(200, root) : null);
                SearchSource source = source(gate.url() + "/", Map.of())) {
            assertThat(source.test().error()).isNull();
            hasAll(Rows.of(source.read(model("read_many"))));

            assertThat(gate.requests()).extracting(Gate.Request::path).noneMatch(path -> path.contains("_pit"));
        }
    }

    @Test
    void givesUpWhatTheServerKeepsWhereAReadIsStopped() {
        try (SearchSource source = source(SERVER.url(), Map.of())) {
            source.read(model("read_many")).close();
            source.read(slices("read_many", 2)).close();
        }
        assertThat(SERVER.openReads()).isZero();
    }

    @Test
    void failsWhereAShardIsMissing() {
        try (Gate gate = new Gate(
                        SERVER,
                        null,
                        "",
                        asked -> asked.path().startsWith("/_search?")
                                ? new Gate.Answer(
                                        200,
                                        "{\"timed_out\": false, \"_shards\": {\"total\": 2, \"failed\": 1},"
                                                + " \"hits\": {\"hits\": []}}")
                                : null);
                SearchSource source = source(gate.url(), Map.of())) {
            assertThatThrownBy(() -> Rows.of(source.read(model("read_many"))))
                    .asInstanceOf(type(FailureException.class))
                    .extracting(thrown -> thrown.failure().code())
                    .isEqualTo("truncated");
        }
    }

    @Test
    void keepsValuesByTheirMapping() {
        SERVER.index(
                "read_types",
                "{\"runtime\": {\"r\": {\"type\": \"keyword\"}}, \"properties\": {"
                        + "\"l\": {\"type\": \"long\"}, \"d\": {\"type\": \"date\"},"
                        + "\"f\": {\"type\": \"date\", \"format\": \"dd/MM/yyyy\"},"
                        + "\"t\": {\"type\": \"text\", \"fields\": {\"raw\": {\"type\": \"keyword\"}}},"
                        + "\"b\": {\"type\": \"binary\"}, \"ip\": {\"type\": \"ip\"}, \"x\": {\"type\": \"flattened\"},"
                        + "\"k\": {\"type\": \"keyword\"}, \"off\": {\"type\": \"object\", \"enabled\": false}}}");
        SERVER.put(
                "read_types",
                Map.of(
                        "1",
                        "{\"l\": 9223372036854775807, \"d\": 1700000000123, \"f\": \"24/11/2026\", \"t\": \"a\","
                                + " \"b\": \"AQI=\", \"ip\": \"::1\", \"x\": {\"a\": 1.5}, \"k\": \"one\", \"r\": \"run\"}",
                        "2",
                        "{\"l\": null, \"d\": \"2026-01-01T00:00:00.5+01:00\", \"k\": [\"one\", \"two\"]}"));
        try (SearchSource source = source(SERVER.url(), Map.of())) {
            RowSource read = source.read(model("read_types"));
            Rows rows = Rows.of(read);
            Map<String, String> types = new HashMap<>();
            rows.names()
                    .forEach(name ->
                            types.put(name, rows.types().get(rows.names().indexOf(name))));
            Map<String, String> one = new HashMap<>();
            rows.values().stream().filter(row -> "1".equals(row.get(0))).forEach(row -> rows.names()
                    .forEach(name -> one.put(name, row.get(rows.names().indexOf(name)))));

            assertThat(types)
                    .containsEntry("l", "BIGINT")
                    .containsEntry("d", "TIMESTAMP WITH TIME ZONE")
                    .containsEntry("f", "TIMESTAMP WITH TIME ZONE")
                    .containsEntry("b", "BLOB");
            assertThat(one)
                    .containsEntry("l", "9223372036854775807")
                    .containsEntry("d", "2023-11-14 22:13:20.123+00")
                    .containsEntry("f", "2026-11-24 00:00:00+00")
                    .containsEntry("r", "run")
                    .containsEntry("ip", "::1")
                    .containsEntry("x", "{\"a\":1.5}");
            assertThat(((TextSource) read).known().warnings()).contains(new RowWarning("k", "type_changed", 1));

            Map<String, Object> below = model("read_types");
            below.put("columns", List.of("t.raw"));
            assertThat(Rows.of(source.read(below)).values()).contains(List.of("a"));
        }
    }

    @Test
    void answersWithHighlightsAndBuckets() {
        SERVER.index(
                "read_shop", "{\"properties\": {\"body\": {\"type\": \"text\"}, \"land\": {\"type\": \"keyword\"}}}");
        SERVER.put(
                "read_shop",
                Map.of(
                        "1", "{\"body\": \"a camel\", \"land\": \"fr\", \"paid\": 1}",
                        "2", "{\"body\": \"a horse\", \"land\": \"fr\", \"paid\": 2}",
                        "3", "{\"body\": \"two camels\", \"land\": \"de\", \"paid\": 4}"));
        try (SearchSource source = source(SERVER.url(), Map.of())) {
            Rows hits = Rows.of(source.query(Map.of(
                    "query",
                    "{\"index\": \"read_shop\", \"query\": {\"match\": {\"body\": \"camel\"}},"
                            + " \"highlight\": {\"fields\": {\"body\": {}}}, \"columns\": [\"_id\", \"highlight\"]}")));
            assertThat(hits.values()).hasSize(1);
            assertThat(hits.values().get(0).get(1)).contains("<em>camel</em>");

            Rows buckets = Rows.of(source.query(Map.of(
                    "query",
                    "{\"index\": \"read_shop\", \"aggs\": {\"land\": {\"terms\": {\"field\": \"land\"},"
                            + " \"aggs\": {\"paid\": {\"sum\": {\"field\": \"paid\"}}}}}}")));
            assertThat(buckets.names()).containsExactly("land", "land_count", "paid");
            assertThat(buckets.values()).containsExactly(List.of("fr", "2", "3.0"), List.of("de", "1", "4.0"));
        }
    }

    @Test
    void refusesScriptsAndIndicesOutsideTheSchemasAllAtOnce() {
        try (SearchSource source = source(SERVER.url(), Map.of())) {
            assertThatThrownBy(() -> source.query(Map.of(
                            "query",
                            "{\"index\": \"read_*\", \"scroll\": \"1m\","
                                    + " \"query\": {\"bool\": {\"must\": [{\"script\": {\"script\": \"true\"}},"
                                    + " {\"terms\": {\"a\": {\"index\": \".security\", \"id\": 1, \"path\": \"p\"}}}]}},"
                                    + " \"aggs\": {\"a\": {\"terms\": {\"script\": \"1\"}}}}",
                            "schemas",
                            List.of("shop-*"))))
                    .asInstanceOf(type(FailureException.class))
                    .extracting(thrown -> ((Failure.Invalid) thrown.failure())
                            .errors().stream().map(Fault::pointer).toList())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .contains(
                            "/query/index",
                            "/query/scroll",
                            "/query/query/bool/must/0/script",
                            "/query/query/bool/must/1/terms/a/index",
                            "/query/aggs/a/terms/script");
        }
        assertThat(IndexNames.fits("shop-*", "shop-2026-*")).isTrue();
        assertThat(IndexNames.fits("shop-*", "shop*")).isFalse();
        assertThat(IndexNames.fits("*-shop", "shop")).isFalse();
    }
}
