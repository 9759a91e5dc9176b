package dev.serai.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.dataset.DatasetStage;
import dev.serai.failure.FailureException;
import dev.serai.lake.Lake;
import dev.serai.lake.PausingFiles;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RecordSource;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process of its own that syncs all datasets of a connector with the real run engine, reader, writer and lake, and stops
 * where it is told to until it may go on, or is killed.
 */
final class OtherProcess implements AutoCloseable {
    /** Where it stops. */
    enum Point {
        READING,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        NOWHERE
    }

    private final Process process;
    private final Path folder;

    private OtherProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    static OtherProcess start(MetadataStore metadata, Path dataDir, Path lakeDir, Connector connector, Point point) {
        return start(metadata, dataDir, lakeDir, connector.project(), connector.id(), "", point);
    }

    /** One that knows nothing of this one's metadata, with a dataset of this table all the same. */
    static OtherProcess stranger(Path dataDir, Path lakeDir, String project, String dataset, Point point) {
        return start(null, dataDir, lakeDir, project, "", dataset, point);
    }

    private static OtherProcess start(
            @Nullable MetadataStore metadata,
            Path dataDir,
            Path lakeDir,
            String project,
            String connector,
            String dataset,
            Point point) {
        try {
            Path folder = TestFolder.create("serai-other");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path")));
            command.addAll(metadata == null ? List.of() : metadata.share());
            command.addAll(List.of(
                    OtherProcess.class.getName(),
                    folder.toString(),
                    dataDir.toString(),
                    lakeDir.toString(),
                    project,
                    connector.isEmpty() ? "-" : connector,
                    dataset.isEmpty() ? "-" : dataset,
                    point.name()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            return new OtherProcess(process, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has come to where it stops. */
    OtherProcess stopped() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .failFast(() -> assertThat(process.isAlive()).as(log()).isTrue())
                .until(() -> Files.exists(folder.resolve("there")));
        return this;
    }

    /** Kills it as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void goOn() throws IOException {
        Files.createFile(folder.resolve("go"));
    }

    /** The run's status and reason; for each dataset its status, error's code and whether to retry; or why it cannot run. */
    String result() throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError(log());
        }
        Path told = folder.resolve("told");
        return Files.exists(told) ? Files.readString(told) : log();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path dataDir = Path.of(arguments[1]);
        Point point = Point.valueOf(arguments[6]);
        SeraiSettings settings =
                Settings.of(Map.of("serai.data-dir", dataDir.toString(), "serai.lake-uri", arguments[2]));
        Lake lake = PausingFiles.lake(
                settings,
                () -> stopIf(point == Point.BEFORE_COMMIT, folder),
                () -> stopIf(point == Point.AFTER_COMMIT, folder));
        boolean stranger = arguments[4].equals("-");
        MetadataStore metadata = stranger ? MetadataStore.H2 : MetadataStore.POSTGRESQL;
        DatasetStage datasets = new DatasetStage(metadata, arguments[3], lake);
        Connector connector = stranger
                ? datasets.shelf()
                : datasets.connectors.find(datasets.project, arguments[4]).orElseThrow();
        if (stranger) {
            String own = datasets.dataset(connector, "public.books").id();
            datasets.jdbc
                    .sql("update datasets set id = ? where id = ?")
                    .params(arguments[5], own)
                    .update();
        }
        SyncStage stage = new SyncStage(
                datasets,
                flow(datasets, lake, () -> stopIf(point == Point.READING, folder)),
                (asked, stop) -> List.of(),
                dataDir,
                Map.of());
        Files.writeString(folder.resolve("draft"), sync(stage, connector));
        Files.move(folder.resolve("draft"), folder.resolve("told"));
        System.exit(0);
    }

    private static String sync(SyncStage stage, Connector connector) {
        try {
            Run run = stage.ended(stage.start(connector));
            StringBuilder told = new StringBuilder(run.status() + " " + run.reason());
            for (RunDataset dataset : run.datasets()) {
                RunError error = dataset.error();
                told.append("; ").append(dataset.status());
                told.append(error == null ? "" : " " + error.code() + " " + error.retryable());
            }
            return told.toString();
        } catch (FailureException e) {
            return e.failure().code();
        }
    }

    private static void stopIf(boolean here, Path folder) {
        if (!here) {
            return;
        }
        try {
            Files.createFile(folder.resolve("there"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await().forever().until(() -> Files.exists(folder.resolve("go")));
    }

    /** The real reader and writer over rows that say which run sent them; {@code midway} is done between two of them. */
    static DatasetFlow flow(DatasetStage stage, Lake lake, Runnable midway) {
        return sync -> {
            SyncReader reader = new SyncReader(
                    (connector, request, stop) -> rows(sync.runId(), midway), stage.datasets, lake, Clock.systemUTC());
            return (DatasetResult) new SyncWriter(lake, reader).write(reader.open(sync));
        };
    }

    private static RecordSource rows(String run, Runnable midway) {
        Iterator<@Nullable Object[]> rows = IntStream.range(0, 10_000)
                .mapToObj(n -> {
                    if (n == 5_000) {
                        midway.run();
                    }
                    return new @Nullable Object[] {(long) n, run};
                })
                .iterator();
        return new RecordSource(
                List.of(Column.of("n", LogicalType.of(Kind.BIGINT)), Column.of("run", LogicalType.of(Kind.VARCHAR))),
                rows,
                () -> {});
    }
}
