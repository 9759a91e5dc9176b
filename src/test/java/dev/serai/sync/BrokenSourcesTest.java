package dev.serai.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Json;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.CutServer;
import dev.serai.testing.CutServer.End;
import dev.serai.testing.CuttingProxy;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Sources that die while they are read: the old rows stay, nothing else does, and the run says what happened. */
class BrokenSourcesTest {
    private static final AtomicInteger PROJECTS = new AtomicInteger();

    private final RunningSerai serai = RunningSerai.shared();
    private final Connectors connectors = serai.bean(Connectors.class);
    private final Datasets datasets = serai.bean(Datasets.class);
    private final Syncs syncs = serai.bean(Syncs.class);
    private final Lake lake = serai.bean(Lake.class);
    private final String project = "broken-" + PROJECTS.incrementAndGet();
    private final CutServer server = new CutServer();

    @BeforeAll
    static void addTheType() throws IOException {
        HttpType.add(RunningSerai.shared());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private Dataset dataset(Connector connector, String json) {
        return datasets.create(project, Json.object(json.replace('\'', '"')).put("connector_id", connector.id()));
    }

    private Run start(Connector connector) {
        return syncs.start(project, connector.id(), null, null, "manual", "tester");
    }

    private Run ended(Run run) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> syncs.get(project, run.id()), Run::ended);
    }

    private RunDataset synced(Connector connector) {
        RunDataset result = ended(start(connector)).datasets().get(0);
        assertThat(result.status()).as("%s", result.error()).isEqualTo("succeeded");
        return result;
    }

    private List<String> files(Dataset dataset) throws IOException {
        Path folder = serai.bean(SeraiSettings.class).lakeDir().resolve(project).resolve(dataset.id());
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private List<List<Object>> rows(Dataset dataset) throws SQLException {
        TableSnapshot snapshot = lake.snapshot(dataset.table()).orElseThrow();
        return Duck.rows("select version, count(*) from (" + snapshot.scan() + ") group by version");
    }

    /** An answer over HTTP, and what a run says that got it. */
    private enum Broken {
        LENGTH_NOT_REACHED("read_failed", true, head("x-ndjson", "Content-Length: 1000000"), ndjson(3)),
        LARGE_LENGTH_NOT_REACHED("read_failed", true, head("x-ndjson", "Content-Length: 10000000"), ndjson(50_000)),
        NO_LAST_CHUNK("read_failed", true, head("x-ndjson", "Transfer-Encoding: chunked"), chunk(ndjson(3))),
        CUT_IN_A_CHUNK(
                "read_failed", true, head("x-ndjson", "Transfer-Encoding: chunked"), half(chunk(ndjson(50_000)))),
        LINES_WITHOUT_AN_END_MARK("unreadable_answer", false, head("x-ndjson", "X-Any: thing"), ndjson(3)),
        CSV_WITHOUT_AN_END_MARK("unreadable_answer", false, head("csv", "X-Any: thing"), "n,version\n1,2\n"),
        ARRAY_WITHOUT_ITS_END("bad_data", false, head("json", "X-Any: thing"), "[{\"n\":1,\"version\":2}"),
        ARRAY_CUT_IN_AN_OBJECT("bad_data", false, head("json", "X-Any: thing"), "[{\"n\":1,\"version\":2},{\"n\":2"),
        HEAD_ALONE("read_failed", true, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", "");

        private final String code;
        private final boolean retryable;
        private final byte[] bytes;

        Broken(String code, boolean retryable, String head, String body) {
            this.code = code;
            this.retryable = retryable;
            this.bytes = (head + body).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String head(String type, String more) {
        String family = type.equals("csv") ? "text/" : "application/";
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " + family + type + "\r\n" + more + "\r\n\r\n";
    }

    private static String ndjson(int rows) {
        return ndjson(rows, "2");
    }

    private static String ndjson(int rows, String version) {
        return IntStream.range(0, rows)
                .mapToObj(n -> "{\"n\":" + n + ",\"version\":" + version + "}\n")
                .collect(Collectors.joining());
    }

    private static String chunk(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
    }

    private static String half(String text) {
        return text.substring(0, text.length() / 2);
    }

    private static byte[] whole(int version) {
        String body = ndjson(3, String.valueOf(version));
        return (head("x-ndjson", "Content-Length: " + body.length()) + body).getBytes(StandardCharsets.UTF_8);
    }

    private Connector http() {
        ObjectNode config = Json.newObject().put("base_url", server.url());
        return connectors.create(project, new NewConnector("Cut", HttpType.NAME, null, config, List.of(), true));
    }

    private void keepsTheOldRows(Dataset dataset, Run run, String code, boolean retryable, List<String> before)
            throws Exception {
        assertThat(run.status()).isEqualTo("failed");
        RunDataset outcome = run.datasets().get(0);
        assertThat(outcome.error()).isNotNull();
        assertThat(outcome.error().code()).as(outcome.error().detail()).isEqualTo(code);
        assertThat(outcome.error().retryable()).as("%s", outcome.error()).isEqualTo(retryable);
        assertThat(outcome.error().detail()).doesNotContain("Exception");
        assertThat(outcome.version()).isNull();
        assertThat(datasets.get(project, dataset.id()).version()).isZero();
        assertThat(datasets.get(project, dataset.id()).status()).isEqualTo("failed");
        assertThat(rows(dataset)).hasSize(1);
        assertThat(rows(dataset).get(0).get(0)).hasToString("1");
        assertThat(files(dataset)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerOverHttpThatBreaksOffReplacesNothing(Broken broken) throws Exception {
        Connector cut = http();
        Dataset dataset = dataset(cut, "{'model': 'a', 'name': 'a'}");
        server.next(whole(1), End.CLOSED);
        synced(cut);
        List<String> before = files(dataset);

        server.next(broken.bytes, End.CLOSED);
        Run run = ended(start(cut));

        keepsTheOldRows(dataset, run, broken.code, broken.retryable, before);
        server.next(whole(1), End.CLOSED);
        assertThat(synced(cut).version()).isEqualTo(1);
    }

    @Test
    void anAnswerOverHttpThatIsResetReplacesNothing() throws Exception {
        Connector cut = http();
        Dataset dataset = dataset(cut, "{'model': 'a', 'name': 'a'}");
        server.next(whole(1), End.CLOSED);
        synced(cut);
        List<String> before = files(dataset);

        server.next(Broken.LARGE_LENGTH_NOT_REACHED.bytes, End.RESET);
        Run run = ended(start(cut));

        keepsTheOldRows(dataset, run, "read_failed", true, before);
    }

    @Test
    void aLaterPageThatBreaksOffReplacesNothing() throws Exception {
        Connector cut = http();
        Dataset dataset = dataset(cut, "{'model': 'a', 'name': 'a'}");
        server.next(whole(1), End.CLOSED);
        synced(cut);
        List<String> before = files(dataset);

        String page = ndjson(3);
        server.next(
                (head("x-ndjson", "X-Next: 2\r\nContent-Length: " + page.length()) + page)
                        .getBytes(StandardCharsets.UTF_8),
                End.CLOSED);
        server.next(Broken.LENGTH_NOT_REACHED.bytes, End.CLOSED);
        Run run = ended(start(cut));

        keepsTheOldRows(dataset, run, "read_failed", true, before);
    }

    @Test
    void anAnswerThatTellsItsEndItselfNeedsNoOther() throws Exception {
        Connector cut = http();
        Dataset dataset = dataset(cut, "{'model': 'a', 'name': 'a'}");
        server.next(
                (head("json", "X-Any: thing") + "[{\"n\":1,\"version\":1}]").getBytes(StandardCharsets.UTF_8),
                End.CLOSED);
        assertThat(synced(cut).rowsWritten()).isEqualTo(1);

        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(ndjson(3, "1").getBytes(StandardCharsets.UTF_8));
        }
        byte[] head = head("x-ndjson", "Content-Encoding: gzip").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + zipped.size());
        System.arraycopy(zipped.toByteArray(), 0, all, head.length, zipped.size());
        server.next(all, End.CLOSED);
        assertThat(synced(cut).rowsWritten()).isEqualTo(3);

        server.next(Arrays.copyOf(all, all.length - 12), End.CLOSED);
        assertThat(ended(start(cut)).status()).isEqualTo("failed");
        assertThat(rows(dataset).get(0).get(1)).isEqualTo(3L);
    }

    private Connector postgres(Postgres.Database database, int port) {
        ObjectNode config = Json.newObject()
                .put("host", "127.0.0.1")
                .put("port", port)
                .put("database", database.name())
                .put("username", database.username())
                .put("password", database.password())
                .put("sslmode", "disable")
                .put("read_timeout", 1);
        return connectors.create(
                project, new NewConnector("Shop", "postgresql", null, config, List.of("public"), true));
    }

    /** So many bytes: in the log-in, while the table is described, just after the first rows, in the midst of them. */
    @ParameterizedTest
    @CsvSource({
        "20,CLOSED",
        "700,CLOSED",
        "3000,CLOSED",
        "20000,CLOSED",
        "1000000,CLOSED",
        "20000,RESET",
        "1000000,RESET"
    })
    void aConnectionThatBreaksOffReplacesNothing(long bytes, End end) throws Exception {
        Postgres.Database database = Postgres.database();
        database.execute(
                "create table t as select n, 1 as version, repeat('x', 40) as pad from generate_series(1, 40000) n");
        try (CuttingProxy proxy = new CuttingProxy(database.port())) {
            Connector shop = postgres(database, proxy.port());
            Dataset dataset = dataset(shop, "{'model': 'public.t'}");
            synced(shop);
            List<String> before = files(dataset);
            database.execute("update t set version = 2");
            // So that the next run dials anew.
            connectors.patch(project, shop.id(), Json.object("{\"config\": {\"pool_size\": 2}}"));

            proxy.cut(bytes, end);
            Run run = ended(start(shop));

            RunError error = run.datasets().get(0).error();
            assertThat(error).isNotNull();
            assertThat(error.code()).isNotEqualTo("internal");
            keepsTheOldRows(dataset, run, error.code(), true, before);
            proxy.mend();
            assertThat(synced(shop).version()).isEqualTo(1);
        }
    }

    /** How the server ends the statement that it answers. */
    private enum Death {
        CANCELLED("select pg_cancel_backend(%s)"),
        TERMINATED("select pg_terminate_backend(%s)"),
        KILLED(""),
        TOO_SLOW("");

        private final String sql;

        Death(String sql) {
            this.sql = sql;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatStopsMidwayReplacesNothing(Death death) throws Exception {
        boolean killed = death == Death.KILLED;
        // A server whose process is killed takes all its connections with it.
        try (Own own = killed ? new Own(Postgres.start(java.util.Map.of())) : new Own(null)) {
            Postgres.Database database = own.database();
            database.execute(
                    "create table t as select n, 1 as version from generate_series(1, 40000) n",
                    "create table knob (slow boolean)",
                    "insert into knob values (false)");
            Connector shop = postgres(database, database.port());
            Dataset dataset = dataset(
                    shop,
                    "{'name': 't', 'query': 'select n, version, case when n > 30000 and (select slow from knob)"
                            + " then pg_sleep(60) is null end as s from t order by n'}");
            synced(shop);
            List<String> before = files(dataset);
            database.execute("update knob set slow = true", "update t set version = 2");

            Run going = start(shop);
            long backend = await().until(() -> sleeping(database), pid -> pid > 0);
            if (killed) {
                assertThat(ProcessHandle.of(backend).orElseThrow().destroyForcibly())
                        .isTrue();
            } else if (death != Death.TOO_SLOW) {
                database.executeAsSuperuser(death.sql.formatted(backend));
            }
            Run run = ended(going);

            RunError error = run.datasets().get(0).error();
            assertThat(error).isNotNull();
            assertThat(error.code()).isNotEqualTo("internal");
            if (death == Death.TOO_SLOW) {
                assertThat(error.code()).isEqualTo("timeout");
            }
            keepsTheOldRows(dataset, run, error.code(), error.retryable(), before);
            assertThat(error.retryable()).as(error.code()).isTrue();
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
                database.execute("update knob set slow = false");
                return true;
            });
            assertThat(synced(shop).version()).isEqualTo(1);
        }
    }

    /** A server of its own, or the one that all share. */
    private record Own(Postgres server) implements AutoCloseable {
        Postgres.Database database() {
            return server == null ? Postgres.database() : server.newDatabase();
        }

        @Override
        public void close() throws IOException {
            if (server != null) {
                server.close();
            }
        }
    }

    private static long sleeping(Postgres.Database database) {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select coalesce(max(pid), 0) from pg_stat_activity"
                        + " where wait_event = 'PgSleep' and datname = '" + database.name() + "'")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
