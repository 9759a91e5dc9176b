package dev.serai.sync;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.awaitility.Awaitility;

import dev.serai.connector.Connector;
import dev.serai.connector.EgressPolicy;
import dev.serai.connector.sql.postgres.PostgresDatabase;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.failure.FailureException;
import dev.serai.kill.Kind;
import dev.serai.kill.Phase;
import dev.serai.kill.Steps;
import dev.serai.kill.WatchedRows;
import dev.serai.lake.Lake;
import dev.serai.lake.PausingFiles;
import dev.serai.metadata.Json;
import dev.serai.rows.BatchSource;
import dev.serai.rows.RowSource;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

/**
 * A process that syncs a PostgreSQL again and again with the real run engine, reader, writer, lake and metadata, but
 * without Spring and Camel, and tells each step before it takes it, by {@link Steps}. Besides it prints {@code dataset}, a
 * table and its dataset's id; {@code begun} and a run; {@code outcome}, a run, a dataset, what came of it, what was done, its version and why.
 */
public final class KilledProcess {
    private static final String PROJECT = "killed";
    private static final TypeReference<Map<String, Object>> ANY = new TypeReference<>() {};

    private final Steps steps;
    private final PostgresDatabase source;
    private final DatasetStage datasets;
    private final SyncStage syncs;
    private final Connector connector;
    private final SyncReader reader;
    private final SyncWriter writer;

    /**
     * @param arguments its folder; the source's host, port, database, user and password; the kind of metadata; the phase it
     *     is killed in, at which time, and whether it stays there; how many runs it does
     */
    public static void main(String[] arguments) {
        Steps steps = new Steps(
                Phase.valueOf(arguments[7]), Integer.parseInt(arguments[8]), Boolean.parseBoolean(arguments[9]));
        Map<String, Object> config = Map.of(
                "host",
                arguments[1],
                "port",
                Integer.parseInt(arguments[2]),
                "database",
                arguments[3],
                "username",
                arguments[4],
                "password",
                arguments[5],
                "sslmode",
                "disable",
                "connect_timeout",
                10,
                "read_timeout",
                300);
        KilledProcess process =
                new KilledProcess(Path.of(arguments[0]), config, MetadataStore.valueOf(arguments[6]), steps);
        int runs = Integer.parseInt(arguments[10]);
        for (int i = 0; i < runs; i++) {
            process.run();
        }
        process.syncs.close();
        System.exit(0);
    }

    private KilledProcess(Path folder, Map<String, Object> config, MetadataStore metadata, Steps steps) {
        this.steps = steps;
        SeraiSettings settings = Settings.of(Map.of(
                "serai.data-dir", folder.resolve("data").toString(),
                "serai.lake-uri", folder.resolve("lake").toString()));
        Lake lake =
                PausingFiles.lake(settings, () -> steps.step(Phase.BEFORE_COMMIT), () -> steps.step(Phase.COMMITTED));
        source = new PostgresDatabase(config, new EgressPolicy(settings));
        datasets = new DatasetStage(metadata, PROJECT, lake);
        reader = new SyncReader((asked, request, stop) -> rows(request), datasets.datasets, lake, Clock.systemUTC());
        writer = new SyncWriter(lake, reader);
        syncs = new SyncStage(datasets, this::sync, (asked, stop) -> List.of(), folder.resolve("data"), Map.of());
        connector = connector();
        datasets.datasets
                .ofConnector(PROJECT, connector.id())
                .forEach(dataset -> steps.tell("dataset", table(dataset), dataset.id()));
    }

    /** As it was made by the first process of this metadata. */
    private Connector connector() {
        List<String> there = datasets.jdbc
                .sql("select id from data_connectors where project = ?")
                .param(PROJECT)
                .query(String.class)
                .list();
        if (!there.isEmpty()) {
            return datasets.connectors.find(PROJECT, there.get(0)).orElseThrow();
        }
        Connector made = datasets.connector("postgresql");
        Kind.all().forEach(kind -> datasets.datasets.create(PROJECT, kind.dataset(made.id())));
        return made;
    }

    private static String table(Dataset dataset) {
        return dataset.modelName().orElseThrow().name();
    }

    private RowSource rows(ObjectNode request) {
        String table = request.at("/model/name").asText();
        boolean keys = request.has("columns") && !request.has("window");
        BatchSource rows = (BatchSource) source.read(Json.read(Json.write(request), ANY));
        return new WatchedRows(rows, table, keys ? Phase.KEYS : Phase.READING, steps);
    }

    /** What the route {@code sync-dataset} does. */
    private DatasetResult sync(DatasetSync sync) {
        steps.at(table(sync.dataset()));
        steps.step(Phase.OPENING);
        DatasetResult result = (DatasetResult) writer.write(reader.open(sync));
        steps.step(Phase.NOTING);
        return result;
    }

    private void run() {
        steps.at("-");
        steps.step(Phase.BETWEEN);
        Run begun = started();
        steps.tell("begun", begun.id());
        Run run = Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> syncs.syncs.get(PROJECT, begun.id()), Run::ended);
        steps.step(Phase.BETWEEN);
        for (RunDataset dataset : run.datasets()) {
            RunError error = dataset.error();
            steps.tell(
                    "outcome",
                    run.id(),
                    dataset.datasetId(),
                    dataset.status(),
                    dataset.mode(),
                    String.valueOf(dataset.version()),
                    error == null ? String.valueOf(dataset.reason()) : error.code() + " " + error.detail());
        }
    }

    /** A run that the process before left is in the way until it was taken over, at the latest when its lease ends. */
    private Run started() {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsMatching(KilledProcess::isInTheWay)
                .until(() -> syncs.start(connector), run -> true);
    }

    private static boolean isInTheWay(Throwable thrown) {
        return thrown instanceof FailureException e && e.failure().code().equals("run_in_progress");
    }
}
