package dev.serai.rows;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.PgCopySource.Chunks;
import dev.serai.rows.PgCopySource.Field;
import dev.serai.rows.PgCopySource.Partition;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PgCopySourceTest {
    @TempDir
    static Path staging;

    static Postgres.Database database;
    static Connection postgres;
    static Connection duckdb;

    @BeforeAll
    static void connect() throws SQLException {
        database = Postgres.database();
        postgres = database.connect();
        duckdb = Duck.open();
    }

    @AfterAll
    static void disconnect() throws SQLException {
        postgres.close();
        duckdb.close();
    }

    /** Gives what PostgreSQL sends, cut into pieces of at most so many bytes. */
    private static Partition copy(String select, int pieces) {
        return () -> {
            Connection connection = database.connect();
            CopyOut copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
            return new Chunks() {
                private byte[] rest = {};

                @Override
                public byte @Nullable [] next() throws SQLException {
                    if (rest.length == 0) {
                        byte[] next = copy.readFromCopy();
                        if (next == null) {
                            return null;
                        }
                        rest = next;
                    }
                    int length = Math.min(pieces, rest.length);
                    byte[] piece = Arrays.copyOf(rest, length);
                    rest = Arrays.copyOfRange(rest, length, rest.length);
                    return piece;
                }

                @Override
                public void close() throws SQLException {
                    connection.close();
                }
            };
        };
    }

    private static Field field(String name, LogicalType type, PgWireType wire) {
        return new Field(Column.of(name, type), wire);
    }

    private static Field field(PgWireType wire) {
        return field("v", LogicalType.of(wire.kind()), wire);
    }

    private static List<@Nullable Object> values(Field field, String select, List<RowWarning> warnings)
            throws SQLException {
        PgCopySource source = new PgCopySource(List.of(field), -1, List.of(copy(select, Integer.MAX_VALUE)), () -> {});
        try (RowScan scan = RowScan.open(duckdb, source, staging, rows -> {})) {
            List<@Nullable Object> values = new ArrayList<>();
            try {
                for (List<@Nullable Object> row : Duck.rows(duckdb, "SELECT * FROM " + scan.relation())) {
                    values.add(row.get(0));
                }
            } catch (SQLException e) {
                throw scan.failure(e);
            }
            warnings.addAll(scan.warnings());
            return values;
        }
    }

    private static List<@Nullable Object> driverValues(String select, Class<?> type) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            List<@Nullable Object> values = new ArrayList<>();
            while (row.next()) {
                values.add(type == String.class ? row.getString(1) : row.getObject(1, type));
            }
            return values;
        }
    }

    private static void sameAsTheDriver(Field field, Class<?> type, String pgType, String... literals)
            throws SQLException {
        String select = "SELECT v::" + pgType + " AS v FROM unnest(ARRAY["
                + String.join(
                        ",", Arrays.stream(literals).map(v -> "'" + v + "'").toList())
                + ", NULL]::text[]) WITH ORDINALITY AS t(v, n) ORDER BY n";
        List<RowWarning> warnings = new ArrayList<>();
        List<@Nullable Object> got = values(field, select, warnings);
        assertThat(got).isEqualTo(driverValues(select, type)).hasSize(literals.length + 1);
        assertThat(warnings).isEmpty();
        assertThat(Duck.types(
                        duckdb,
                        "SELECT " + "CAST(NULL AS " + field.column().type().duckdb() + ")"))
                .containsExactly(field.column().type().duckdb());
    }

    @Test
    void decodesBooleansAndIntegers() throws SQLException {
        sameAsTheDriver(field(PgWireType.BOOL), Boolean.class, "bool", "t", "f");
        sameAsTheDriver(field(PgWireType.INT4), Integer.class, "int4", "0", "-1", "2147483647", "-2147483648");
        sameAsTheDriver(
                field(PgWireType.INT8), Long.class, "int8", "0", "-1", "9223372036854775807", "-9223372036854775808");
        assertThat(values(
                        field(PgWireType.INT2),
                        "SELECT v::int2 FROM (VALUES (32767), (-32768), (0)) t(v)",
                        new ArrayList<>()))
                .containsExactly((short) 32767, (short) -32768, (short) 0);
    }

    @Test
    void decodesFloatsBitByBit() throws SQLException {
        sameAsTheDriver(
                field(PgWireType.FLOAT4),
                Float.class,
                "float4",
                "0",
                "-1.5",
                "3.4028235e38",
                "1e-45",
                "NaN",
                "-Infinity");
        sameAsTheDriver(
                field(PgWireType.FLOAT8),
                Double.class,
                "float8",
                "0.1",
                "-0",
                "1.7976931348623157e308",
                "5e-324",
                "NaN",
                "Infinity");
    }

    @Test
    void decodesNumericsOfAnyScale() throws SQLException {
        for (int[] type : new int[][] {
            {1, 0}, {4, 4}, {5, 2}, {9, 3}, {15, 2}, {18, 0}, {18, 2}, {18, 5}, {18, 18}, {19, 2}, {38, 0}, {38, 10},
            {38, 38}
        }) {
            int precision = type[0];
            int scale = type[1];
            List<BigDecimal> values = new ArrayList<>();
            BigDecimal unit = BigDecimal.ONE.movePointLeft(scale);
            BigDecimal largest =
                    BigDecimal.TEN.pow(precision).subtract(BigDecimal.ONE).movePointLeft(scale);
            for (BigDecimal value = unit; value.compareTo(largest) <= 0; value = value.multiply(BigDecimal.TEN)) {
                values.add(value);
                values.add(value.multiply(BigDecimal.valueOf(3)).min(largest));
                values.add(largest.subtract(value));
                values.add(value.negate());
            }
            values.add(largest);
            values.add(largest.negate());
            values.add(BigDecimal.ZERO);
            Field field = field("v", LogicalType.decimal(precision, scale), PgWireType.NUMERIC);
            sameAsTheDriver(
                    field,
                    BigDecimal.class,
                    "numeric(" + precision + "," + scale + ")",
                    values.stream().map(BigDecimal::toPlainString).toArray(String[]::new));
        }
    }

    @Test
    void numericsThatAreNoNumbersBecomeNullAndAreCounted() throws SQLException {
        List<RowWarning> warnings = new ArrayList<>();
        Field field = field("v", LogicalType.decimal(10, 2), PgWireType.NUMERIC);
        assertThat(values(
                        field,
                        "SELECT v::numeric FROM unnest('{NaN,1.5,NaN,Infinity,-Infinity}'::text[]) t(v)",
                        warnings))
                .containsExactly(null, new BigDecimal("1.50"), null, null, null);
        assertThat(warnings)
                .containsExactly(new RowWarning("v", "infinite_to_null", 2), new RowWarning("v", "nan_to_null", 2));
    }

    @Test
    void aNumericBeyondItsColumnIsAFailureAndNeverAnotherValue() {
        for (String value : List.of("100000000.00", "0.001", "1e30", "1e-30")) {
            Field field = field("v", LogicalType.decimal(10, 2), PgWireType.NUMERIC);
            assertThatThrownBy(() -> values(field, "SELECT '" + value + "'::numeric", new ArrayList<>()))
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure().code()).isEqualTo("bad_value"));
        }
    }

    @Test
    void decodesTexts() throws SQLException {
        String[] texts = {"", "abc", "ä€𝄞", "a\"b\\n", "x".repeat(100_000)};
        sameAsTheDriver(field(PgWireType.TEXT), String.class, "text", texts);
        sameAsTheDriver(field(PgWireType.TEXT), String.class, "varchar", "", "é");
        sameAsTheDriver(field(PgWireType.TEXT), String.class, "char(5)", "ab", "é");
        sameAsTheDriver(field(PgWireType.TEXT), String.class, "json", "{\"b\": 1, \"a\":[ ]}", "null");
        sameAsTheDriver(field(PgWireType.JSONB), String.class, "jsonb", "{\"b\": 1, \"a\":[ ]}", "null");
        assertThat(values(
                        field(PgWireType.UUID),
                        "SELECT '0123ABCD-89ef-4567-8a9b-fedcba987654'::uuid",
                        new ArrayList<>()))
                .containsExactly("0123abcd-89ef-4567-8a9b-fedcba987654");
    }

    @Test
    void decodesEnums() throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            statement.execute("CREATE TYPE mood AS ENUM ('sad', 'ök')");
        }
        sameAsTheDriver(field(PgWireType.TEXT), String.class, "mood", "sad", "ök");
    }

    @Test
    void decodesBytes() throws SQLException {
        List<List<@Nullable Object>> rows;
        PgCopySource source = new PgCopySource(
                List.of(field(PgWireType.BYTEA)),
                -1,
                List.of(copy("SELECT v FROM (VALUES ('\\x00ff7f80'::bytea), (''), (NULL)) t(v)", 7)),
                () -> {});
        try (RowScan scan = RowScan.open(duckdb, source, staging, n -> {})) {
            rows = Duck.rows(duckdb, "SELECT typeof(v), hex(v) FROM " + scan.relation());
        }
        assertThat(rows).containsExactly(List.of("BLOB", "00FF7F80"), List.of("BLOB", ""), Arrays.asList("BLOB", null));
    }

    @Test
    void decodesDatesAndTimes() throws SQLException {
        sameAsTheDriver(
                field(PgWireType.DATE),
                LocalDate.class,
                "date",
                "1970-01-01",
                "2000-02-29",
                "1582-10-04",
                "0001-01-01",
                "9999-12-31");
        sameAsTheDriver(
                field(PgWireType.TIMESTAMP),
                LocalDateTime.class,
                "timestamp",
                "1970-01-01 00:00:00",
                "1999-12-31 23:59:59.999999",
                "2026-03-29 02:30:00",
                "0001-01-01 00:00:00",
                "9999-12-31 23:59:59.999999");
        List<RowWarning> none = new ArrayList<>();
        assertThat(values(field(PgWireType.TIMESTAMPTZ), "SELECT '2026-03-29 02:30:00.000001+02'::timestamptz", none))
                .containsExactly(OffsetDateTime.of(2026, 3, 29, 0, 30, 0, 1000, ZoneOffset.UTC));
        assertThat(none).isEmpty();
    }

    @Test
    void keepsDatesBeforeChristAndFarAhead() throws SQLException {
        PgCopySource source = new PgCopySource(
                List.of(
                        field("d", LogicalType.of(Kind.DATE), PgWireType.DATE),
                        field("t", LogicalType.of(Kind.TIMESTAMP), PgWireType.TIMESTAMP)),
                -1,
                List.of(copy(
                        "SELECT v::date, v::timestamp FROM unnest('{4714-11-24 BC,12345-06-07,294246-12-31}'::text[]) t(v)",
                        3)),
                () -> {});
        try (RowScan scan = RowScan.open(duckdb, source, staging, n -> {})) {
            assertThat(Duck.rows(duckdb, "SELECT d::VARCHAR, t::VARCHAR FROM " + scan.relation()))
                    .containsExactly(
                            List.of("4714-11-24 (BC)", "4714-11-24 (BC) 00:00:00"),
                            List.of("12345-06-07", "12345-06-07 00:00:00"),
                            List.of("294246-12-31", "294246-12-31 00:00:00"));
        }
    }

    @Test
    void infiniteAndTooLateTimesBecomeNullAndAreCounted() throws SQLException {
        List<RowWarning> warnings = new ArrayList<>();
        assertThat(values(
                        field(PgWireType.DATE),
                        "SELECT v::date FROM unnest('{infinity,-infinity}'::text[]) t(v)",
                        warnings))
                .containsExactly(null, null);
        assertThat(values(
                        field(PgWireType.TIMESTAMPTZ),
                        "SELECT v::timestamptz FROM unnest('{infinity,-infinity,294276-12-31 00:00:00Z}'::text[]) t(v)",
                        warnings))
                .containsExactly(null, null, null);
        assertThat(warnings)
                .containsExactly(
                        new RowWarning("v", "infinite_to_null", 2),
                        new RowWarning("v", "infinite_to_null", 2),
                        new RowWarning("v", "out_of_range_to_null", 1));
    }

    @Test
    void rowsMayBeCutAnywhere() throws SQLException {
        for (int pieces : new int[] {1, 2, 5, 19, 20}) {
            PgCopySource source = new PgCopySource(
                    List.of(
                            field("n", LogicalType.of(Kind.INTEGER), PgWireType.INT4),
                            field("t", LogicalType.of(Kind.VARCHAR), PgWireType.TEXT)),
                    -1,
                    List.of(copy("SELECT n, 'row ' || n FROM generate_series(1, 5000) n", pieces)),
                    () -> {});
            try (RowScan scan = RowScan.open(duckdb, source, staging, n -> {})) {
                assertThat(Duck.rows(
                                duckdb,
                                "SELECT count(*), sum(n), count(*) FILTER (t = 'row ' || n) FROM " + scan.relation()))
                        .containsExactly(List.of(5000L, new java.math.BigInteger("12502500"), 5000L));
            }
        }
    }

    @Test
    void anEmptySelectGivesNoRows() throws SQLException {
        assertThat(values(field(PgWireType.INT4), "SELECT 1 WHERE false", new ArrayList<>()))
                .isEmpty();
    }

    @Test
    void aFailureOfTheServerComesBackAsTheSourcesOwn() {
        FailureException told =
                new FailureException(new Failure.Source(Failure.Layer.READ, "connection_lost", "gone", true));
        AtomicBoolean closed = new AtomicBoolean();
        PgCopySource source =
                new PgCopySource(List.of(field(PgWireType.INT4)), -1, List.of(failing(told)), () -> closed.set(true));
        try (RowScan scan = RowScan.open(duckdb, source, staging, n -> {})) {
            assertThatThrownBy(() -> Duck.rows(duckdb, "SELECT * FROM " + scan.relation()))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(scan.failure(e)).isSameAs(told));
        }
        assertThat(closed).isTrue();
    }

    @Test
    void aStreamWithoutItsTrailerIsAFailure() throws Exception {
        byte[] all = PgCopies.bytes(postgres, "SELECT 1");
        for (int length = 0; length < all.length; length++) {
            PgCopySource source = new PgCopySource(
                    List.of(field(PgWireType.INT4)), -1, List.of(PgCopies.only(Arrays.copyOf(all, length))), () -> {});
            try (RowScan scan = RowScan.open(duckdb, source, staging, n -> {})) {
                assertThatThrownBy(() -> Duck.rows(duckdb, "SELECT * FROM " + scan.relation()))
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(scan.failure(e))
                                .hasMessageStartingWith("truncated"));
            }
        }
    }

    @Test
    void readsPartitionsSideBySideAndTellsProgress() throws SQLException {
        List<String> told = new CopyOnWriteArrayList<>();
        ReadProgress progress = new ReadProgress() {
            @Override
            public void rows(long soFar) {
                told.add(soFar + " rows");
            }

            @Override
            public void complete() {
                told.add("complete");
            }
        };
        List<Partition> partitions = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < 5; i++) {
            byte[] copy = PgCopies.bytes(
                    postgres, "SELECT n FROM generate_series(" + (i * 1000) + ", " + (i * 1000 + 999) + ") n");
            bytes += copy.length;
            partitions.add(PgCopies.only(copy));
        }
        PgCopySource source = new PgCopySource(List.of(field(PgWireType.INT4)), 5000, partitions, () -> {});
        try (RowScan scan = RowScan.open(duckdb, source, staging, progress)) {
            assertThat(Duck.rows(duckdb, "SELECT count(DISTINCT v), min(v), max(v) FROM " + scan.relation()))
                    .containsExactly(List.of(5000L, 0, 4999));
        }
        assertThat(told).endsWith("5000 rows", "complete").containsOnlyOnce("complete");
        assertThat(source.bytesRead()).isEqualTo(bytes);
    }

    private static Partition failing(FailureException failure) {
        return () -> {
            throw failure;
        };
    }
}
