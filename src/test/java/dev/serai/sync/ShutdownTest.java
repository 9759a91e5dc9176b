package dev.serai.sync;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.metadata.Json;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The whole program, with its metadata in a PostgreSQL that can be looked into afterwards. */
class ShutdownTest {
    private final Postgres.Database metadata = Postgres.database();
    private final Postgres.Database source = Postgres.database();

    private RunningSerai start() {
        return RunningSerai.start(Map.of(
                "serai.metadata.url", metadata.url(),
                "serai.metadata.username", metadata.username(),
                "serai.metadata.password", metadata.password()));
    }

    @Test
    void stopsRunningSyncsAtTheSourceAndClosesThem() throws SQLException {
        RunningSerai serai = start();
        ObjectNode config = Json.newObject()
                .put("host", source.host())
                .put("port", source.port())
                .put("database", source.name())
                .put("username", source.username())
                .put("password", source.password());
        Connector connector = serai.bean(Connectors.class)
                .create("default", new NewConnector("Slow", "postgresql", null, config, List.of(), true));
        Dataset dataset = serai.bean(Datasets.class)
                .create(
                        "default",
                        Json.newObject()
                                .put("connector_id", connector.id())
                                .put("query", "select g, pg_sleep(0.01) is null from generate_series(1, 100000) g")
                                .put("name", "slow"));
        Run run = serai.bean(Syncs.class).startDataset("default", dataset.id(), "tester");
        await().atMost(Duration.ofSeconds(20)).until(() -> active() == 1);

        Instant asked = Instant.now();
        serai.close();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(15));
        await().atMost(Duration.ofSeconds(5)).until(() -> active() == 0);
        assertThat(text("select status || ' ' || reason from runs where id = '" + run.id() + "'"))
                .isEqualTo("failed interrupted");
        assertThat(text("select status || ' ' || coalesce(error, '') from run_datasets where run_id = '" + run.id()
                        + "'"))
                .startsWith("failed ")
                .contains("interrupted");
    }

    private int active() throws SQLException {
        try (Connection connection = source.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity where state = 'active'"
                        + " and query like '%pg_sleep%' and pid <> pg_backend_pid() and datname = '" + source.name()
                        + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = metadata.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
