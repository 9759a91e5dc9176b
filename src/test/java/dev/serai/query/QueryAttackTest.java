package dev.serai.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class QueryAttackTest {
    /**
     * Names of this DuckDB's functions that were looked at and found harmless, besides the operators. After an upgrade,
     * {@code -Dserai.write-reviewed-functions=true} writes what is allowed now: look at the difference.
     */
    private static final Path REVIEWED = Path.of("src/test/resources/query/functions.txt");

    @TempDir
    static Path folder;

    static QueryBench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = new QueryBench(folder);
        bench.table("mine", "SELECT 1 AS id");
        // A neighbour's table: a file that lies there and that no relation names.
        new QueryBench(folder).table("theirs", "SELECT 'secret' AS s");
        Files.writeString(folder.resolve("secret.csv"), "secret\n");
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_parquet('%s/theirs-0.parquet')",
                "SELECT * FROM parquet_scan('%s/theirs-0.parquet')",
                "SELECT * FROM '%s/theirs-0.parquet'",
                "SELECT * FROM \"%s/theirs-0.parquet\"",
                "SELECT * FROM read_parquet('%s/mine-0.parquet')",
                "SELECT * FROM read_text('%s/secret.csv')",
                "SELECT * FROM read_blob('%s/secret.csv')",
                "SELECT * FROM read_csv('%s/secret.csv')",
                "SELECT * FROM read_csv_auto('%s/secret.csv')",
                "SELECT * FROM main.read_csv('%s/secret.csv')",
                "SELECT * FROM system.main.read_text('/etc/passwd')",
                "SELECT * FROM READ_TEXT('/etc/passwd')",
                "SELECT * FROM \"read_text\"('/etc/passwd')",
                "SELECT * FROM sniff_csv('/etc/passwd')",
                "SELECT * FROM glob('%s/*')",
                "SELECT * FROM parquet_metadata('%s/theirs-0.parquet')",
                "SELECT * FROM query('SELECT * FROM ''%s/secret.csv''')",
                "SELECT * FROM query_table('%s/secret.csv')",
                "SELECT * FROM json_execute_serialized_sql('{}')",
                "SELECT * FROM duckdb_settings()",
                "SELECT * FROM duckdb_views()",
                "SELECT * FROM duckdb_secrets()",
                "SELECT * FROM information_schema.tables",
                "SELECT * FROM pg_catalog.pg_views",
                "SELECT * FROM duckdb_views",
                "SELECT * FROM sqlite_master",
                "SELECT * FROM main.mine",
                "SELECT * FROM arrow_scan(1, 2, 3)",
                "SELECT * FROM seq_scan('mine')",
                "SELECT * FROM histogram('mine', 'id')",
                "SELECT * FROM pragma_table_info('mine')",
                "SELECT * FROM checkpoint()",
                "SELECT * FROM (SELECT 1), LATERAL (SELECT * FROM read_text('/etc/passwd'))",
                "SELECT (SELECT content FROM read_text('/etc/passwd'))",
                "WITH x AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM x",
                "WITH x AS MATERIALIZED (FROM glob('*')) SELECT * FROM x",
                "SELECT * FROM mine ORDER BY (SELECT max(content) FROM read_text('/etc/passwd'))",
                "SELECT list_transform([1], lambda x : (SELECT max(content) FROM read_text('/etc/passwd')))",
                "SELECT 1 UNION ALL SELECT content FROM read_text('/etc/passwd')",
                "PIVOT (FROM read_text('/etc/passwd')) ON filename IN ('a') USING max(content)",
                "SELECT * FROM (PIVOT (FROM read_text('/etc/passwd')) ON filename IN ('a') USING max(content))",
                "DESCRIBE SELECT * FROM read_text('/etc/passwd')",
                "SUMMARIZE '%s/secret.csv'",
                "SHOW TABLES",
                "SHOW ALL TABLES",
                "SELECT * FROM (SHOW TABLES)",
                "SELECT current_setting('allowed_paths')",
                "SELECT getenv('HOME')",
                "SELECT getvariable('x')",
                "SELECT pg_get_viewdef(0)",
                "SELECT json_serialize_plan('SELECT * FROM mine')",
                "SELECT write_log('x')",
                "SELECT sleep_ms(1000000)",
                "COPY mine TO '%s/out.csv'",
                "COPY (SELECT 1) TO '%s/out.csv'",
                "ATTACH '%s/other.db'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SET enable_external_access = true",
                "RESET ALL",
                "PRAGMA database_list",
                "CALL pragma_version()",
                "CREATE TABLE t AS SELECT 1",
                "CREATE MACRO f() AS 1",
                "INSERT INTO mine VALUES (2)",
                "UPDATE mine SET id = 2",
                "DELETE FROM mine",
                "DROP VIEW mine",
                "EXPORT DATABASE '%s/out'",
                "PREPARE p AS SELECT 1",
                "EXECUTE p",
                "EXPLAIN SELECT 1",
                "VACUUM",
                "SELECT 1; COPY mine TO '%s/out.csv'",
                "SELECT 1 INTO t",
                "WITH x AS (INSERT INTO mine VALUES (2) RETURNING *) SELECT * FROM x",
                "SELECT * FROM mine) UNION ALL SELECT * FROM (SELECT 1",
            })
    void isRefusedBeforeItRuns(String attack) {
        String sql = attack.replace("%s", folder.toString());
        FailureException refused =
                catchThrowableOfType(FailureException.class, () -> bench.text(sql, ResultFormat.JSON));
        assertThat(refused).as(sql).isNotNull();
        assertThat(refused.failure()).isInstanceOf(Failure.Unreadable.class);
        assertThat(refused.failure().detail()).doesNotContain("root:", "secret\n");
        assertThat(folder.resolve("out.csv")).doesNotExist();
    }

    /** The walls behind the first one: what a locked instance itself refuses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_parquet('%s/theirs-0.parquet')",
                "SELECT * FROM read_text('/etc/passwd')",
                "COPY (SELECT 1) TO '%s/out.csv'",
                "ATTACH '%s/other.db'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SET enable_external_access = true",
                "SET allowed_paths = ['/etc/passwd']",
                "SET temp_directory = '/tmp'",
                "SET memory_limit = '100GB'",
            })
    void isRefusedByTheInstanceToo(String attack) throws Exception {
        List<Path> files = List.of(folder.resolve("mine-0.parquet"));
        try (Sandbox sandbox = Sandbox.locked(
                        new Sandbox.Limits(1, 1 << 27, 1 << 27), folder.resolve("tmp/query/spill"), files);
                var statement = sandbox.connection().createStatement()) {
            String sql = attack.replace("%s", folder.toString());
            assertThatThrownBy(() -> statement.execute(sql)).isInstanceOf(SQLException.class);
        }
        assertThat(folder.resolve("out.csv")).doesNotExist();
    }

    @Test
    void allowsNoFunctionThatNobodyLookedAt() throws Exception {
        Set<String> allowed = new TreeSet<>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var functions = statement.executeQuery("SELECT DISTINCT function_name FROM duckdb_functions() WHERE"
                        + " function_type IN ('scalar', 'aggregate', 'macro', 'window')"
                        + " AND regexp_matches(function_name, '^[a-zA-Z_]')"
                        + " AND NOT regexp_matches(function_name, '^(icu_)?collate_')")) {
            while (functions.next()) {
                String name = functions.getString(1).toLowerCase(java.util.Locale.ROOT);
                if (SqlFunctions.allowed(name)) {
                    allowed.add(name);
                }
            }
        }
        if (Boolean.getBoolean("serai.write-reviewed-functions")) {
            Files.createDirectories(REVIEWED.getParent());
            Files.write(REVIEWED, allowed);
        }
        assertThat(allowed).hasSizeGreaterThan(500).isEqualTo(new TreeSet<>(Files.readAllLines(REVIEWED)));
    }

    /** Each of these ended the process when it was parsed or planned on an ordinary thread. */
    static Stream<String> deep() {
        return Stream.of(
                "describe ".repeat(20_000) + "SELECT 1",
                "describe ".repeat(400) + "SELECT 1",
                "SELECT 1" + " EXCEPT SELECT 1".repeat(12_000),
                "SELECT 1" + " EXCEPT SELECT 1".repeat(400),
                "SELECT 1 FROM mine" + ", mine".repeat(30_000),
                "SELECT 1 FROM mine" + ", mine".repeat(900),
                "SELECT 1" + " + 1".repeat(900),
                "SELECT 1" + " + 1".repeat(300),
                "SELECT " + "NOT ".repeat(900) + "true",
                "SELECT " + "CASE WHEN true THEN ".repeat(900) + "1" + " END".repeat(900),
                "SELECT " + "CASE WHEN true THEN ".repeat(150) + "1" + " END".repeat(150),
                "SELECT 1" + " UNION ALL SELECT 1".repeat(10_000),
                "SELECT " + "'".repeat(199_990));
    }

    @ParameterizedTest
    @MethodSource("deep")
    void survivesSqlOfAnyDepth(String sql) throws Exception {
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread ordinary = new Thread(
                null,
                () -> {
                    try {
                        bench.text(sql, ResultFormat.JSON);
                    } catch (FailureException e) {
                        outcome.set(e);
                    }
                },
                "ordinary",
                1 << 20);
        ordinary.start();
        ordinary.join(60_000);
        assertThat(ordinary.isAlive()).isFalse();
        if (outcome.get() instanceof FailureException refused) {
            assertThat(refused.failure()).isInstanceOf(Failure.Unreadable.class);
        }
    }

    @Test
    void hidesColumnsThatOnlyTheFilesHave() {
        FailureException refused = catchThrowableOfType(
                FailureException.class, () -> bench.text("SELECT filename FROM mine", ResultFormat.JSON));
        assertThat(refused.failure().code()).isEqualTo("invalid_sql");
    }
}
