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
import java.util.stream.Collectors;
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
    private static final Path REFUSED = Path.of("src/test/resources/query/functions-refused.txt");

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

    /** What a new DuckDB brings is refused until somebody has looked at it, and has written it into one of the lists. */
    @Test
    void everyFunctionOfThisDuckdbIsAllowedOrRefusedByName() throws Exception {
        Set<String> known = new TreeSet<>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var functions = statement.executeQuery("SELECT DISTINCT CASE function_type WHEN 'table' THEN 'from'"
                        + " WHEN 'table_macro' THEN 'from' WHEN 'pragma' THEN 'pragma' ELSE 'call' END || ' ' ||"
                        + " lower(function_name) FROM duckdb_functions() WHERE"
                        + " NOT regexp_matches(function_name, '^(icu_)?collate_')")) {
            while (functions.next()) {
                known.add(functions.getString(1));
            }
        }
        Set<String> refused = Files.readAllLines(REFUSED).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> allowed = SqlFunctions.all();
        assertThat(refused).doesNotContainAnyElementsOf(allowed);
        assertThat(known).hasSizeGreaterThan(800).isSubsetOf(union(allowed, refused));
        assertThat(known).containsAll(refused);
        // These the parser makes of other syntax.
        assertThat(known).containsAll(without(allowed, "call unnest"));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new TreeSet<>(one);
        both.addAll(other);
        return both;
    }

    private static Set<String> without(Set<String> all, String one) {
        Set<String> rest = new TreeSet<>(all);
        rest.remove(one);
        return rest;
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
