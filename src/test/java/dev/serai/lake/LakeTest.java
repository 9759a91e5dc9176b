package dev.serai.lake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Duck;
import dev.serai.testing.Settings;

import static dev.serai.lake.Sources.column;
import static dev.serai.lake.Sources.numbers;
import static dev.serai.lake.Sources.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LakeTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir
    Path data;

    Lake lake;
    TableId table = new TableId("default", "dat_1");

    @BeforeEach
    void open() {
        lake = new Lake(settings());
    }

    @AfterEach
    void close() throws SQLException, IOException {
        lake.close();
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.equals("_staging") || name.endsWith(".tmp");
                    }))
                    .isEmpty();
        }
    }

    private SeraiSettings settings() {
        return Settings.of(Map.of("serai.data-dir", data.toString()));
    }

    private static CommitRequest request() {
        return request("run_" + RUNS.incrementAndGet());
    }

    private static CommitRequest request(String run) {
        return new CommitRequest(run, null, rows -> {}, new Cancellation());
    }

    private CommitResult replace(RowSource rows) {
        return lake.replace(table, rows, request());
    }

    private List<List<@Nullable Object>> rows(TableSnapshot snapshot) throws SQLException {
        return Duck.rows(snapshot.scan());
    }

    private TableSnapshot now() {
        return lake.snapshot(table).orElseThrow();
    }

    private List<String> files() throws IOException {
        Path folder = data.resolve("lake/default/dat_1");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aTableThatWasNeverWrittenIsEmpty() {
        assertThat(lake.snapshot(table)).isEmpty();
        assertThat(lake.snapshot(table, 0)).isEmpty();
        assertThat(lake.history(table)).isEmpty();
        lake.drop(table);
    }

    @Test
    void keepsEveryTypeAsItIs() throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.STRUCT, Kind.LIST))) {
            columns.add(column(kind.name(), kind == Kind.DECIMAL ? Kind.VARCHAR : kind));
        }
        columns.set(
                Kind.DECIMAL.ordinal(),
                new Column("DECIMAL", LogicalType.decimal(10, 2), "numeric(10,2)", false, true, true));
        columns.add(Column.of("wide", LogicalType.decimal(38, 3)));
        columns.add(Column.of("Column with spaces, \"quotes\" = and;signs", LogicalType.of(Kind.INTEGER)));
        LocalDateTime time = LocalDateTime.of(2026, 3, 29, 2, 30, 0, 123_456_000);
        @Nullable
        Object[] values = {
            true,
            (byte) -1,
            (short) -2,
            -3,
            Long.MIN_VALUE,
            1.5f,
            Double.NaN,
            new BigDecimal("-7.10"),
            "äöü€𝄞'",
            new byte[] {0, (byte) 0xFF},
            LocalDate.of(1969, 12, 31),
            time,
            time.atOffset(ZoneOffset.UTC),
            new BigDecimal("-12345678901234567890123456789012345.678"),
            5
        };
        CommitResult result = replace(records(columns, List.of(values, new @Nullable Object[values.length])));

        TableSnapshot snapshot = now();
        assertThat(result.version()).isEqualTo(snapshot.version()).isZero();
        assertThat(result.rowsWritten()).isEqualTo(snapshot.rows()).isEqualTo(2);
        assertThat(result.bytes()).isEqualTo(snapshot.bytes()).isPositive();
        assertThat(snapshot.columns()).isEqualTo(columns);
        assertThat(snapshot.committedAt())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(Duck.types(snapshot.scan()))
                .containsExactlyElementsOf(
                        columns.stream().map(column -> column.type().duckdb()).toList());
        List<List<@Nullable Object>> rows =
                Duck.rows("SELECT * REPLACE (hex(\"BLOB\") AS \"BLOB\") FROM (" + snapshot.scan() + ") ORDER BY ALL");
        List<@Nullable Object> expected = new ArrayList<>(List.of(values));
        expected.set(Kind.BLOB.ordinal(), "00FF");
        assertThat(rows).hasSize(2).contains(expected);
        assertThat(rows.get(1)).containsOnlyNulls();
    }

    @Test
    void replacesAllRowsAndKeepsTheOldVersion() throws SQLException {
        replace(numbers(3, "a"));
        CommitResult second = replace(numbers(2, "b"));
        assertThat(second.version()).isEqualTo(1);
        assertThat(rows(now())).containsExactlyInAnyOrder(List.of(0L, "b"), List.of(1L, "b"));
        assertThat(rows(lake.snapshot(table, 0).orElseThrow())).hasSize(3).contains(List.of(2L, "a"));
        assertThat(lake.snapshot(table, 2)).isEmpty();
        assertThat(lake.snapshot(table, -1)).isEmpty();
    }

    @Test
    void theSchemaIsWrittenOnlyWhereItChanged() throws IOException {
        for (int version = 0; version <= 2; version++) {
            replace(version < 2 ? numbers(3, "a") : json("{\"n\":1}"));
            assertThat(Files.readString(CommitFiles.path(data.resolve("lake/default/dat_1"), version))
                            .contains("metaData"))
                    .isEqualTo(version != 1);
        }
    }

    @Test
    void anEmptySourceEmptiesAndKeepsItsColumns() throws SQLException {
        replace(numbers(0, "a"));
        assertThat(now().columns()).extracting(Column::name).containsExactly("n", "version");
        assertThat(now().files()).isEmpty();
        assertThat(rows(now())).isEmpty();
        assertThat(Duck.types(now().scan())).containsExactly("BIGINT", "VARCHAR");

        replace(numbers(2, "b"));
        replace(numbers(0, "c"));
        assertThat(now().version()).isEqualTo(2);
        assertThat(rows(now())).isEmpty();
    }

    @Test
    void anEmptyTextKeepsTheColumnsThereAre() throws SQLException {
        replace(json("{\"a\":1}"));
        replace(json(""));
        assertThat(now().columns()).extracting(Column::name).containsExactly("a");
        assertThat(rows(now())).isEmpty();
    }

    @Test
    void anEmptyTextAloneMakesNoTable() throws IOException {
        assertThatThrownBy(() -> replace(json(""))).isInstanceOfSatisfying(FailureException.class, e -> assertThat(
                        e.failure().code())
                .isEqualTo("no_columns"));
        assertThat(lake.snapshot(table)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void keepsOnlyTheColumnsAskedForInTheirOrder() throws SQLException {
        lake.replace(table, json("{\"a\":1,\"b\":\"x\",\"c\":true}"), columns("run_1", "c", "a"));
        assertThat(now().columns()).extracting(Column::name).containsExactly("c", "a");
        assertThat(rows(now())).containsExactly(List.of(true, 1L));

        assertThatThrownBy(() -> lake.replace(table, json("{\"a\":1,\"b\":\"x\"}"), columns("run_2", "c", "a")))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("column_missing"));
        assertThat(rows(now())).containsExactly(List.of(true, 1L));
    }

    private static CommitRequest columns(String run, String... columns) {
        return new CommitRequest(run, List.of(columns), null, null, rows -> {}, new Cancellation());
    }

    private static TextSource json(String lines) {
        return new TextSource(
                TextSource.Format.NDJSON, new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void namesThatDifferOnlyInCaseStayApart() throws SQLException {
        replace(json("{\"id\":1,\"ID\":2,\"Id\":3}"));
        assertThat(now().columns()).extracting(Column::name).containsExactly("id", "ID_2", "Id_3");
        assertThat(rows(now())).containsExactly(List.of(1L, 2L, 3L));
        replace(json("{\"ID\":2,\"id\":1}"));
        assertThat(now().columns()).extracting(Column::name).containsExactly("ID", "id_2");
        assertThat(rows(now())).containsExactly(List.of(2L, 1L));
    }

    @Test
    void columnsMayComeGoMoveAndChangeTheirType() throws SQLException {
        replace(json("{\"a\":1,\"b\":\"x\",\"c\":true}"));
        replace(json("{\"c\":false,\"d\":1.5,\"a\":\"one\"}"));
        assertThat(rows(now())).containsExactly(List.of(false, 1.5, "one"));
        assertThat(rows(lake.snapshot(table, 0).orElseThrow())).containsExactly(List.of(1L, "x", true));
        replace(json("{\"a\":2,\"b\":\"y\",\"c\":true}"));
        assertThat(rows(now())).containsExactly(List.of(2L, "y", true));
        assertThat(lake.history(table))
                .extracting(TableVersion::schemaChanges)
                .containsExactly(
                        List.of("changed a from VARCHAR to BIGINT", "added b VARCHAR", "removed d"),
                        List.of("added d DOUBLE", "changed a from BIGINT to VARCHAR", "removed b"),
                        List.of());
    }

    @Test
    void tellsItsHistory() {
        lake.replace(table, numbers(3, "a"), request("run_a"));
        lake.replace(table, numbers(5, "b"), request("run_b"));
        List<TableVersion> history = lake.history(table);
        assertThat(history).extracting(TableVersion::version).containsExactly(1L, 0L);
        assertThat(history).extracting(TableVersion::runId).containsExactly("run_b", "run_a");
        assertThat(history).extracting(TableVersion::rows).containsExactly(5L, 3L);
        assertThat(history).extracting(TableVersion::operation).containsExactly("WRITE", "CREATE TABLE");
        assertThat(history.get(0).time()).isAfterOrEqualTo(history.get(1).time());
    }

    @Test
    void keepsThePositionWithTheRows() {
        lake.replace(table, numbers(1, "a"), new CommitRequest("run_w1", "2026-01-01", rows -> {}, new Cancellation()));
        assertThat(now().watermark()).isEqualTo("2026-01-01");
        lake.replace(table, numbers(1, "a"), new CommitRequest("run_w2", null, rows -> {}, new Cancellation()));
        assertThat(now().watermark()).isNull();
        assertThat(lake.snapshot(table, 0).orElseThrow().watermark()).isEqualTo("2026-01-01");
    }

    @Test
    void oneRunCommitsOnce() throws SQLException {
        CommitResult first = lake.replace(table, numbers(3, "a"), request("run_x"));
        assertThat(lake.replace(table, numbers(3, "again"), request("run_x"))).isEqualTo(first);
        lake.replace(table, numbers(5, "b"), request("run_y"));
        assertThat(lake.replace(table, numbers(3, "again"), request("run_x"))).isEqualTo(first);
        assertThat(now().version()).isEqualTo(1);
        assertThat(rows(now())).hasSize(5);
    }

    @Test
    void tellsHowFarItIs() {
        AtomicLong told = new AtomicLong();
        Sources.Held held = new Sources.Held();
        CompletableFuture<CommitResult> writing = CompletableFuture.supplyAsync(
                () -> lake.replace(table, held, new CommitRequest("run_p", null, told::set, new Cancellation())));
        await(held);
        held.end();
        assertThat(writing.join().rowsWritten()).isEqualTo(204_800).isGreaterThanOrEqualTo(told.get());
    }

    @Test
    void keepsTheOldRowsWhenTheSourceFailsMidway() throws Exception {
        for (boolean existing : new boolean[] {false, true}) {
            if (existing) {
                replace(numbers(3, "old"));
            }
            List<String> before = files();
            FailureException reason =
                    new FailureException(new Failure.Source(Failure.Layer.READ, "lost", "gone", true));
            Sources.Held held = new Sources.Held();
            CompletableFuture<CommitResult> writing = CompletableFuture.supplyAsync(() -> replace(held));
            await(held);
            if (existing) {
                assertThat(rows(now())).hasSize(3).contains(List.of(1L, "old"));
            } else {
                assertThat(lake.snapshot(table)).isEmpty();
            }
            held.fail(reason);
            assertThatThrownBy(writing::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(reason);
            assertThat(held.closed()).isTrue();
            assertThat(files()).isEqualTo(before);
        }
        assertThat(now().version()).isZero();
    }

    @Test
    void stopsSoonWhenAskedTo() throws Exception {
        replace(numbers(3, "old"));
        List<String> before = files();
        Cancellation cancellation = new Cancellation();
        Sources.Held held = new Sources.Held();
        CompletableFuture<CommitResult> writing = CompletableFuture.supplyAsync(
                () -> lake.replace(table, held, new CommitRequest("run_c", null, rows -> {}, cancellation)));
        await(held);
        cancellation.request();
        assertThatThrownBy(() -> writing.get(2, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Cancelled.class));
        assertThat(files()).isEqualTo(before);
        assertThat(held.closed()).isTrue();
        assertThatThrownBy(() -> lake.replace(
                        table, numbers(1, "x"), new CommitRequest("run_d", null, rows -> {}, cancellation)))
                .hasMessageStartingWith("cancelled");
        replace(numbers(4, "new"));
        assertThat(rows(now())).hasSize(4);
    }

    @Test
    void readersSeeWholeVersionsWhileRowsAreReplaced() throws Exception {
        int rows = 20_000;
        replace(numbers(rows, "v0"));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Lake reader = new Lake(settings())) {
            Future<Integer> reading = pool.submit(() -> {
                int reads = 0;
                while (!done.get() || reads < 3) {
                    TableSnapshot snapshot = reader.snapshot(table).orElseThrow();
                    assertThat(Duck.rows("SELECT version, count(*) FROM (" + snapshot.scan() + ") GROUP BY ALL"))
                            .containsExactly(List.of("v" + snapshot.version(), (long) rows));
                    reads++;
                }
                return reads;
            });
            for (int version = 1; version <= 12; version++) {
                replace(numbers(rows, "v" + version));
            }
            done.set(true);
            assertThat(reading.get(30, TimeUnit.SECONDS)).isGreaterThan(2);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void ofTwoWritesAtTheSameTimeOneWins() throws Exception {
        for (boolean existing : new boolean[] {false, true}) {
            List<String> before = files();
            Sources.Held slow = new Sources.Held();
            try (Lake other = new Lake(settings())) {
                CompletableFuture<CommitResult> losing =
                        CompletableFuture.supplyAsync(() -> other.replace(table, slow, request()));
                await(slow);
                replace(numbers(3, "fast"));
                slow.end();
                assertThatThrownBy(losing::get).cause().isInstanceOfSatisfying(FailureException.class, e -> assertThat(
                                e.failure())
                        .isInstanceOf(Failure.Busy.class));
            }
            assertThat(now().version()).isEqualTo(existing ? 1 : 0);
            assertThat(rows(now())).hasSize(3);
            assertThat(files()).hasSize(before.size() + (existing ? 1 : 2));
        }
    }

    @Test
    void manyWritersLeaveOneOfThemsRows() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String name = "w" + i;
                writers.add(pool.submit(() -> {
                    try {
                        replace(numbers(100, name));
                        return true;
                    } catch (FailureException e) {
                        assertThat(e.failure()).isInstanceOf(Failure.Busy.class);
                        return false;
                    }
                }));
            }
            int won = 0;
            for (Future<Boolean> writer : writers) {
                won += writer.get(60, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(now().version()).isEqualTo(won - 1L);
            assertThat(Duck.rows("SELECT count(*), count(DISTINCT version) FROM (" + now().scan() + ")"))
                    .containsExactly(List.of(100L, 1L));
            assertThat(files()).hasSize(won + 1);
        } finally {
            pool.shutdownNow();
        }
    }

    /** @param lock as a write leaves it, or as the disk does when the machine loses power */
    @ParameterizedTest
    @ValueSource(strings = {"", "1", "\0\0"})
    void removesWhatADeadWriterLeft(String lock) throws Exception {
        replace(numbers(3, "old"));
        List<String> clean = files();
        Path folder = data.resolve("lake/default/dat_1");
        for (boolean byStart : new boolean[] {true, false}) {
            String id = "0f0f0f0f-0000-0000-0000-00000000000" + (byStart ? 1 : 2);
            Path staging = Files.createDirectories(folder.resolve("_staging").resolve(id));
            Files.writeString(staging.resolve("lock"), lock);
            Files.writeString(staging.resolve("rows.text"), "half");
            Files.writeString(folder.resolve("part-00000-" + id + ".zstd.parquet"), "published, not committed");
            if (byStart) {
                new Lake(settings()).close();
                assertThat(files()).isEqualTo(clean);
            } else {
                replace(numbers(4, "new"));
                assertThat(files()).hasSize(clean.size() + 1).containsAll(clean);
            }
        }
        assertThat(rows(now())).hasSize(4);
    }

    @Test
    void aKilledProcessLeavesTheOldRowsAndNothingElse() throws Exception {
        replace(numbers(3, "old"));
        List<String> before = files();
        Path told = data.resolve("told");
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        InterruptedWriter.class.getName(),
                        data.toString(),
                        told.toString())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("log").toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .failFast(() -> !writer.isAlive())
                    .until(() -> Files.exists(told));
            new Lake(settings()).close();
            assertThat(files()).as("the writer is still alive").contains("_staging");
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(rows(now())).hasSize(3);
        new Lake(settings()).close();
        assertThat(files()).isEqualTo(before);
        assertThat(lake.replace(table, numbers(4, "again"), request("run_killed"))
                        .version())
                .isEqualTo(1);
    }

    @Test
    void removesWhatADeadProcessHadNoMemoryFor() throws Exception {
        Path left = Files.createDirectories(data.resolve("tmp/lake/spill-4194305-x"));
        Files.writeString(left.resolve("duckdb_temp_block-1.block"), "rows");
        new Lake(settings()).close();
        assertThat(left).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1"})
    void keepsTheFilesOfAWriterThatDiedJustAfterItsCommit(String lock) throws Exception {
        replace(numbers(3, "old"));
        Path file = now().files().get(0).path();
        String name = file.getFileName().toString();
        String id = name.substring("part-00000-".length(), name.indexOf(".zstd"));
        Path folder = data.resolve("lake/default/dat_1");
        Path staging = Files.createDirectories(folder.resolve("_staging").resolve(id));
        Files.writeString(staging.resolve("lock"), lock);
        new Lake(settings()).close();
        assertThat(staging).doesNotExist();
        assertThat(rows(now())).hasSize(3);
    }

    @Test
    void aBrokenTableKeepsNoOtherFromBeingCleaned() throws Exception {
        for (int i = 0; i < 9; i++) {
            Path staging = Files.createDirectories(
                    data.resolve("lake/default/dat_" + i).resolve("_staging/left"));
            if (i % 2 == 0) {
                Files.createDirectory(staging.resolve("lock"));
            } else {
                Files.createFile(staging.resolve("lock"));
            }
        }
        new Lake(settings()).close();
        for (int i = 0; i < 9; i++) {
            Path staging = data.resolve("lake/default/dat_" + i + "/_staging/left");
            assertThat(Files.exists(staging)).isEqualTo(i % 2 == 0);
            Durable.deleteTree(data.resolve("lake/default/dat_" + i));
        }
    }

    @Test
    void aLiveWritersStagingIsLeftAlone() throws Exception {
        Sources.Held held = new Sources.Held();
        CompletableFuture<CommitResult> writing = CompletableFuture.supplyAsync(() -> replace(held));
        await(held);
        new Lake(settings()).close();
        held.end();
        assertThat(writing.get(30, TimeUnit.SECONDS).rowsWritten()).isEqualTo(204_800);
        assertThat(Duck.rows("SELECT count(*) FROM (" + now().scan() + ")")).containsExactly(List.of(204_800L));
    }

    @Test
    void theFolderMayHaveAnyName() throws SQLException, IOException {
        String name = "a b%41#ä'q\"[ab]*?{x,y}";
        try (Lake odd =
                new Lake(Settings.of(Map.of("serai.data-dir", data.resolve(name).toString())))) {
            for (int version = 0; version <= 11; version++) {
                odd.replace(table, numbers(version, name), request());
            }
            assertThat(rows(odd.snapshot(table).orElseThrow())).hasSize(11).contains(List.of(10L, name));
        }
    }

    @Test
    void aDroppedTableIsGone() throws IOException {
        replace(numbers(3, "a"));
        lake.drop(table);
        assertThat(lake.snapshot(table)).isEmpty();
        assertThat(data.resolve("lake/default/dat_1")).doesNotExist();
        replace(numbers(1, "b"));
        assertThat(now().version()).isZero();
    }

    private static void await(Sources.Held held) {
        try {
            assertThat(held.started.await(Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
