package dev.serai.sync;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.lake.Lake;
import dev.serai.metadata.Json;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.StalledServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Runs that are cancelled at each of their stages: over within seconds, and nothing of them holds up the next. */
class CancelledRunsTest {
    private static final Duration AT_MOST = Duration.ofSeconds(5);
    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private final RunningSerai serai = RunningSerai.shared();
    private final Connectors connectors = serai.bean(Connectors.class);
    private final Datasets datasets = serai.bean(Datasets.class);
    private final Syncs syncs = serai.bean(Syncs.class);
    private final Lake lake = serai.bean(Lake.class);
    private final Postgres.Database database = Postgres.database();
    private final String project = "cancelled-" + PROJECTS.incrementAndGet();
    private StalledServer server = new StalledServer(StalledServer.Manner.MUTE);

    @BeforeAll
    static void addTheType() throws IOException {
        HttpType.add(RunningSerai.shared());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private Connector stalled(StalledServer.Manner manner) {
        server = new StalledServer(manner);
        ObjectNode config = Json.newObject().put("base_url", server.url());
        return connectors.create(project, new NewConnector("Stalled", HttpType.NAME, null, config, List.of(), true));
    }

    private Connector shop() {
        database.execute("create table orders (id int)", "insert into orders values (1)");
        return connectors.create(
                project, new NewConnector("Shop", "postgresql", null, database.config(), List.of("public"), true));
    }

    private Dataset dataset(Connector connector, String json) {
        return datasets.create(project, Json.object(json.replace('\'', '"')).put("connector_id", connector.id()));
    }

    private Run start(Connector connector) {
        return syncs.start(project, connector.id(), null, null, "manual", "tester");
    }

    private Run until(Run run, Predicate<Run> as) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> syncs.get(project, run.id()), as);
    }

    private Run cancelled(Run run) {
        Instant asked = Instant.now();
        syncs.cancel(project, run.id());
        Run ended = until(run, Run::ended);
        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(ended.status()).isEqualTo("cancelled");
        assertThat(ended.reason()).isEqualTo("The run was cancelled.");
        assertThat(ended.datasets()).allSatisfy(dataset -> {
            assertThat(dataset.status()).isEqualTo("cancelled");
            assertThat(dataset.error()).isNull();
        });
        return ended;
    }

    /** Both workers, since a run of one of them alone would not show that the other hangs. */
    private void workersAreFree() {
        Connector shop = shop();
        dataset(shop, "{'model': 'public.orders'}");
        dataset(shop, "{'model': 'public.orders', 'name': 'again'}");
        dataset(shop, "{'query': 'select pg_sleep(0.2)', 'name': 'slow'}");
        dataset(shop, "{'query': 'select pg_sleep(0.2)', 'name': 'slow2'}");
        Instant begun = Instant.now();
        assertThat(until(start(shop), Run::ended).status()).isEqualTo("succeeded");
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource(names = {"MUTE", "HALF_A_HEAD", "DRIPPING"})
    void whileItsSourcesAreOpenedOverHttp(StalledServer.Manner manner) {
        Connector stalled = stalled(manner);
        dataset(stalled, "{'model': 'a', 'name': 'a'}");
        dataset(stalled, "{'model': 'b', 'name': 'b'}");
        Dataset queued = dataset(stalled, "{'model': 'c', 'name': 'c'}");
        Run run = start(stalled);
        await().until(() -> server.asking() == 2);

        Run ended = cancelled(run);

        await().atMost(Duration.ofSeconds(1)).until(() -> server.asking() == 0);
        assertThat(SyncStage.of(ended, queued).reason()).contains("before it came to this dataset");
        assertThat(datasets.get(project, queued.id()).status()).isEqualTo("new");
        workersAreFree();
    }

    @Test
    void whileItIsQueuedBehindOthers() {
        Connector stalled = stalled(StalledServer.Manner.MUTE);
        dataset(stalled, "{'model': 'a', 'name': 'a'}");
        dataset(stalled, "{'model': 'b', 'name': 'b'}");
        Run before = start(stalled);
        await().until(() -> server.asking() == 2);
        Connector shop = shop();
        Dataset orders = dataset(shop, "{'model': 'public.orders', 'name': 'first'}");

        Run ended = cancelled(start(shop));

        assertThat(SyncStage.of(ended, orders).reason()).contains("before it came to this dataset");
        assertThat(lake.snapshot(orders.table())).isEmpty();
        cancelled(before);
        assertThat(until(start(shop), Run::ended).status()).isEqualTo("succeeded");
    }

    @Test
    void whileModelsAreLookedUp() {
        server = new StalledServer(StalledServer.Manner.MUTE);
        HttpCaller caller = serai.as("admin", project);
        String id = caller.post(
                        "/api/connectors/bootstrap",
                        "{\"name\":\"Finding\",\"type\":\"" + HttpType.NAME + "\",\"config\":{\"base_url\":\""
                                + server.url() + "\"},\"schedule_cron\":\"0 3 * * *\",\"schedule_mode\":\"full\"}")
                .expect(201)
                .at("/connector/id")
                .asText();
        await().until(() -> server.asking() == 1);
        Run run = syncs.start(project, id, null, null, "manual", "tester");
        await().until(() -> server.asking() == 2);

        Instant asked = Instant.now();
        syncs.cancel(project, run.id());

        assertThat(until(run, Run::ended).status()).isEqualTo("cancelled");
        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        // The other one is the look-up in the background, which is not the run's.
        await().atMost(Duration.ofSeconds(1)).until(() -> server.asking() == 1);
        workersAreFree();
    }

    @Test
    void whileAQueryIsOpenedAtADatabase() throws SQLException {
        Connector shop = shop();
        Dataset locked = dataset(shop, "{'query': 'select id from orders', 'name': 'locked'}");
        try (Connection owner = database.connect();
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("lock table orders in access exclusive mode");
            Run run = start(shop);
            await().until(() -> waiting() == 1);

            cancelled(run);

            await().atMost(AT_MOST).until(() -> waiting() == 0);
            owner.rollback();
        }
        assertThat(lake.snapshot(locked.table())).isEmpty();
        assertThat(until(start(shop), Run::ended).status()).isEqualTo("succeeded");
    }

    @Test
    void whileADatabaseTakesTheConnectionAndSaysNothing() {
        server = new StalledServer(StalledServer.Manner.MUTE);
        ObjectNode config = Json.newObject()
                .put("host", "127.0.0.1")
                .put("port", server.port())
                .put("database", "shop")
                .put("username", "reader")
                .put("password", "secret");
        Connector mute = connectors.create(
                project, new NewConnector("Mute", "postgresql", null, config, List.of("public"), true));
        dataset(mute, "{'model': 'public.a', 'name': 'a'}");
        dataset(mute, "{'model': 'public.b', 'name': 'b'}");
        Run run = start(mute);
        await().until(() -> server.asking() == 2);

        cancelled(run);

        await().atMost(Duration.ofSeconds(1)).until(() -> server.asking() == 0);
        workersAreFree();
    }

    @Test
    void whileRowsAreRead() {
        Connector shop = shop();
        Dataset slow = dataset(
                shop,
                "{'query': 'select g, pg_sleep(0.01) is null as s from generate_series(1, 100000) g', 'name': 'slow'}");
        Run run = start(shop);
        await().until(() -> running("pg_sleep") == 1);

        cancelled(run);

        await().atMost(AT_MOST).until(() -> running("pg_sleep") == 0);
        assertThat(lake.snapshot(slow.table())).isEmpty();
        assertThat(lake.history(slow.table())).isEmpty();
        ScheduledThreadPoolExecutor clock =
                (ScheduledThreadPoolExecutor) serai.bean(SyncThreads.class).clock();
        await().atMost(AT_MOST).until(() -> clock.getQueue().stream()
                .filter(task -> !((RunnableScheduledFuture<?>) task).isPeriodic())
                .allMatch(task -> ((RunnableScheduledFuture<?>) task).isDone()));
    }

    @Test
    void whileKeysAreReadToFindWhatWasDeleted() throws SQLException {
        Connector shop = shop();
        database.execute(
                "create table events (id int primary key, at int not null)",
                "insert into events select n, n from generate_series(1, 2000) n",
                "create table knob (slow float8)",
                "insert into knob values (0)",
                "create function dawdles() returns boolean language plpgsql volatile as"
                        + " $$ begin perform pg_sleep((select slow from knob)); return true; end $$");
        Dataset events = datasets.create(
                project,
                Json.newObject()
                        .put("connector_id", shop.id())
                        .put("model", "public.events")
                        .put("mode", "incremental")
                        .put("watermark_column", "at")
                        .put("detect_deletes", "hard")
                        .put("filter", "dawdles()"));
        assertThat(until(start(shop), Run::ended).status()).isEqualTo("succeeded");
        database.execute("update knob set slow = 0.02", "delete from events where id = 7");

        Run run = start(shop);
        await().until(() -> count("state = 'active' and query like 'COPY%dawdles%' and query not like '%>=%'") == 1);
        cancelled(run);

        await().atMost(AT_MOST).until(() -> running("COPY%dawdles") == 0);
        assertThat(lake.snapshot(events.table()).orElseThrow().version()).isZero();
        database.execute("update knob set slow = 0");
        RunDataset next = until(start(shop), Run::ended).datasets().get(0);
        assertThat(next.error()).isNull();
        assertThat(next.rowsDeleted()).isEqualTo(1);
    }

    private int waiting() {
        return count("wait_event_type = 'Lock'");
    }

    private int running(String text) {
        return count("state = 'active' and query like '%" + text + "%'");
    }

    private int count(String condition) {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity where " + condition
                        + " and pid <> pg_backend_pid() and datname = '" + database.name() + "'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
