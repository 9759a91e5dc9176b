package dev.serai.sync;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.lake.Lake;
import dev.serai.metadata.Json;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Databases that are out of reach for a while, in the midst of runs: the metadata's, and a source. */
class OutageTest {
    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static PostgresProxy metadata;
    private static RunningSerai serai;

    private final Connectors connectors = serai.bean(Connectors.class);
    private final Datasets datasets = serai.bean(Datasets.class);
    private final Syncs syncs = serai.bean(Syncs.class);
    private final Lake lake = serai.bean(Lake.class);
    private final Postgres.Database source = Postgres.database();
    private final String project = "outage-" + PROJECTS.incrementAndGet();

    @BeforeAll
    static void start() {
        metadata = new PostgresProxy(Postgres.database());
        Postgres.Database database = metadata.database();
        serai = RunningSerai.start(Map.of(
                "serai.metadata.url", database.url(),
                "serai.metadata.username", database.username(),
                "serai.metadata.password", database.password()));
    }

    @AfterAll
    static void stop() {
        serai.close();
        metadata.close();
    }

    private Connector shop(Postgres.Database database) {
        ObjectNode config = Json.newObject()
                .put("host", database.host())
                .put("port", database.port())
                .put("database", database.name())
                .put("username", database.username())
                .put("password", database.password())
                .put("sslmode", "disable");
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
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> syncs.get(project, run.id()), as);
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
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> lake.snapshot(slow.table()).isPresent());
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
