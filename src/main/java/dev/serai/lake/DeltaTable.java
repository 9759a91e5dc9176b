package dev.serai.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.lake.TableSnapshot.DataFile;

/** One table as Delta Kernel sees it: its versions, and what is in them. */
final class DeltaTable {
    private static final Logger log = LoggerFactory.getLogger(DeltaTable.class);
    private final TableId id;
    private final Path folder;
    private final Engine engine;

    DeltaTable(TableId id, Path folder, Engine engine) {
        this.id = id;
        this.folder = folder;
        this.engine = engine;
    }

    Path folder() {
        return folder;
    }

    Engine engine() {
        return engine;
    }

    Optional<Snapshot> latest() {
        try {
            return Optional.of(TableManager.loadSnapshot(folder.toString()).build(engine));
        } catch (TableNotFoundException e) {
            return Optional.empty();
        }
    }

    Optional<Snapshot> at(long version) {
        Optional<Snapshot> latest = latest();
        if (version < 0 || latest.isEmpty() || latest.get().getVersion() < version) {
            return Optional.empty();
        }
        if (latest.get().getVersion() == version) {
            return latest;
        }
        try {
            return Optional.of(TableManager.loadSnapshot(folder.toString())
                    .atVersion(version)
                    .build(engine));
        } catch (KernelException e) {
            // The log's oldest entries are removed some time after a checkpoint.
            log.info("Version {} of {} cannot be read any more", version, folder, e);
            return Optional.empty();
        }
    }

    /** What a run committed, for whoever did not hear of its success. */
    Optional<CommitResult> committed(Optional<Snapshot> newest, String runId) throws IOException {
        if (newest.isEmpty() || !KernelInternals.committed(newest.get(), engine, runId)) {
            return Optional.empty();
        }
        for (TableVersion version : new TableHistory(folder).versions()) {
            if (runId.equals(version.runId())) {
                return at(version.version()).map(then -> told(then, version.rows()));
            }
        }
        return Optional.of(told(newest.get(), described(newest.get()).rows()));
    }

    /** @param rows of the files that the version added, for commits that do not say what was done */
    private CommitResult told(Snapshot snapshot, long rows) {
        TableSnapshot then = described(snapshot);
        Position.Work work = position(snapshot)
                .map(Position::work)
                .filter(noted -> noted.read() >= 0)
                .orElse(new Position.Work(false, rows, rows, 0, then.bytes()));
        return new CommitResult(
                then.version(),
                true,
                work.merged(),
                work.read(),
                work.written(),
                work.deleted(),
                work.bytes(),
                then.watermark(),
                List.of());
    }

    static Optional<Position> position(Snapshot snapshot) {
        return snapshot.getDomainMetadata(Position.DOMAIN).map(Position::of);
    }

    TableSnapshot described(Snapshot snapshot) {
        List<DataFile> files = KernelInternals.files(snapshot, engine).stream()
                .map(file -> new DataFile(folder.resolve(file.path()), file.rows(), file.bytes()))
                .sorted(Comparator.comparing(DataFile::path))
                .toList();
        return new TableSnapshot(
                id,
                snapshot.getVersion(),
                Instant.ofEpochMilli(snapshot.getTimestamp(engine)),
                DeltaSchema.columns(snapshot.getSchema()),
                files,
                files.stream().mapToLong(DataFile::rows).sum(),
                files.stream().mapToLong(DataFile::bytes).sum(),
                position(snapshot).map(Position::watermark).orElse(null),
                position(snapshot).map(Position::watermarkOf).orElse(null),
                position(snapshot).map(Position::selection).orElse(null),
                part -> ScanText.of(
                        snapshot.getSchema(), part.stream().map(DataFile::path).toList()));
    }
}
