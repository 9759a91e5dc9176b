package dev.serai.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Databases that are out of reach for a while, in the midst of runs: the metadata's, and a source. */
class OutageTest {
    /** A process that cannot renew a run's lease for two thirds of it lets go of the run and commits nothing more. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    /** As long as the metadata may be out of reach in a test; well below two thirds of the lease. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static PostgresProxy metadata;
    private static RunningSerai serai;

    private final Connectors connectors = serai.bean(Connectors.class);
    private final Datasets datasets = serai.bean(Datasets.class);
    private final Syncs syncs = serai.bean(Syncs.class);
    private final Lake lake = serai.bean(Lake.class);
    private final Postgres.Database source = Postgres.database();
    private final PostgresProxy away = new PostgresProxy(source);
    private final String project = "outage-" + PROJECTS.incrementAndGet();

    @BeforeAll
    static void start() {
        metadata = new PostgresProxy(Postgres.database());
        Postgres.Database database = metadata.database();
        serai = RunningSerai.start(Map.of(
                "serai.metadata.url", database.url(),
                "serai.metadata.username", database.username(),
                "serai.metadata.password", database.password(),
                "serai.sync.lease", LEASE.toSeconds() + "s",
                "serai.sync.retry", "20s"));
    }

    @AfterAll
    static void stop() {
        serai.close();
        metadata.close();
    }

    @AfterEach
    void close() {
        away.close();
    }

    private Connector shop(Postgres.Database database) {
        ObjectNode config = database.config().put("sslmode", "disable");
        return connectors.create(
                project, new NewConnector("Shop", "postgresql", null, config, List.of("public"), true));
    }

    private Dataset dataset(Connector connector, String json) {
        return datasets.create(project, Json.object(json.replace('\'', '"')).put("connector_id", connector.id()));
    }

    private Run start(Connector connector) {
        return syncs.start(project, connector.id(), null, null, "manual", "tester");
    }

    private Run until(Run run, Predicate<Run> as) {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> syncs.get(project, run.id()), as);
    }

    private List<String> files(Dataset dataset) throws IOException {
        Path folder = serai.bean(SeraiSettings.class).lakeDir().resolve(project).resolve(dataset.id());
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    private long retries(Run run) {
        return syncs.events(project, run.id()).after(null).stream()
                .filter(event -> event.type().equals("dataset.retrying"))
                .count();
    }

    /** Waits in the midst of the rows until the lock is given back; what was sent before fills many messages. */
    private static final String SLOW =
            "select n, repeat('x', 100) as pad, case when n = 150000 then pg_advisory_xact_lock_shared(8) is null end"
                    + " as done from generate_series(1, 200000) n order by n";

    private void survives(Duration outage) throws Exception {
        Connector shop = shop(away.database());
        Dataset slow = datasets.create(
                project,
                Json.newObject()
                        .put("connector_id", shop.id())
                        .put("name", "slow")
                        .put("query", SLOW));
        Run run;
        try (Connection owner = source.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("select pg_advisory_lock(8)");
            run = start(shop);
            await().until(() -> reading() == 1);
            await().until(() -> !files(slow).isEmpty());
            away.goDown();
            statement.execute("select pg_advisory_unlock(8)");
            Instant back = Instant.now().plus(outage);
            await().atMost(outage.plusSeconds(20)).until(() -> Instant.now().isAfter(back) && retries(run) > 2);
            assertThat(files(slow)).isEmpty();
            assertThat(syncs.get(project, run.id()).ended()).isFalse();
        } finally {
            away.comeBack();
        }
        Run ended = until(run, Run::ended);

        RunDataset outcome = SyncStage.of(ended, slow);
        assertThat(outcome.error()).isNull();
        assertThat(outcome.rowsWritten()).isEqualTo(200_000);
        assertThat(outcome.version()).isZero();
        assertThat(outcome.warnings()).anySatisfy(warning -> {
            assertThat(warning.code()).isEqualTo("retried");
            assertThat(warning.count()).isEqualTo(retries(run));
        });
        assertThat(Duration.ofMillis(ended.durationMs())).isGreaterThan(outage);
        assertThat(Duck.rows("select count(*), count(distinct n) from ("
                        + lake.snapshot(slow.table()).orElseThrow().scan() + ")"))
                .containsExactly(List.of(200_000L, 200_000L));
    }

    @Test
    void aSourceThatIsGoneInTheMidstOfItsRowsIsReadAnewOnceItIsBack() throws Exception {
        survives(Duration.ofSeconds(2));
    }

    @Test
    @Tag("soak")
    void anOutageOfAMinuteIsSurvivedAsSeraiIsSetByDefault() throws Exception {
        RunningSerai shared = serai;
        try (RunningSerai own = RunningSerai.start(Map.of("serai.sync.retry", "2m"))) {
            serai = own;
            new OutageTest().survives(Duration.ofSeconds(60));
        } finally {
            serai = shared;
        }
    }

    private long reading() throws SQLException {
        try (Connection connection = source.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_locks where locktype = 'advisory' and not granted")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What keeps the metadata database from being written to; the second is noticed at once, the first is waited for. */
    private enum Hindrance {
        OUT_OF_REACH,
        REFUSING
    }

    private void hinder(Hindrance how) {
        if (how == Hindrance.OUT_OF_REACH) {
            metadata.goDown();
        } else {
            metadata.server()
                    .execute(
                            "create function refuse() returns trigger language plpgsql as"
                                    + " $$ begin raise exception using errcode = '53100', message = 'no room'; end $$",
                            "create trigger refusal before update on datasets execute function refuse()");
        }
    }

    private void mend(Hindrance how) {
        if (how == Hindrance.OUT_OF_REACH) {
            metadata.comeBack();
        } else {
            metadata.server().execute("drop function refuse() cascade");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aVersionThatTheMetadataCouldNotBeToldOfIsToldAsSoonAsItCan(Hindrance hindrance) throws Exception {
        Connector shop = shop(source);
        Dataset slow = dataset(
                shop, "{'name': 'slow', 'query': 'select 1 as n, pg_advisory_xact_lock_shared(7) is null as done'}");
        Run run;
        try (Connection owner = source.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("select pg_advisory_lock(7)");
            run = start(shop);
            await().until(() -> reading() == 1);
            hinder(hindrance);
            statement.execute("select pg_advisory_unlock(7)");
            await().atMost(LONGEST).until(() -> lake.snapshot(slow.table()).isPresent());
            if (hindrance == Hindrance.REFUSING) {
                ActiveRun active = serai.bean(SyncEngine.class).active(run.id()).orElseThrow();
                await().until(() -> !active.unsaved().isEmpty());
                assertThat(syncs.get(project, run.id()).ended()).isFalse();
            }
        } finally {
            mend(hindrance);
        }
        Run ended = until(run, Run::ended);

        assertThat(SyncStage.of(ended, slow).error()).isNull();
        assertThat(ended.status()).isEqualTo("succeeded");
        assertThat(SyncStage.of(ended, slow).version()).isZero();
        Dataset now = datasets.get(project, slow.id());
        assertThat(now.status()).isEqualTo("ready");
        assertThat(now.version()).isZero();
        assertThat(now.rows()).isEqualTo(1);
        assertThat(now.lastRun()).isEqualTo(run.id());
    }
}
