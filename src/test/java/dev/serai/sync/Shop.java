package dev.serai.sync;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Json;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A new PostgreSQL database with a connector to it, and its datasets, in the Serai that tests share. */
final class Shop {
    private static final AtomicInteger PROJECTS = new AtomicInteger();

    final RunningSerai serai = RunningSerai.shared();
    final Datasets datasets = serai.bean(Datasets.class);
    final Syncs syncs = serai.bean(Syncs.class);
    final Lake lake = serai.bean(Lake.class);
    final Postgres.Database database = Postgres.database();
    final String project = "shop-" + PROJECTS.incrementAndGet();
    final Connector connector;

    /** @param statements that fill the database */
    Shop(String... statements) {
        database.execute(statements);
        connector = serai.bean(Connectors.class)
                .create(
                        project,
                        new NewConnector("Shop", "postgresql", null, database.config(), List.of("public"), true));
    }

    /** @param json with ' for ", without the connector */
    Dataset dataset(String json) {
        return datasets.create(project, Json.object(json.replace('\'', '"')).put("connector_id", connector.id()));
    }

    /** An incremental dataset of the table {@code orders}. */
    Dataset orders(String watermarkColumn, String... more) {
        return dataset("{'model': 'public.orders', 'mode': 'incremental', 'watermark_column': '" + watermarkColumn + "'"
                + List.of(more).stream().map(one -> ", " + one).collect(Collectors.joining()) + "}");
    }

    Dataset patch(Dataset dataset, String json) {
        return datasets.patch(project, dataset.id(), Json.object(json.replace('\'', '"')));
    }

    Dataset now(Dataset dataset) {
        return datasets.get(project, dataset.id());
    }

    /** How the dataset fared in a run of its own. */
    RunDataset run(Dataset dataset, @Nullable String mode) {
        Run run = syncs.start(project, connector.id(), mode, List.of(dataset.id()), "manual", "tester");
        return ended(run).datasets().get(0);
    }

    /** A run that went well, in the mode of the dataset. */
    RunDataset sync(Dataset dataset) {
        RunDataset result = run(dataset, null);
        assertThat(result.error()).isNull();
        assertThat(result.status()).as(result.reason()).isEqualTo("succeeded");
        return result;
    }

    Run ended(Run run) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> syncs.get(project, run.id()), Run::ended);
    }

    TableSnapshot snapshot(Dataset dataset) {
        return lake.snapshot(dataset.table()).orElseThrow();
    }

    /** The dataset's rows, each as the texts of its values, in order. */
    List<String> rows(Dataset dataset) {
        return select("* from (" + snapshot(dataset).scan() + ") order by all");
    }

    List<String> select(String rest) {
        try {
            return Duck.rows("select " + rest).stream()
                    .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                    .toList();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One column of the dataset's rows, as DuckDB prints it in UTC. */
    List<String> column(Dataset dataset, String name) {
        return select("cast(" + name + " as varchar) from (" + snapshot(dataset).scan() + ") order by id");
    }

    /** Which of the source's rows the dataset has not, or has otherwise: none, if both have the same ids and texts. */
    void sameAsSource(Dataset dataset, String columns) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select concat_ws('|', " + columns + ") from orders order by 1")) {
            List<String> there = new java.util.ArrayList<>();
            while (rows.next()) {
                there.add(rows.getString(1));
            }
            assertThat(select("concat_ws('|', " + columns + ") from ("
                            + snapshot(dataset).scan() + ") order by 1"))
                    .isEqualTo(there);
        }
    }
}
