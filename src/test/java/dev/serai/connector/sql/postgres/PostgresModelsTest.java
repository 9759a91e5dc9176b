package dev.serai.connector.sql.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresModelsTest {

    @Test
    void listsWhatHasRowsAndCanBeRead() {
        Postgres.Database shop = Postgres.database();
        shop.executeAsSuperuser(
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw",
                "GRANT USAGE ON FOREIGN SERVER far TO " + shop.username(),
                "CREATE TABLE public.hidden (id int)",
                "CREATE TABLE public.lent (id int, secret int)",
                "GRANT SELECT (id) ON public.lent TO " + shop.username());
        shop.execute(
                "CREATE TABLE orders (id int PRIMARY KEY)",
                "INSERT INTO orders SELECT generate_series(1, 1000)",
                "CREATE VIEW recent AS SELECT * FROM orders",
                "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM orders",
                "CREATE TABLE events (id int, at date) PARTITION BY RANGE (at)",
                "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "CREATE FOREIGN TABLE remote (id int) SERVER far",
                "CREATE SEQUENCE numbers",
                "CREATE INDEX by_id ON orders (id)",
                "CREATE TEMPORARY TABLE passing (id int)",
                "CREATE SCHEMA sales",
                "CREATE TABLE sales.deals (id int)",
                "ANALYZE orders");

        assertThat(items(shop, Map.of()))
                .extracting(item -> item.path("schema").asText() + "."
                        + item.path("name").asText() + " " + item.path("kind").asText())
                .containsExactly(
                        "public.events partitioned_table",
                        "public.lent table",
                        "public.orders table",
                        "public.recent view",
                        "public.remote foreign_table",
                        "public.totals materialized_view",
                        "sales.deals table");
        assertThat(items(shop, Map.of("search", "ORD"))).singleElement().satisfies(item -> assertThat(
                        item.path("row_estimate").asLong())
                .isEqualTo(1000));
        assertThat(items(shop, Map.of("search", "deal"))
                        .get(0)
                        .path("row_estimate")
                        .isNull())
                .isTrue();
    }

    @Test
    void takesSchemasAsGivenElseThoseOfTheUserAndPublic() {
        Postgres.Database shop = Postgres.database();
        shop.executeAsSuperuser(
                "CREATE SCHEMA foreign_schema",
                "CREATE TABLE foreign_schema.t (id int)",
                "CREATE TABLE public.p (id int)",
                "GRANT USAGE ON SCHEMA foreign_schema TO PUBLIC",
                "GRANT SELECT ON foreign_schema.t, public.p TO PUBLIC");
        shop.execute("CREATE SCHEMA mine", "CREATE TABLE mine.t (id int)");

        assertThat(names(items(shop, Map.of()))).containsExactly("mine.t", "public.p");
        assertThat(names(items(shop, Map.of("schemas", List.of("foreign_schema")))))
                .containsExactly("foreign_schema.t");
        assertThat(names(items(shop, Map.of("schemas", List.of("foreign_schema", "mine", "none")))))
                .containsExactly("foreign_schema.t", "mine.t");
        assertThat(names(items(shop, Map.of("schemas", List.of("pg_catalog"))))).isEmpty();
    }

    @Test
    void searchTakesItsTextAsItIs() {
        Postgres.Database shop = Postgres.database();
        shop.execute("CREATE TABLE \"a%b\" (id int)", "CREATE TABLE \"a_b'\" (id int)", "CREATE TABLE axb (id int)");

        assertThat(names(items(shop, Map.of("search", "A%")))).containsExactly("public.a%b");
        assertThat(names(items(shop, Map.of("search", "_B'")))).containsExactly("public.a_b'");
        assertThat(names(items(shop, Map.of("search", "")))).hasSize(3);
    }

    @Test
    void pagesThroughTwentyThousandTablesEachOnce() {
        Postgres.Database shop = Postgres.database();
        shop.execute(
                """
                DO $$ BEGIN
                  FOR i IN 1..20000 LOOP
                    EXECUTE format('CREATE TABLE %I ()', 'Tab "' || i || '" é');
                    IF i % 1000 = 0 THEN COMMIT; END IF;
                  END LOOP;
                END $$
                """);
        try (PostgresDatabase connector = PostgresConfigs.open(shop)) {
            List<String> all = new ArrayList<>();
            Map<String, Object> request = new HashMap<>(Map.of("limit", 1000));
            ObjectNode page;
            do {
                page = connector.models(request);
                assertThat(page.path("items")).hasSizeLessThanOrEqualTo(1000);
                page.path("items").forEach(item -> all.add(item.path("name").asText()));
                request.put("cursor", page.path("next_cursor").asText());
            } while (page.has("next_cursor"));

            assertThat(all).hasSize(20_000).doesNotHaveDuplicates().isSorted();
            assertThat(connector.models(Map.of("search", "\"19999\"")).path("items"))
                    .hasSize(1);
        }
    }

    @Test
    void aCursorThatNobodyGaveIsRefused() {
        try (PostgresDatabase connector = PostgresConfigs.open(Postgres.database())) {
            for (String cursor : List.of("nonsense!", "e30", "WzFd", "")) {
                assertThat(Failures.of(() -> connector.models(Map.of("cursor", cursor))))
                        .as(cursor)
                        .isInstanceOf(Failure.Unreadable.class);
            }
        }
    }

    @Test
    void tellsColumnsTheirTypesAndKeys() {
        Postgres.Database shop = Postgres.database();
        shop.execute(
                "CREATE DOMAIN amount AS numeric",
                "CREATE DOMAIN email AS varchar(80) NOT NULL",
                """
                CREATE TABLE people (
                  first text, "Last" varchar(40) NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, born date,
                  seen timestamptz, at timestamp(3), paid numeric(12,2), worth numeric, tags text[], mail email, dear amount,
                  twice int GENERATED ALWAYS AS (1 + 1) STORED, gone int, PRIMARY KEY ("Last", id) INCLUDE (born))
                """,
                "ALTER TABLE people DROP COLUMN gone",
                "CREATE VIEW names AS SELECT first FROM people");

        assertThat(columns(shop, "people"))
                .containsExactly(
                        "first VARCHAR text null",
                        "Last VARCHAR character varying(40) key",
                        "id BIGINT bigint key watermark",
                        "born DATE date null watermark",
                        "seen TIMESTAMP WITH TIME ZONE timestamp with time zone null watermark",
                        "at TIMESTAMP timestamp(3) without time zone null watermark",
                        "paid DECIMAL(12,2) numeric(12,2) null watermark",
                        "worth VARCHAR numeric null watermark",
                        "tags VARCHAR text[] null",
                        "mail VARCHAR email",
                        // Not by the domain's name, since it is for all to see that these texts are numbers.
                        "dear VARCHAR numeric null watermark",
                        "twice INTEGER integer null watermark");
        assertThat(columns(shop, "names")).containsExactly("first VARCHAR text null");
    }

    @Test
    void whatTheUserMayNotReadIsNotThere() {
        Postgres.Database shop = Postgres.database();
        shop.executeAsSuperuser(
                "CREATE TABLE public.lent (id int, secret int)",
                "GRANT SELECT (id) ON public.lent TO " + shop.username(),
                "CREATE TABLE public.hidden (id int)");

        assertThat(columns(shop, "lent")).containsExactly("id INTEGER integer null watermark");
        try (PostgresDatabase connector = PostgresConfigs.open(shop)) {
            for (String name : List.of("hidden", "none", "lent_pkey")) {
                assertThat(Failures.of(() -> connector.schema(model("public", name))))
                        .isInstanceOf(Failure.Missing.class);
            }
        }
    }

    private static List<JsonNode> items(Postgres.Database shop, Map<String, Object> request) {
        try (PostgresDatabase connector = PostgresConfigs.open(shop)) {
            List<JsonNode> items = new ArrayList<>();
            connector.models(request).path("items").forEach(items::add);
            return items;
        }
    }

    private static List<String> names(List<JsonNode> items) {
        return items.stream()
                .map(item ->
                        item.path("schema").asText() + "." + item.path("name").asText())
                .toList();
    }

    private static List<String> columns(Postgres.Database shop, String name) {
        try (PostgresDatabase connector = PostgresConfigs.open(shop)) {
            List<String> columns = new ArrayList<>();
            connector
                    .schema(model("public", name))
                    .path("columns")
                    .forEach(column -> columns.add(column.path("name").asText() + " "
                            + column.path("type").asText() + " "
                            + column.path("native_type").asText()
                            + (column.path("nullable").asBoolean() ? " null" : "")
                            + (column.path("primary_key").asBoolean() ? " key" : "")
                            + (column.path("watermark_candidate").asBoolean() ? " watermark" : "")));
            return columns;
        }
    }

    private static Map<String, Object> model(String schema, String name) {
        return Map.of("model", Map.of("schema", schema, "name", name));
    }
}
