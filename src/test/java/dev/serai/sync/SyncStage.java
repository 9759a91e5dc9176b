package dev.serai.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

import dev.serai.audit.AuditLog;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorSchedules;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.dataset.SyncedState;
import dev.serai.metadata.Times;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;
import dev.serai.testing.TestLake;

/** One process's run engine on a real metadata database; several on one project are several replicas. */
final class SyncStage implements AutoCloseable {
    final DatasetStage stage;
    final String project;
    final Syncs syncs;
    final SyncKeeper keeper;
    final SyncEngine engine;
    final MeterRegistry metrics = new SimpleMeterRegistry();
    final RunStore runs;
    final RunEventStore events;
    final Instance instance;
    final DatasetDiscovery discovery;
    final RunLaunch launch;
    private final SyncThreads threads;
    private final SyncMetrics counted;

    SyncStage(MetadataStore metadata, DatasetFlow flow) {
        this(
                new DatasetStage(metadata, TestLake.shared()),
                flow,
                (connector, stop) -> List.of(),
                newDataDir(),
                Map.of());
    }

    SyncStage(
            DatasetStage stage, DatasetFlow flow, SourceModels models, Path dataDir, Map<String, String> moreSettings) {
        this.stage = stage;
        this.project = stage.project;
        Map<String, Object> properties = new HashMap<>(moreSettings);
        properties.put("serai.data-dir", dataDir.toString());
        properties.putIfAbsent("serai.sync.retry", "0s");
        SeraiSettings settings = Settings.of(properties);
        runs = new RunStore(stage.jdbc);
        events = new RunEventStore(stage.jdbc);
        RunDatasetStore runDatasets = new RunDatasetStore(new NamedParameterJdbcTemplate(stage.metadata.dataSource()));
        instance = new Instance(settings);
        Aftermath aftermath = new Aftermath(stage.datasets, stage.lake);
        RunClaims claims = new RunClaims(stage.jdbc);
        RunLeases leases = new RunLeases(claims, instance, settings);
        RunJournal journal = new RunJournal(
                claims,
                runDatasets,
                events,
                stage.metadata.transactions(),
                instance,
                new AuditLog(stage.jdbc, Clock.systemUTC()),
                leases,
                Clock.systemUTC());
        RunTakeover takeover = new RunTakeover(
                claims,
                runDatasets,
                journal,
                leases,
                aftermath,
                stage.metadata.transactions(),
                instance,
                Clock.systemUTC());
        threads = new SyncThreads();
        discovery = new DatasetDiscovery(models, stage.creation, stage.connectors, threads);
        Retries retries = new Retries(settings);
        counted = new SyncMetrics(metrics);
        RunReport report = new RunReport(runs, counted, Clock.systemUTC());
        engine = new SyncEngine(
                new RunPreparation(journal, stage.datasets, discovery, retries),
                new DatasetWork(flow, journal, leases, stage.datasets, aftermath),
                new Settlement(journal, stage.datasets, report),
                journal,
                retries,
                report,
                counted,
                threads,
                settings);
        launch = new RunLaunch(stage.connectors, stage.datasets, claims, runDatasets, journal, takeover, engine);
        keeper = new SyncKeeper(engine, journal, leases, takeover, launch, stage.datasets, threads, instance);
        syncs = new Syncs(
                stage.connectors,
                stage.datasets,
                new SyncTerms(DatasetStage.catalog()),
                engine,
                keeper,
                launch,
                journal,
                runs,
                runDatasets,
                events,
                threads);
        keeper.start();
        discovery.resume();
    }

    /** Another process on the same metadata database and project. */
    SyncStage replica(DatasetFlow flow) {
        return new SyncStage(
                new DatasetStage(stage.metadata, project, TestLake.shared()),
                flow,
                (connector, stop) -> List.of(),
                newDataDir(),
                Map.of());
    }

    /** This process's part in schedules, by a clock of the test's. */
    ScheduleTick tick(Clock clock) {
        return new ScheduleTick(
                new ConnectorSchedules(stage.jdbc),
                stage.datasets,
                new SyncTerms(DatasetStage.catalog()),
                runs,
                launch,
                keeper,
                counted,
                stage.metadata.transactions(),
                clock);
    }

    static Path newDataDir() {
        return TestFolder.create("serai-sync");
    }

    /** A flow that loads ten rows. */
    static DatasetResult tenRows(DatasetSync sync) {
        sync.read(10);
        SyncedState state = new SyncedState(sync.runId(), List.of(), 10, 100, 0, Times.stored(Instant.now()));
        return new DatasetResult("full", null, 10, 10, 0, 100, 0, null, null, List.of(), state);
    }

    Run start(Connector connector) {
        return syncs.start(project, connector.id(), null, null, "manual", "tester");
    }

    Run ended(Run run) {
        return until(run, Run::ended);
    }

    Run until(Run run, Predicate<Run> as) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> syncs.get(project, run.id()), as);
    }

    static RunDataset of(Run run, Dataset dataset) {
        return run.datasets().stream()
                .filter(one -> one.datasetId().equals(dataset.id()))
                .findFirst()
                .orElseThrow();
    }

    /** Ends this process as a shutdown does. */
    @Override
    public void close() {
        keeper.stop();
        crash();
    }

    /** Ends this process, and no schedule of its project is left for others to see. */
    void closeWithSchedules() {
        stage.jdbc
                .sql("update data_connectors set schedule_cron = null where project = ?")
                .param(project)
                .update();
        close();
    }

    /** Ends this process's threads and nothing else; what it worked on stays as it is. */
    void crash() {
        threads.destroy();
        try {
            instance.destroy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
