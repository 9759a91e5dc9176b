package dev.serai.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.CommitRequest;
import dev.serai.lake.Lake;
import dev.serai.lake.TableId;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Ids;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RecordSource;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class QueryEngineTest {
    @TempDir
    static Path folder;

    static QueryBench bench;

    @BeforeAll
    static void tables() {
        bench = new QueryBench(folder);
        bench.table(
                "orders",
                "SELECT range AS id, 'Kunde ' || range AS customer, (range * 1.5)::DECIMAL(18,2) AS amount,"
                        + " DATE '2026-01-01' + (range % 300)::INT AS day FROM range(1000)");
        bench.table("customers", "SELECT 'Kunde ' || range AS customer, 'Zürich' AS city FROM range(10)");
        bench.table(
                "big",
                "SELECT range AS id, md5(range::VARCHAR) AS a, md5((range + 1)::VARCHAR) AS b,"
                        + " range * 0.5 AS c, TIMESTAMP '2026-01-01' + to_seconds(range) AS t FROM range(1000000)");
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    static Failure failure(Runnable call) {
        return catchThrowableOfType(FailureException.class, call::run).failure();
    }

    static Failure failure(String sql, Object... params) {
        return failure(() -> bench.text(sql, ResultFormat.JSON, params));
    }

    @Test
    void answersRowsWithColumnsAndTypes() {
        JsonNode answer = bench.json("SELECT id, customer, amount, day FROM orders ORDER BY id LIMIT 2");
        assertThat(answer.toString())
                .isEqualTo("{\"columns\":[{\"name\":\"id\",\"type\":\"BIGINT\"},"
                        + "{\"name\":\"customer\",\"type\":\"VARCHAR\"},{\"name\":\"amount\",\"type\":\"DECIMAL(18,2)\"},"
                        + "{\"name\":\"day\",\"type\":\"DATE\"}],\"rows\":[[0,\"Kunde 0\",\"0.00\",\"2026-01-01\"],"
                        + "[1,\"Kunde 1\",\"1.50\",\"2026-01-02\"]],\"truncated\":false}");
    }

    @Test
    void joinsTablesWhateverTheCaseOfTheirNames() {
        assertThat(bench.rows("SELECT count(*), min(city) FROM ORDERS JOIN \"Customers\" USING (customer)"))
                .isEqualTo("[[10,\"Zürich\"]]");
    }

    @Test
    void tellsCommonTablesAndAliasesFromDatasets() {
        assertThat(bench.rows("WITH orders AS (SELECT * FROM orders WHERE id < 5), o AS (FROM orders)"
                        + " SELECT count(*) FROM o AS customers"))
                .isEqualTo("[[5]]");
        assertThat(bench.rows("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 4)"
                        + " SELECT max(n), (SELECT max(id) FROM orders) FROM t"))
                .isEqualTo("[[4,999]]");
        assertThat(bench.rows("SELECT x FROM (SELECT id AS x FROM orders WHERE id IN (SELECT 3)) AS big"))
                .isEqualTo("[[3]]");
    }

    @Test
    void keepsTheOrderAndTellsWhenThereWasMore() {
        JsonNode answer = QueryBench.json(bench.open("SELECT id FROM big ORDER BY id DESC", ResultFormat.JSON, 3));
        assertThat(answer.get("rows").toString()).isEqualTo("[[999999],[999998],[999997]]");
        assertThat(answer.get("truncated").asBoolean()).isTrue();
        assertThat(QueryBench.json(bench.open("SELECT id FROM orders LIMIT 3", ResultFormat.JSON, 3))
                        .get("truncated")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void readsTheTextAsItWasMeant() {
        assertThat(bench.rows("SELECT 1; -- done")).isEqualTo("[[1]]");
        assertThat(bench.rows("SELECT ';' AS x -- no end")).isEqualTo("[[\";\"]]");
        assertThat(bench.rows("SELECT 1 /* ) */;;  ")).isEqualTo("[[1]]");
        assertThat(bench.rows("FROM orders SELECT count(*)")).isEqualTo("[[1000]]");
        assertThat(bench.rows("VALUES (1), (2)")).isEqualTo("[[1],[2]]");
        assertThat(bench.rows("SELECT column_name FROM (DESCRIBE orders)"))
                .isEqualTo("[[\"id\"],[\"customer\"],[\"amount\"],[\"day\"]]");
    }

    @Test
    void keepsTheColumnsOfAnEmptyResultInEveryFormat() {
        String sql = "SELECT id, day FROM orders WHERE id < 0";
        assertThat(bench.text(sql, ResultFormat.JSON))
                .isEqualToIgnoringWhitespace("{\"columns\":[{\"name\":\"id\",\"type\":\"BIGINT\"},"
                        + "{\"name\":\"day\",\"type\":\"DATE\"}],\"rows\":[],\"truncated\":false}");
        assertThat(bench.text(sql, ResultFormat.CSV)).isEqualTo("id,day\r\n");
        assertThat(bench.text(sql, ResultFormat.NDJSON)).isEmpty();
    }

    @Test
    void takesParametersByPosition() {
        assertThat(bench.rows("SELECT count(*) FROM orders WHERE day <= ? AND id < ?", "2026-01-05", 100))
                .isEqualTo("[[5]]");
        assertThat(bench.rows("SELECT $2, $1, $2", "a'b", true)).isEqualTo("[[true,\"a'b\",true]]");
        assertThat(bench.rows("SELECT ? IS NULL, ? + 0.5", null, 1.25)).isEqualTo("[[true,\"1.75\"]]");
        assertThat(failure("SELECT ?", 1, 2)).isInstanceOf(Failure.Invalid.class);
        assertThat(failure("SELECT ?")).isInstanceOf(Failure.Invalid.class);
        assertThat(((Failure.Invalid) failure("SELECT ?, ?", List.of(1), List.of())).errors())
                .extracting("pointer")
                .containsExactly("/params/0", "/params/1");
        assertThat(failure("SELECT $name", 1).code()).isEqualTo("named_parameter");
    }

    @Test
    void saysWhatIsWrongWithTheSqlAndWhere() {
        assertThat(failure("SELEC 1"))
                .isEqualTo(new Failure.Unreadable("syntax_error", "syntax error at or near \"SELEC\"", 1));
        assertThat(((Failure.Unreadable) failure("SELECT 'é', FROM")).position())
                .isNotNull();
        assertThat(failure("SELECT 'éé', nope FROM orders")).isInstanceOfSatisfying(Failure.Unreadable.class, wrong -> {
            assertThat(wrong.code()).isEqualTo("invalid_sql");
            assertThat(wrong.position()).isEqualTo(14);
            assertThat(wrong.detail()).contains("nope");
        });
        assertThat(failure("SELECT * FROM nowhere"))
                .isEqualTo(new Failure.Unreadable("unknown_dataset", "There is no dataset named nowhere.", 15));
        assertThat(failure("SELECT 1; SELECT 2").code()).isEqualTo("many_statements");
        assertThat(failure("  -- nothing").code()).isEqualTo("empty_sql");
        assertThat(failure("SELECT customer::INT FROM orders")).isInstanceOfSatisfying(Failure.Invalid.class, wrong -> {
            assertThat(wrong.code()).isEqualTo("query_failed");
            assertThat(wrong.detail()).contains("Could not convert").doesNotContain(folder.toString());
        });
        assertThat(failure("SELECT " + "(".repeat(5000) + "1" + ")".repeat(5000))
                        .code())
                .isEqualTo("sql_too_deep");
    }

    @Test
    void streamsAMillionRowsWithAFlatHeap() throws Exception {
        for (ResultFormat format : ResultFormat.values()) {
            long before = usedHeap();
            long most = 0;
            long bytes = 0;
            try (ResultStream stream = bench.open("SELECT * FROM big", format, QueryBench.ALL)) {
                byte[] buffer = new byte[1 << 16];
                int reads = 0;
                for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                    bytes += count;
                    if (++reads % 500 == 0) {
                        most = Math.max(most, usedHeap() - before);
                    }
                }
            }
            assertThat(bytes).as("%s", format).isGreaterThan(60_000_000);
            assertThat(most).as("%s", format).isLessThan(40_000_000);
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void givesTheFirstRowsBeforeTheRestIsComputed() throws Exception {
        long start = System.nanoTime();
        try (ResultStream stream = bench.open(
                "SELECT a.id, md5(a.a || b.range) FROM big AS a, range(100000) AS b",
                ResultFormat.NDJSON,
                QueryBench.ALL)) {
            assertThat(stream.read()).isEqualTo('{');
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void stopsWithinASecondWhenClosedWhileItComputes() throws Exception {
        ResultStream stream = bench.open(
                "SELECT id, list_sum(list_transform(range(1000), lambda x : (x * id) % 7)) FROM big",
                ResultFormat.NDJSON, QueryBench.ALL);
        CompletableFuture<Throwable> reading = CompletableFuture.supplyAsync(() -> {
            try {
                QueryBench.drain(stream);
                return new AssertionError("ended");
            } catch (IOException e) {
                return e;
            }
        });
        long start = System.nanoTime();
        stream.close();
        assertThat(reading.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void failsMidwayWithoutEndingCleanly() throws Exception {
        String sql = "SELECT CASE WHEN id < 900000 THEN id ELSE a::INT END AS id, a, b, t FROM big";
        try (ResultStream stream = bench.open(sql, ResultFormat.CSV, QueryBench.ALL)) {
            assertThat(stream.read()).isEqualTo('i');
            IOException failed = catchThrowableOfType(IOException.class, () -> QueryBench.drain(stream));
            assertThat(((FailureException) failed.getCause()).failure().code()).isEqualTo("query_failed");
            assertThat(catchThrowableOfType(IOException.class, stream::read)).isNotNull();
        }
    }

    @Test
    void endsWhatTakesTooLong() throws Exception {
        try (QueryBench hasty = new QueryBench(folder, "serai.query.timeout", "2s")) {
            long start = System.nanoTime();
            Failure failure = failure(() -> hasty.text(
                    "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3",
                    ResultFormat.JSON));
            assertThat(failure).isInstanceOf(Failure.TimedOut.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void releasesAnAnswerThatNobodyReadsWhenItsTimeIsOver() throws Exception {
        try (QueryBench hasty = new QueryBench(folder, "serai.query.timeout", "2s")) {
            List<ResultStream> forgotten = new ArrayList<>();
            int slots = 3;
            for (int i = 0; i < slots * 2; i++) {
                forgotten.add(hasty.open("SELECT * FROM range(10000000)", ResultFormat.CSV, QueryBench.ALL));
            }
            assertThat(forgotten).hasSize(slots * 2);
        }
    }

    @Test
    void saysWhenAQueryNeedsTooMuchMemory() throws Exception {
        try (QueryBench small = new QueryBench(folder, "serai.query.memory", "32MB")) {
            Failure failure = failure(() -> small.text(
                    "SELECT length(list(md5(range::VARCHAR))::VARCHAR) FROM range(3000000)", ResultFormat.JSON));
            assertThat(failure.code()).isEqualTo("memory_limit");
            assertThat(failure.detail()).contains("32 MiB");
        }
    }

    @Test
    void spillsToDiskAndCleansUp() throws Exception {
        try (QueryBench small = new QueryBench(folder.resolve("own"), "serai.query.memory", "64MB")) {
            String rows = small.rows("SELECT count(*), max(n) FROM (SELECT md5(range::VARCHAR) AS m,"
                    + " row_number() OVER (ORDER BY md5(range::VARCHAR)) AS n FROM range(1500000))");
            assertThat(rows).isEqualTo("[[1500000,1500000]]");
            try (Stream<Path> left = Files.walk(folder.resolve("own/tmp/query"), 2)) {
                assertThat(left.filter(path -> path.getFileName().toString().startsWith("tmp_")))
                        .isEmpty();
            }
        }
        assertThat(folder.resolve("own/tmp/query")).isEmptyDirectory();
    }

    @Test
    void runsSeveralAtOnceAndTurnsAwayTheRest() throws Exception {
        List<ResultStream> open = new ArrayList<>();
        int slots = 3;
        try {
            for (int i = 0; i < slots; i++) {
                open.add(bench.open("SELECT * FROM big", ResultFormat.CSV, QueryBench.ALL));
            }
            assertThat(failure("SELECT 1")).isInstanceOf(Failure.Busy.class);
            assertThat(QueryBench.drain(open.get(0))).isGreaterThan(60_000_000);
            assertThat(bench.rows("SELECT 1")).isEqualTo("[[1]]");
        } finally {
            for (ResultStream stream : open) {
                stream.close();
            }
        }
    }

    @Test
    void readsTablesOfTheLake() throws Exception {
        Lake lake = TestLake.shared();
        TableId id = new TableId("default", Ids.next("dat"));
        List<Column> columns = List.of(
                Column.of("id", LogicalType.of(LogicalType.Kind.BIGINT)),
                Column.of("order", LogicalType.of(LogicalType.Kind.VARCHAR)));
        Iterator<@Nullable Object[]> rows = LongStream.range(0, 5000)
                .mapToObj(n -> new @Nullable Object[] {n, "n" + n})
                .iterator();
        lake.replace(
                id,
                new RecordSource(columns, rows, () -> {}),
                new CommitRequest(Ids.next("run"), null, count -> {}, new Cancellation()));
        TableSnapshot snapshot = lake.snapshot(id).orElseThrow();
        Relations relations = name -> name.equals("shop") ? Optional.of(snapshot) : Optional.empty();
        assertThat(QueryBench.json(bench.engine.query(
                                new QueryEngine.Request(
                                        "SELECT count(*), max(\"order\") FROM shop", List.of(), 10, ResultFormat.JSON),
                                relations,
                                "somebody",
                                Asker.PATIENT))
                        .get("rows")
                        .toString())
                .isEqualTo("[[5000,\"n999\"]]");
        ResultStream page = bench.engine.rows(snapshot, List.of("order"), 4998, null, ResultFormat.CSV);
        String cursor = page.nextCursor().orElseThrow();
        assertThat(QueryBench.text(page)).startsWith("order\r\nn0\r\nn1\r\n");
        assertThat(QueryBench.text(bench.engine.rows(snapshot, List.of("order"), 1000, cursor, ResultFormat.CSV)))
                .isEqualTo("order\r\nn4998\r\nn4999\r\n");
    }
}
