package dev.serai.connector.sql.postgres;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.Failures;
import dev.serai.connector.sql.ReadWindow;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

/** Windows that a column bounds, by COPY and through a cursor; the judge of what lies in one is DuckDB. */
class PostgresWindowTest {
    private static final Postgres.Database DATABASE = Postgres.database();
    private static final PostgresProxy PROXY =
            new PostgresProxy(DATABASE).refuseCopy("0A000", "unimplemented: binary format for COPY TO not implemented");
    private static final PostgresDatabase COPYING = PostgresConfigs.open(DATABASE);
    private static final PostgresDatabase FETCHING = PostgresConfigs.open(PROXY.database());
    private static final Connection DUCKDB = open();
    /** Above all that datasets hold, where they are NULL: the lake passes over what a source sends of them. */
    private static final Set<String> BEYOND = Set.of("NaN", "infinity", "294276-12-31 23:59:59.999999");

    private static int tables;

    private static Connection open() {
        try {
            return Duck.open();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sessions that read and write times in a way of their own must make no difference. */
    @BeforeAll
    static void set() {
        DATABASE.executeAsSuperuser(
                "CREATE EXTENSION citext",
                "ALTER ROLE " + DATABASE.username() + " SET TimeZone = 'Asia/Tokyo'",
                "ALTER ROLE " + DATABASE.username() + " SET DateStyle = 'SQL, DMY'");
    }

    @AfterAll
    static void close() throws SQLException {
        DUCKDB.close();
        COPYING.close();
        FETCHING.close();
        PROXY.close();
    }

    /** @param values as literals in PostgreSQL */
    private record Values(String type, String... values) {
        /** In which A is between a and b, so that an order that is not said to be another one would show. */
        String collation() {
            return type.matches("text|citext|(var)?char.*") ? " COLLATE \"en-x-icu\"" : "";
        }

        @Override
        public String toString() {
            return type;
        }
    }

    static Stream<Values> types() {
        return Stream.of(
                new Values("smallint", "-32768", "-1", "0", "7", "32767"),
                new Values("integer", "-2147483648", "0", "9", "10", "2147483647"),
                new Values("bigint", "-9223372036854775808", "-1", "9007199254740993", "9223372036854775807"),
                new Values("numeric(10,2)", "-0.01", "0.00", "9.99", "10.00", "NaN"),
                new Values("numeric(38,10)", "-1", "1234567890123456789012345678.0123456789"),
                new Values("real", "-1.5", "0.1", "0.3", "16777217", "3e38"),
                new Values("double precision", "-1.5", "0.1", "0.30000000000000004", "1e300"),
                new Values("date", "-infinity", "0044-03-15 BC", "0001-01-01", "1999-12-31", "12026-02-28", "infinity"),
                new Values(
                        "timestamp",
                        "-infinity",
                        "4713-01-01 10:00:00.000001 BC",
                        "0044-03-15 10:00:00 BC",
                        "2024-01-31 10:00:00.123455",
                        "2024-01-31 10:00:00.123456",
                        "2024-01-31 10:00:00.123457",
                        "12026-02-28 00:00:00.5",
                        "294276-12-31 23:59:59.999999",
                        "infinity"),
                new Values(
                        "timestamptz",
                        "-infinity",
                        "0044-03-15 10:00:00.000001+00 BC",
                        "2024-10-27 00:59:59.999999+00",
                        "2024-10-27 01:00:00+00",
                        "2024-10-27 01:00:00.000001+00",
                        "12026-02-28 00:00:00+00",
                        "infinity"),
                new Values(
                        "uuid",
                        "00000000-0000-0000-0000-000000000000",
                        "019a0000-0000-7000-8000-000000000000",
                        "f0000000-0000-4000-8000-000000000000"),
                texts("text"),
                texts("varchar(20)"),
                texts("char(7)"),
                texts("citext"));
    }

    private static Values texts(String type) {
        return new Values(
                type, "", " ", "A", "B", "a", "a\tb", "a b", "ab", "aB", "a'b\\", "é", "z", "Z?$1", "\uFFFD", "😀",
                "\n");
    }

    @ParameterizedTest
    @MethodSource("types")
    void holdsExactlyTheRowsThatDuckDbPutsAtOrAboveItsBound(Values values) throws SQLException {
        String table = table(values);
        Rows all = Rows.of(COPYING.read(request(table, List.of("w", "id"), null)), DUCKDB);
        List<String> bounds = all.values().stream()
                .map(row -> row.get(0))
                .filter(Objects::nonNull)
                .distinct()
                .toList();

        for (int i = 0; i < bounds.size(); i++) {
            String from = bounds.get(i);
            // Each value in one way, and one in all ways.
            for (int way = 0; way < 8; way++) {
                if (way == i % 8 || i == bounds.size() / 2) {
                    boolean nulls = (way & 4) == 0;
                    Object read = (way & 1) == 0 ? table : "SELECT id, w FROM " + table + " -- all";
                    PostgresDatabase connector = (way & 2) == 0 ? COPYING : FETCHING;
                    assertThat(ids(connector, read, window("w", from, nulls)))
                            .as(from + " nulls=" + nulls + " " + read + (way & 2))
                            .isEqualTo(inDuckDb(all, values, from, nulls));
                }
            }
        }
        assertThat(ids(COPYING, table, window("w", null, false)))
                .hasSize(all.values().size());
    }

    private static String table(Values values) throws SQLException {
        String table = "t" + tables++;
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET DateStyle = 'ISO, YMD'");
            statement.execute("CREATE TABLE " + table + " (id int, w " + values.type() + values.collation() + ")");
            statement.execute("INSERT INTO " + table + " VALUES (0, NULL)");
            try (var insert = connection.prepareStatement(
                    "INSERT INTO " + table + " VALUES (?, ?::text::" + values.type() + ")")) {
                for (int i = 0; i < values.values().length; i++) {
                    insert.setInt(1, i + 1);
                    insert.setString(2, values.values()[i]);
                    insert.execute();
                }
            }
        }
        return table;
    }

    private static TreeSet<Integer> inDuckDb(Rows all, Values values, String from, boolean nulls) throws SQLException {
        TreeSet<Integer> ids = new TreeSet<>();
        String type = all.types().get(0);
        try (var inside = DUCKDB.prepareStatement("SELECT CAST(? AS " + type + ") >= CAST(? AS " + type + ")")) {
            for (List<@Nullable String> row : all.values()) {
                int id = Integer.parseInt(String.valueOf(row.get(1)));
                inside.setString(1, row.get(0));
                inside.setString(2, from);
                try (var answer = inside.executeQuery()) {
                    answer.next();
                    boolean high = answer.getBoolean(1);
                    if (answer.wasNull() ? nulls || (id > 0 && BEYOND.contains(values.values()[id - 1])) : high) {
                        ids.add(id);
                    }
                }
            }
        }
        return ids;
    }

    @ParameterizedTest
    @CsvSource({"numeric", "'numeric(50,4)'", "amount"})
    void tellsThePositionOfDecimalsThatAreTextInDatasets(String type) throws SQLException {
        DATABASE.execute(
                "DROP DOMAIN IF EXISTS amount CASCADE", "CREATE DOMAIN amount AS numeric CHECK (value < 1e40)");
        String table = table(new Values(
                type,
                "-123456789012345678901234567890.5",
                "-2",
                "0",
                "9",
                "10",
                "9007199254740993.0001",
                "123456789012345678901234567890.0001"));
        Rows all = Rows.of(COPYING.read(request(table, List.of("w", "id"), null)), DUCKDB);
        assertThat(all.types()).startsWith("VARCHAR");
        List<String> bounds = all.values().stream()
                .map(row -> row.get(0))
                .filter(Objects::nonNull)
                .toList();
        String highest = bounds.stream()
                .reduce((a, b) -> new BigDecimal(a).compareTo(new BigDecimal(b)) >= 0 ? a : b)
                .orElseThrow();

        for (String from : bounds) {
            TreeSet<Integer> expected = new TreeSet<>();
            for (List<@Nullable String> row : all.values()) {
                String value = row.get(0);
                if (value == null || new BigDecimal(value).compareTo(new BigDecimal(from)) >= 0) {
                    expected.add(Integer.valueOf(String.valueOf(row.get(1))));
                }
            }
            assertThat(ids(COPYING, table, window("w", from, true))).as(from).isEqualTo(expected);
            assertThat(ids(FETCHING, "SELECT * FROM " + table, window("w", from, true)))
                    .as(from)
                    .isEqualTo(expected);
        }
        assertThat(position(COPYING, request(table, List.of(), window("w", null, true))))
                .isEqualTo(highest);
        assertThat(position(FETCHING, request("TABLE " + table, List.of(), window("w", "9", false))))
                .isEqualTo(highest);
        assertThat(position(COPYING, request(table, List.of(), null))).isNull();
    }

    @Test
    void goesOnFromNoNumberThatIsNotFinite() throws SQLException {
        String table = table(new Values("numeric", "NaN", "Infinity", "-Infinity", "-5"));
        assertThat(position(COPYING, request(table, List.of(), window("w", null, true))))
                .isEqualTo("-5");
        DATABASE.execute("DELETE FROM " + table + " WHERE w = -5");
        assertThat(position(COPYING, request(table, List.of(), window("w", "-5", true))))
                .isNull();
        assertThat(ids(COPYING, table, window("w", "NaN", true))).containsExactly(0, 1, 2, 3);
    }

    @Test
    void tellsPositionAndRowsOfOneSnapshot() throws SQLException {
        String table = table(new Values("numeric", "1", "2"));
        for (PostgresDatabase connector : List.of(COPYING, FETCHING)) {
            BatchSource source = (BatchSource) connector.read(request(table, List.of("w"), window("w", "0", false)));
            int before = Integer.parseInt(source.position().orElseThrow());
            DATABASE.execute("INSERT INTO " + table + " VALUES (9, " + (before + 1) + ")");
            assertThat(Rows.of(source).values())
                    .extracting(row -> row.get(0))
                    .contains("" + before)
                    .doesNotContain("" + (before + 1));
            assertThat(position(connector, request(table, List.of(), window("w", "0", false))))
                    .isEqualTo("" + (before + 1));
        }
    }

    @Test
    void combinesWithFilterColumnsAndNamesOfAnyKind() {
        String column = "wa\"Ter?😀.$1' -- ";
        String quoted = '"' + column.replace("\"", "\"\"") + '"';
        DATABASE.execute(
                "CREATE TABLE \"Odd\" (id int, " + quoted + " bigint)",
                "INSERT INTO \"Odd\" SELECT i, nullif(i, 3) FROM generate_series(1, 10) i");
        for (PostgresDatabase connector : List.of(COPYING, FETCHING)) {
            Map<String, Object> request = new LinkedHashMap<>(request("Odd", List.of("id"), window(column, "5", true)));
            request.put("filter", "id % 2 = 1 OR false -- odd");
            Rows rows = Rows.of(connector.read(request));
            assertThat(rows.names()).containsExactly("id");
            assertThat(rows.values()).extracting(row -> row.get(0)).containsExactlyInAnyOrder("3", "5", "7", "9");
            assertThat(ids(
                            connector,
                            "SELECT id, " + quoted + " FROM \"Odd\" WHERE jsonb '{}' ? 'a'",
                            window(column, "9", false)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timestamptz|yesterday noon",
                "timestamp|abc",
                "date|2024-02-30",
                "integer|1e5x",
                "bigint|9223372036854775808",
                "numeric|1,5",
                "uuid|42",
                "date|5881580-07-10",
                "text|a\0b"
            })
    void aBoundThatIsNoneIsAClearFailure(String type, String from) throws SQLException {
        String table = table(new Values(type));
        Failure failure = Failures.of(() -> COPYING.read(request(table, List.of(), window("w", from, false))));
        assertThat(failure).isInstanceOf(Failure.Conflict.class);
        assertThat(failure.code()).isEqualTo("bad_watermark");
        assertThat(failure.detail())
                .contains("column w")
                .doesNotContainIgnoringCase("SELECT")
                .doesNotContain("::");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"boolean", "json", "jsonb", "bytea", "interval", "time", "int[]", "xid", "oid", "inet", "money"})
    void aColumnWithoutAnOrderNeedsAnotherWatermark(String type) throws SQLException {
        String table = table(new Values(type));
        for (Object read : List.of(table, "SELECT * FROM " + table)) {
            Failure failure = Failures.of(() -> COPYING.read(request(read, List.of(), window("w", null, true))));
            assertThat(failure.code()).isEqualTo("needs_watermark");
            assertThat(failure.detail()).contains("column w");
            assertThat(Failures.of(() -> COPYING.read(request(read, List.of(), window("gone", null, true))))
                            .code())
                    .isEqualTo("needs_watermark");
        }
    }

    /** In other encodings the bytes of a text sort otherwise. */
    @Test
    void comparesTextsByTheBytesOfUtf8InEveryDatabase() throws SQLException {
        Postgres.Database russian = Postgres.database();
        russian.executeAsSuperuser("CREATE DATABASE koi_" + russian.name()
                + " TEMPLATE template0 ENCODING 'KOI8R' LOCALE 'C' OWNER " + russian.username());
        var koi = new Postgres.Database(
                russian.host(), russian.port(), "koi_" + russian.name(), russian.username(), russian.password());
        koi.execute(
                "CREATE TABLE t (id int, w text)",
                "INSERT INTO t VALUES (1, 'а'), (2, 'б'), (3, 'в'), (4, 'ю'), (5, 'z')");
        try (PostgresDatabase connector = PostgresConfigs.open(koi)) {
            assertThat(ids(connector, "t", window("w", "в", false))).containsExactly(3, 4);
            assertThat(Failures.of(() -> connector.read(request("t", List.of(), window("w", "😀", false))))
                            .code())
                    .isEqualTo("bad_watermark");
        }
    }

    @ParameterizedTest
    @CsvSource({"at, 2026-01-01 00:00:00.5+00", "id, 99900", "small, 900", "w, y"})
    void anIndexOnTheColumnServes(String column, String from) throws SQLException {
        DATABASE.execute(
                "DROP TABLE IF EXISTS big",
                """
                CREATE TABLE big AS SELECT i AS id, timestamptz '2026-01-01 00:00Z' - (100000 - i) * interval '1 s' AS at,
                  (i / 100)::int2 AS small, chr(97 + i % 24) COLLATE "en-x-icu" AS w, repeat('x', 100) AS filler FROM generate_series(1, 100000) i
                """,
                "CREATE INDEX ON big (" + column + (column.equals("w") ? " COLLATE \"C\")" : ")"),
                "ANALYZE big");
        String query = "SELECT * FROM big WHERE filler <> ''";
        for (boolean nulls : List.of(false, true)) {
            ReadWindow window = new ReadWindow(column, from, nulls);
            for (PostgresRead read : List.of(
                    new PostgresRead("public", "big", null, List.of(), "filler <> ''", Long.MAX_VALUE, window, 1),
                    new PostgresRead(null, null, query, List.of(), null, Long.MAX_VALUE, window, 1))) {
                assertThat(explained(read))
                        .anyMatch(line -> line.contains("Index Cond"))
                        .noneMatch(line -> line.contains("Seq Scan"));
            }
        }
    }

    private static List<String> explained(PostgresRead read) throws SQLException {
        try (var lease = (ConnectionPool.Lease) COPYING.getConnection()) {
            String sql = read.plan(lease).cursor().substring(CursorRows.DECLARE.length());
            try (var plan = lease.createStatement().executeQuery("EXPLAIN " + sql)) {
                List<String> lines = new ArrayList<>();
                while (plan.next()) {
                    lines.add(plan.getString(1));
                }
                return lines;
            }
        }
    }

    private static Map<String, Object> window(String column, @Nullable String from, boolean nulls) {
        Map<String, Object> window = new LinkedHashMap<>(Map.of("column", column, "nulls", nulls));
        if (from != null) {
            window.put("from", from);
        }
        return window;
    }

    /** @param read a model's name, or a query */
    private static Map<String, Object> request(
            Object read, List<String> columns, @Nullable Map<String, Object> window) {
        Map<String, Object> request = new LinkedHashMap<>();
        if (String.valueOf(read).contains(" ")) {
            request.put("query", read);
        } else {
            request.put("model", Map.of("schema", "public", "name", read));
            request.put("columns", columns);
        }
        if (window != null) {
            request.put("window", window);
        }
        return request;
    }

    private static TreeSet<Integer> ids(PostgresDatabase connector, Object read, Map<String, Object> window) {
        Rows rows = Rows.of(connector.read(request(read, List.of("id"), window)), DUCKDB);
        int id = rows.names().indexOf("id");
        TreeSet<Integer> ids = new TreeSet<>();
        rows.values().forEach(row -> ids.add(Integer.valueOf(String.valueOf(row.get(id)))));
        return ids;
    }

    private static @Nullable String position(PostgresDatabase connector, Map<String, Object> request) {
        try (BatchSource source = (BatchSource) connector.read(request)) {
            return source.position().orElse(null);
        }
    }
}
