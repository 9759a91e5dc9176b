package dev.serai.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SQL that wants what it may not have, by callers of each role, while another project lies beside: refused before it
 * runs, with the code and the position of {@code query/attacks.txt}, and nothing is left of it.
 */
class SqlAttacksTest {
    private static final Path LIST = Path.of("src/test/resources/query/attacks.txt");
    private static final String PROJECT = "attacks";
    private static final String OTHER_PROJECT = "attacked";
    private static final String MARK = "▲";
    private static final String PLANTED = "planted-3f9a1c";
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private static ApiWorld world;
    private static ApiWorld other;
    private static String hidden;
    private static Map<String, String> names;
    private static Set<String> files;

    /** @param sql with a mark before the place that the problem tells, where it tells one */
    record Attack(String code, String sql) {
        static Attack of(String line) {
            String[] parts = line.split("\t", 2);
            return new Attack(parts[0], parts[1]);
        }

        int status() {
            return code.equals("invalid") ? 422 : 400;
        }
    }

    @BeforeAll
    static void twoProjects() throws IOException {
        world = new ApiWorld(SERAI, PROJECT);
        other = new ApiWorld(SERAI, OTHER_PROJECT);
        String connector = world.newConnector();
        hidden = ApiWorld.unique("hidden_sales");
        world.newDataset(
                connector,
                Map.of("model", "public.items", "name", hidden, "readers", List.of("finance"), "mode", "full"));
        world.sync(connector);
        Path planted = SERAI.folder().resolve("planted.csv");
        Files.writeString(planted, "a,b\n" + PLANTED + ",1\n");
        names = Map.of(
                "{mine}", world.datasetName(),
                "{other}", other.datasetName(),
                "{OTHER}", other.datasetName().toUpperCase(Locale.ROOT),
                "{otherProject}", OTHER_PROJECT,
                "{otherId}", other.dataset(),
                "{own}", parquet(PROJECT, world.dataset()),
                "{theirs}", parquet(OTHER_PROJECT, other.dataset()),
                "{file}", planted.toString(),
                "{folder}", SERAI.folder().toString());
        world.as("viewer").post("/api/query", Map.of("sql", "SELECT 1")).expect(200);
        files = files();
    }

    private static String parquet(String project, String dataset) throws IOException {
        try (Stream<Path> found = Files.walk(SERAI.folder().resolve("data/lake/" + project + "/" + dataset))) {
            return found.filter(path -> path.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    /** All below the folders of this Serai, but what belongs to processes that come and go. */
    private static Set<String> files() {
        try (Stream<Path> found = Files.walk(SERAI.folder())) {
            return found.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(path -> !path.contains("/metadata/") && !path.contains("/data/tmp/query/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Attack> attacks() throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Attack::of)
                .toList();
    }

    private static String text(String template) {
        String sql = template;
        for (Map.Entry<String, String> name : names.entrySet()) {
            sql = sql.replace(name.getKey(), name.getValue());
        }
        return UNICODE.matcher(sql)
                .replaceAll(code -> String.valueOf((char) Integer.parseInt(code.group(1), 16)))
                .translateEscapes();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefusedToEverybody(Attack attack) {
        String marked = text(attack.sql());
        String sql = marked.replace(MARK, "");
        int at = marked.indexOf(MARK);
        String position = at < 0 ? "" : String.valueOf(marked.codePointCount(0, at) + 1);
        for (String role : List.of("admin", "member", "viewer")) {
            Reply reply = world.as(role).post("/api/query", Map.of("sql", sql));
            assertThat(reply.status()).as("%s: %s", sql, reply.text()).isEqualTo(attack.status());
            JsonNode problem = reply.problem(attack.status());
            assertThat(problem.path("code").asText()).as(sql).isEqualTo(attack.code());
            assertThat(problem.path("position").asText()).as("%s", problem).isEqualTo(position);
            assertThat(problem.path("retryable").asBoolean(true)).isFalse();
            assertThat(reply.text()).doesNotContain(PLANTED, "root:", "dev.serai", "Exception");
        }
    }

    @AfterAll
    static void nothingIsLeftOfThem() {
        assertThat(world.as("viewer")
                        .post("/api/query", Map.of("sql", "SELECT count(*) FROM " + world.datasetName()))
                        .expect(200)
                        .at("/rows/0/0")
                        .asInt())
                .isEqualTo(250);
        assertThat(files()).isEqualTo(files);
    }

    @Test
    void areManyAndDiffer() throws IOException {
        assertThat(attacks()).hasSizeGreaterThan(250).doesNotHaveDuplicates();
    }

    private static List<String> waysTo(String name) {
        return List.of(
                "SELECT * FROM " + name,
                "FROM " + name.toUpperCase(Locale.ROOT),
                "SELECT * FROM \"" + name + "\" AS x",
                "TABLE " + name,
                "DESCRIBE " + name,
                "SUMMARIZE " + name,
                "SELECT (SELECT max(id) FROM " + name + ")",
                "SELECT 1 WHERE EXISTS (FROM " + name + ")",
                "WITH x AS (FROM " + name + ") FROM x",
                "WITH " + name + "2 AS MATERIALIZED (FROM " + name + ") FROM " + name + "2",
                "SELECT * FROM " + world.datasetName() + " JOIN " + name + " USING (id)",
                "SELECT * FROM " + world.datasetName() + " AS a, LATERAL (SELECT * FROM " + name + " WHERE id = a.id)",
                "PIVOT " + name + " ON id IN (1) USING max(id)",
                "UNPIVOT " + name + " ON id INTO NAME n VALUE v",
                "SELECT 1 UNION ALL SELECT id FROM " + name,
                "SELECT * FROM (" + name + ")");
    }

    @Test
    void aDatasetThatTheViewerMayNotReadIsReachedInNoWay() {
        HttpCaller viewer = SERAI.as("viewer", PROJECT, "staff");
        HttpCaller reader = SERAI.as("viewer", PROJECT, "finance");
        for (String sql : waysTo(hidden)) {
            reader.post("/api/query", Map.of("sql", sql)).expect(200);
            world.as("member").post("/api/query", Map.of("sql", sql)).expect(200);
            JsonNode problem = viewer.post("/api/query", Map.of("sql", sql)).problem(400);
            assertThat(problem.path("code").asText()).as(sql).isEqualTo("unknown_dataset");
        }
    }

    /** A common table of the same name stands for itself, and only where it can be seen. */
    @Test
    void aNameThatACommonTableHasReachesNoDatasetBehindIt() {
        HttpCaller viewer = SERAI.as("viewer", PROJECT, "staff");
        String shadow = "WITH " + hidden + " AS (SELECT 7 AS id) ";
        assertThat(viewer.post("/api/query", Map.of("sql", shadow + "FROM " + hidden))
                        .expect(200)
                        .at("/rows")
                        .toString())
                .isEqualTo("[[7]]");
        for (String sql : List.of(
                "SELECT * FROM (" + shadow + "SELECT 1), " + hidden,
                "WITH " + hidden + " AS (FROM " + hidden + ") FROM " + hidden,
                "SELECT (" + shadow + "SELECT max(id) FROM " + hidden + "), id FROM " + hidden)) {
            JsonNode problem = viewer.post("/api/query", Map.of("sql", sql)).problem(400);
            assertThat(problem.path("code").asText()).as(sql).isEqualTo("invalid_sql");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h\u0456dden", "\uff48idden", "hidden\u200b", "\u200dhidden", "hi\u0064\u0323den", "HIDDEN\u0000"
            })
    void aNameThatOnlyLooksTheSameIsAnother(String prefix) {
        String name = hidden.replace("hidden", prefix);
        Reply reply = world.as("member").post("/api/query", Map.of("sql", "SELECT * FROM \"" + name + "\""));
        assertThat(reply.problem(400).path("code").asText()).isIn("unknown_dataset", "syntax_error");
    }

    @Test
    void aSimilarNameIsSuggestedOnlyWhereTheCallerMayReadIt() {
        String misspelt = hidden.replace("sales", "salse");
        String sql = "SELECT *\nFROM " + misspelt;
        JsonNode told =
                world.as("member").post("/api/query", Map.of("sql", sql)).problem(400);
        assertThat(told.path("detail").asText()).endsWith("Did you mean " + hidden + "?");
        assertThat(told.path("position").asInt()).isEqualTo(sql.indexOf(misspelt) + 1);
        for (HttpCaller caller : List.of(SERAI.as("viewer", PROJECT, "staff"), SERAI.as("admin", OTHER_PROJECT))) {
            assertThat(caller.post("/api/query", Map.of("sql", sql))
                            .problem(400)
                            .path("detail")
                            .asText())
                    .isEqualTo("There is no dataset named " + misspelt + ".");
        }
    }

    /** Text that looks like a path is text. */
    @Test
    void aValueThatLooksLikeAPathIsAValue() {
        List<String> rows = new ArrayList<>();
        world.as("viewer")
                .post(
                        "/api/query",
                        Map.of(
                                "sql",
                                "SELECT ?, '/etc/passwd', \"read_text('x')\" FROM (SELECT 1 AS \"read_text('x')\")",
                                "params",
                                List.of("/etc/passwd")))
                .expect(200)
                .at("/rows/0")
                .forEach(value -> rows.add(value.asText()));
        assertThat(rows).containsExactly("/etc/passwd", "/etc/passwd", "1");
    }
}
