package dev.serai.rows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.FailureException;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.TextSource.Format;
import dev.serai.testing.Duck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RowScanTest {
    @TempDir
    Path staging;

    Connection duckdb;

    @BeforeEach
    void open() throws SQLException {
        duckdb = Duck.open();
    }

    @AfterEach
    void everythingIsReleased() throws SQLException, IOException {
        duckdb.close();
        try (var files = Files.list(staging)) {
            assertThat(files).isEmpty();
        }
    }

    private RowScan scan(RowSource source) {
        return RowScan.open(duckdb, source, staging, rows -> {});
    }

    private static TextSource text(Format format, String text) {
        return new TextSource(format, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> described(RowScan scan) {
        return scan.columns().stream()
                .map(column -> column.name() + " " + column.type().duckdb())
                .toList();
    }

    private List<List<@Nullable Object>> all(RowScan scan) throws SQLException {
        List<String> types =
                scan.columns().stream().map(column -> column.type().duckdb()).toList();
        assertThat(Duck.types(duckdb, "SELECT * FROM " + scan.relation())).isEqualTo(types);
        return Duck.rows(duckdb, "SELECT * FROM " + scan.relation());
    }

    @Test
    void countsTheBytesOfTextAndSaysWhenAllHasCome() throws SQLException {
        String lines = "{\"n\": 1, \"t\": \"äöü\"}\n{\"n\": 2, \"t\": null}\n";
        AtomicBoolean complete = new AtomicBoolean();
        ReadProgress progress = new ReadProgress() {
            @Override
            public void rows(long soFar) {}

            @Override
            public void complete() {
                complete.set(true);
            }
        };
        TextSource source = text(Format.NDJSON, lines);
        assertThat(source.bytesRead()).isZero();
        try (RowScan scan = RowScan.open(duckdb, source, staging, progress)) {
            assertThat(complete).isTrue();
            assertThat(source.bytesRead()).isEqualTo(lines.getBytes(StandardCharsets.UTF_8).length);
            assertThat(all(scan)).hasSize(2);
        }
    }

    @Test
    void recordsKeepTheirValues() throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.STRUCT, Kind.LIST))) {
            columns.add(
                    Column.of(kind.name(), kind == Kind.DECIMAL ? LogicalType.decimal(10, 2) : LogicalType.of(kind)));
        }
        columns.add(Column.of("wide", LogicalType.decimal(38, 3)));
        columns.add(Column.of("other", LogicalType.of(Kind.VARCHAR)));
        UUID uuid = UUID.randomUUID();
        @Nullable
        Object[] values = {
            true,
            1,
            (short) 2,
            3L,
            new BigDecimal("4.00"),
            5.5f,
            6.25d,
            new BigDecimal("7.1"),
            "äöü",
            new byte[] {0, (byte) 0xFF},
            LocalDate.of(1969, 12, 31),
            LocalDateTime.of(1960, 1, 2, 3, 4, 5, 6000),
            OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.ofHours(2)),
            new BigDecimal("-12345678901234567890123456789012345.678"),
            uuid
        };
        @Nullable
        Object[] others = {
            0,
            null,
            null,
            3,
            4,
            5,
            6,
            7.25,
            8,
            null,
            java.sql.Date.valueOf("2000-01-01"),
            Timestamp.valueOf("2000-01-01 00:00:00.5"),
            Instant.EPOCH,
            BigInteger.TEN,
            null
        };
        List<List<@Nullable Object>> rows;
        try (RowScan scan =
                scan(new RecordSource(columns, List.of(values, others).iterator(), () -> {}))) {
            assertThat(described(scan)).contains("DECIMAL DECIMAL(10,2)", "TIMESTAMPTZ TIMESTAMP WITH TIME ZONE");
            rows = Duck.rows(duckdb, "SELECT * REPLACE (hex(\"BLOB\") AS \"BLOB\") FROM " + scan.relation());
        }
        assertThat(rows.get(0))
                .containsExactly(
                        true,
                        (byte) 1,
                        (short) 2,
                        3,
                        4L,
                        5.5f,
                        6.25d,
                        new BigDecimal("7.10"),
                        "äöü",
                        "00FF",
                        LocalDate.of(1969, 12, 31),
                        LocalDateTime.of(1960, 1, 2, 3, 4, 5, 6000),
                        OffsetDateTime.of(2025, 12, 31, 22, 0, 0, 0, ZoneOffset.UTC),
                        new BigDecimal("-12345678901234567890123456789012345.678"),
                        uuid.toString());
        assertThat(rows.get(1))
                .containsExactly(
                        false,
                        null,
                        null,
                        3,
                        4L,
                        5f,
                        6d,
                        new BigDecimal("7.25"),
                        "8",
                        null,
                        LocalDate.of(2000, 1, 1),
                        LocalDateTime.of(2000, 1, 1, 0, 0, 0, 500_000_000),
                        OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC),
                        new BigDecimal("10.000"),
                        null);
    }

    @Test
    void recordsThatDoNotFitAreAFailureOrACountedNull() throws SQLException {
        Column small = Column.of("n", LogicalType.decimal(3, 1));
        try (RowScan scan = scan(new RecordSource(
                List.of(small), List.<Object[]>of(new Object[] {1.25}).iterator(), () -> {}))) {
            assertThatThrownBy(() -> Duck.rows(duckdb, "SELECT * FROM " + scan.relation()))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(scan.failure(e))
                            .isInstanceOf(FailureException.class)
                            .hasMessageContaining("\"n\"")
                            .hasMessageNotContaining("1.25"));
        }
        Column time = Column.of("t", LogicalType.of(Kind.TIMESTAMP));
        try (RowScan scan = scan(new RecordSource(
                List.of(time),
                List.<Object[]>of(new Object[] {LocalDateTime.MAX}).iterator(),
                () -> {}))) {
            assertThat(all(scan)).containsExactly(Arrays.asList((Object) null));
            assertThat(scan.warnings()).containsExactly(new RowWarning("t", "out_of_range_to_null", 1));
        }
    }

    @Test
    void namesThatDifferOnlyInCaseGetASuffix() throws SQLException {
        LogicalType type = LogicalType.of(Kind.INTEGER);
        List<Column> columns = List.of(
                Column.of("Name", type), Column.of("NAME", type), Column.of("name_2", type), Column.of("a\"b", type));
        try (RowScan scan = scan(new RecordSource(
                columns, List.<Object[]>of(new Object[] {1, 2, 3, 4}).iterator(), () -> {}))) {
            assertThat(scan.columns()).extracting(Column::name).containsExactly("Name", "NAME_3", "name_2", "a\"b");
            assertThat(all(scan)).containsExactly(List.of(1, 2, 3, 4));
        }
    }

    @Test
    void everyColumnGetsANameThatATableCanHave() throws SQLException {
        try (RowScan scan =
                scan(text(Format.NDJSON, "{\"\":1,\"a\\nb\":2,\"É\":3,\"é\":4,\"a_b\":5,\"~1/$.*[0]\\\\\":6}"))) {
            assertThat(scan.columns())
                    .extracting(Column::name)
                    .containsExactly("column", "a_b", "É", "é_2", "a_b_2", "~1/$.*[0]\\");
            assertThat(all(scan)).containsExactly(List.of(1L, 2L, 3L, 4L, 5L, 6L));
        }
        try (RowScan scan = scan(text(Format.CSV, "a,A,É,é\n1,2,3,4\n"))) {
            assertThat(scan.columns()).hasSize(4);
            assertThat(all(scan)).containsExactly(List.of(1L, 2L, 3L, 4L));
        }
    }

    @Test
    void firstScansOfADatabaseMayComeAtOnce() throws Exception {
        int callers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            for (int database = 0; database < 20; database++) {
                CyclicBarrier together = new CyclicBarrier(callers);
                try (Connection first = Duck.open()) {
                    List<Callable<List<List<@Nullable Object>>>> scans = new ArrayList<>();
                    for (int i = 0; i < callers; i++) {
                        Connection connection =
                                first.unwrap(DuckDBConnection.class).duplicate();
                        scans.add(() -> {
                            together.await();
                            return oneRow(connection);
                        });
                    }
                    for (Future<List<List<@Nullable Object>>> scan : threads.invokeAll(scans)) {
                        assertThat(scan.get()).containsExactly(List.of(7));
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** DuckDB refuses one of two that register at the very same time, which the test above meets too rarely. */
    @Test
    void aFirstScanWaitsForAnotherThatRegisters() throws Exception {
        try (Connection first = Duck.open()) {
            Future<List<List<@Nullable Object>>> scan;
            AtomicReference<@Nullable Thread> scanning = new AtomicReference<>();
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                synchronized (RowsFunction.class) {
                    scan = thread.submit(() -> {
                        scanning.set(Thread.currentThread());
                        return oneRow(first);
                    });
                    Awaitility.await().until(() -> {
                        Thread other = scanning.get();
                        return scan.isDone() || (other != null && other.getState() == Thread.State.BLOCKED);
                    });
                    assertThat(scan).isNotDone();
                }
                assertThat(scan.get()).containsExactly(List.of(7));
            } finally {
                thread.shutdownNow();
            }
        }
    }

    private List<List<@Nullable Object>> oneRow(Connection connection) throws SQLException {
        RecordSource seven = new RecordSource(
                List.of(Column.of("n", LogicalType.of(Kind.INTEGER))),
                List.<Object[]>of(new Object[] {7}).iterator(),
                () -> {});
        try (connection;
                RowScan scan = RowScan.open(connection, seven, staging, rows -> {})) {
            return Duck.rows(connection, "SELECT * FROM " + scan.relation());
        }
    }

    @Test
    void longTextsComeInSmallBatches() throws SQLException {
        List<Integer> batches = new ArrayList<>();
        BatchSource source = new BatchSource() {
            @Override
            public List<Column> columns() {
                return List.of(Column.of("t", LogicalType.of(Kind.VARCHAR)));
            }

            @Override
            public Cursor open(int partition) {
                return new Cursor() {
                    private int left = 25;

                    @Override
                    public int next(RowBatch batch) {
                        int row = 0;
                        for (; left > 0 && batch.takes(row); row++, left--) {
                            batch.column(0).setString(row, "x".repeat(200_000));
                        }
                        batches.add(row);
                        return row;
                    }

                    @Override
                    public void close() {}
                };
            }

            @Override
            public void close() {}
        };
        try (RowScan scan = scan(source)) {
            assertThat(Duck.rows(duckdb, "SELECT count(*), min(length(t)), max(length(t)) FROM " + scan.relation()))
                    .containsExactly(List.of(25L, 200_000L, 200_000L));
        }
        assertThat(batches).containsExactly(6, 6, 6, 6, 1, 0);
    }

    /** DuckDB would end the process where its memory does not suffice for a text that is handed over. */
    @Test
    void aRowThatIsLargeForTheMemoryIsAFailure() throws SQLException {
        try (Connection small = Duck.open();
                Statement statement = small.createStatement()) {
            statement.execute("SET memory_limit = '64MiB'");
            for (int megabytes : new int[] {3, 5}) {
                RecordSource source = new RecordSource(
                        List.of(Column.of("t", LogicalType.of(Kind.VARCHAR))),
                        List.<Object[]>of(new Object[] {"x".repeat(megabytes << 20)})
                                .iterator(),
                        () -> {});
                try (RowScan scan = RowScan.open(small, source, staging, rows -> {})) {
                    String count = "SELECT count(t) FROM " + scan.relation();
                    if (megabytes == 3) {
                        assertThat(Duck.rows(small, count)).containsExactly(List.of(1L));
                    } else {
                        assertThatThrownBy(() -> Duck.rows(small, count))
                                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(scan.failure(e))
                                        .hasMessageContaining("row_too_large"));
                    }
                }
            }
        }
    }

    /** Every partition waits until both are being read, so one thread alone would never finish. */
    @Test
    void partitionsAreReadSideBySide() throws SQLException {
        CyclicBarrier both = new CyclicBarrier(2);
        AtomicInteger closed = new AtomicInteger();
        BatchSource source = new BatchSource() {
            @Override
            public List<Column> columns() {
                return List.of(Column.of("n", LogicalType.of(Kind.INTEGER)));
            }

            @Override
            public int partitions() {
                return 2;
            }

            @Override
            public Cursor open(int partition) throws Exception {
                both.await(10, TimeUnit.SECONDS);
                return new Cursor() {
                    private boolean done;

                    @Override
                    public int next(RowBatch batch) {
                        if (done) {
                            return 0;
                        }
                        batch.column(0).setLong(0, partition);
                        done = true;
                        return 1;
                    }

                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                };
            }

            @Override
            public void close() {}
        };
        try (var statement = duckdb.createStatement()) {
            statement.execute("SET threads = 2");
        }
        try (RowScan scan = scan(source)) {
            assertThat(Duck.rows(duckdb, "SELECT n FROM " + scan.relation() + " ORDER BY n"))
                    .containsExactly(List.of(0), List.of(1));
        }
        assertThat(closed).hasValue(2);
    }

    @Test
    void jsonKeepsEveryKeyAndChangesNoValue() throws SQLException {
        String lines =
                """
                {"id":1,"name":"a","at":"2026-01-01T00:00:00Z","zip":"007","nested":{"x":[1,2]},"big":18446744073709551615}
                {"id":-2,"ID":"other","price":1.5,"ok":true,"nested":[],"name":null}

                {"qu\\"o'te":"\\u00e4","mixed":1,"id":9223372036854775807}
                {"mixed":"one"}
                """;
        try (RowScan scan = scan(text(Format.NDJSON, lines))) {
            assertThat(described(scan))
                    .containsExactly(
                            "id BIGINT",
                            "name VARCHAR",
                            "at VARCHAR",
                            "zip VARCHAR",
                            "nested VARCHAR",
                            "big DECIMAL(38,0)",
                            "ID_2 VARCHAR",
                            "price DOUBLE",
                            "ok BOOLEAN",
                            "qu\"o'te VARCHAR",
                            "mixed VARCHAR");
            assertThat(all(scan))
                    .containsExactly(
                            Arrays.asList(
                                    1L,
                                    "a",
                                    "2026-01-01T00:00:00Z",
                                    "007",
                                    "{\"x\":[1,2]}",
                                    new BigDecimal("18446744073709551615"),
                                    null,
                                    null,
                                    null,
                                    null,
                                    null),
                            Arrays.asList(-2L, null, null, null, "[]", null, "other", 1.5, true, null, null),
                            Arrays.asList(Long.MAX_VALUE, null, null, null, null, null, null, null, null, "ä", "1"),
                            Arrays.asList(null, null, null, null, null, null, null, null, null, null, "one"));
        }
    }

    @Test
    void readsAJsonArray() throws SQLException {
        try (RowScan scan = scan(text(Format.JSON_ARRAY, " [ {\"a\": 1},\n {\"a\": 2, \"b\": \"x\"} ] "))) {
            assertThat(all(scan)).containsExactly(Arrays.asList(1L, null), List.of(2L, "x"));
        }
    }

    @Test
    void readsCsvWithoutLosingWhatLooksLikeANumber() throws SQLException {
        String csv =
                """
                id,zip,price,day,at,ok,text,none
                1,007,1.50,2026-01-01,2026-01-01 10:00:00,true,"a, ""b""
                c",
                2,123,2,2025-12-31,2026-01-01 10:00:00.5,false,"",
                """;
        try (RowScan scan = scan(text(Format.CSV, csv))) {
            assertThat(described(scan))
                    .containsExactly(
                            "id BIGINT",
                            "zip VARCHAR",
                            "price DOUBLE",
                            "day DATE",
                            "at TIMESTAMP",
                            "ok BOOLEAN",
                            "text VARCHAR",
                            "none VARCHAR");
            assertThat(all(scan))
                    .containsExactly(
                            Arrays.asList(
                                    1L,
                                    "007",
                                    1.5,
                                    LocalDate.of(2026, 1, 1),
                                    LocalDateTime.of(2026, 1, 1, 10, 0),
                                    true,
                                    "a, \"b\"\nc",
                                    null),
                            Arrays.asList(
                                    2L,
                                    "123",
                                    2.0,
                                    LocalDate.of(2025, 12, 31),
                                    LocalDateTime.of(2026, 1, 1, 10, 0, 0, 500_000_000),
                                    false,
                                    "",
                                    null));
        }
    }

    @Test
    void emptyTextsHaveNoRows() throws SQLException {
        for (TextSource source : List.of(
                new TextSource(Format.NDJSON, null),
                text(Format.NDJSON, ""),
                text(Format.NDJSON, "\n\n"),
                text(Format.JSON_ARRAY, "[]"),
                text(Format.JSON_ARRAY, ""),
                text(Format.CSV, ""))) {
            try (RowScan scan = scan(source)) {
                assertThat(scan.columns()).isEmpty();
                assertThat(Duck.rows(duckdb, "SELECT * FROM " + scan.relation()))
                        .isEmpty();
            }
        }
        try (RowScan scan = scan(text(Format.CSV, "a,b\n"))) {
            assertThat(described(scan)).containsExactly("a VARCHAR", "b VARCHAR");
            assertThat(all(scan)).isEmpty();
        }
    }

    @Test
    void textThatIsNotWhatItSaysIsAFailureThatTellsNoRow() {
        for (TextSource source : List.of(
                text(Format.NDJSON, "{\"a\":1}\n{\"a\":\"secret\n"), text(Format.NDJSON, "5\n"),
                text(Format.JSON_ARRAY, "[{\"a\":1},{\"a\":\"secret"), text(Format.JSON_ARRAY, "{\"a\":1}"),
                text(Format.JSON_ARRAY, "<html>secret</html>"), text(Format.NDJSON, "[{\"a\":1}]"))) {
            assertThatThrownBy(() -> scan(source)).isInstanceOfSatisfying(FailureException.class, e -> {
                assertThat(e.failure().code()).isEqualTo("bad_data");
                assertThat(e.failure().detail()).doesNotContain("secret", staging.toString());
            });
        }
    }

    @Test
    void aStreamThatBreaksOffIsAFailure() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };
        assertThatThrownBy(() -> scan(new TextSource(Format.NDJSON, broken)))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("read_failed"));
    }
}
