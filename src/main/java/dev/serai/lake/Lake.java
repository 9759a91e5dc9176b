package dev.serai.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import dev.serai.rows.RowSource;
import dev.serai.settings.SeraiSettings;

/** The tables of the lake: reads their versions and commits new ones. */
@Component
public class Lake implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lake.class);
    /** Not a project's name; see {@link TableId}. */
    private static final String DROPPED = ".dropped";

    /** The code of a merge that cannot keep the table's columns; a replacement can. */
    public static final String SCHEMA_CHANGED = Merge.SCHEMA_CHANGED;

    /** The code of a merge that would miss rows below its window; a replacement has them. */
    public static final String ROWS_BELOW_WINDOW = Merge.ROWS_BELOW_WINDOW;

    private final Path root;
    private final LakeDuckDb duckdb;
    private final LakeEngine engine;
    private final boolean beganEmpty;

    @Autowired
    public Lake(SeraiSettings settings) {
        this(settings, new LocalFiles());
    }

    /** @param files what holds the tables' logs */
    Lake(SeraiSettings settings, FileIO files) {
        this.root = settings.lakeDir().toAbsolutePath().normalize();
        this.duckdb = new LakeDuckDb(
                settings.dataDir().toAbsolutePath().resolve("tmp").resolve("lake"),
                settings.sync().memory());
        this.engine = new LakeEngine(duckdb, files);
        this.beganEmpty = holdsNothing(root);
        removeLeftovers();
    }

    /** Whether its folder was missing or held nothing at all at the start, as that of a volume that is not mounted. */
    public boolean beganEmpty() {
        return beganEmpty;
    }

    private static boolean holdsNothing(Path root) {
        try (Stream<Path> found = Files.list(root)) {
            return found.findAny().isEmpty();
        } catch (IOException e) {
            log.info(
                    "The lake's folder {} is not there yet: {}",
                    root,
                    e.getClass().getSimpleName());
            return true;
        }
    }

    /** The newest version, or empty where nothing was ever committed. */
    public Optional<TableSnapshot> snapshot(TableId table) {
        DeltaTable delta = delta(table);
        return delta.latest().map(delta::described);
    }

    /** A version by its number, or empty where there is none such. */
    public Optional<TableSnapshot> snapshot(TableId table, long version) {
        DeltaTable delta = delta(table);
        return delta.at(version).map(delta::described);
    }

    /**
     * Replaces all rows in one commit; readers see the old version until then. Closes the source.
     *
     * @return what was committed, also where the same run had committed it before
     * @throws dev.serai.failure.FailureException with the source's own failure; {@code Cancelled}; {@code write_conflict} where
     *     another write was faster. The table is then unchanged and nothing is left of this write.
     */
    public CommitResult replace(TableId table, RowSource rows, CommitRequest request) {
        DeltaTable delta = delta(table);
        return new StagedWrite(delta, duckdb, request).run(rows, new Replacement(delta, request));
    }

    /**
     * Merges rows of a window in one commit; where nothing is to be changed there is none. The first rows of a table are
     * all that it has. Closes the source.
     *
     * @return what was committed, also where the same run had committed it before
     * @throws dev.serai.failure.FailureException as {@link #replace}, and {@code schema_changed} where the rows do not fit
     *     the table's columns, {@code rows_below_window} where the keys tell of rows that no window would find,
     *     {@code write_conflict} also where the table of a window with a position is gone
     */
    public CommitResult merge(TableId table, RowSource rows, CommitRequest request, Window window, Instant now) {
        DeltaTable delta = delta(table);
        return new StagedWrite(delta, duckdb, request).run(rows, new Merge(delta, request, window, now));
    }

    /**
     * Adds all rows in one commit; where none came there is none. Closes the source.
     *
     * @return what was committed, also where the same run had committed it before
     * @throws dev.serai.failure.FailureException as {@link #replace}, and {@code schema_changed} where a column has another
     *     type in the table
     */
    public CommitResult append(TableId table, RowSource rows, CommitRequest request) {
        DeltaTable delta = delta(table);
        return new StagedWrite(delta, duckdb, request).run(rows, new Append(delta, request));
    }

    /** What a run committed to the table; empty where it did not come so far. */
    public Optional<CommitResult> committed(TableId table, String runId) {
        try {
            DeltaTable delta = delta(table);
            return delta.committed(delta.latest(), runId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All versions that the log still knows, newest first. */
    public List<TableVersion> history(TableId table) {
        try {
            return new TableHistory(folder(table)).versions();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the table with all its versions; does nothing where there is none. */
    public void drop(TableId table) {
        Path folder = folder(table);
        if (!Files.exists(folder)) {
            return;
        }
        try {
            // First out of sight, in one step; a process that dies while deleting leaves nothing that looks like a
            // table.
            Path dropped = Files.createDirectories(root.resolve(DROPPED))
                    .resolve(UUID.randomUUID().toString());
            Files.move(folder, dropped);
            Durable.deleteTree(dropped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DeltaTable delta(TableId table) {
        return new DeltaTable(table, folder(table), engine);
    }

    private Path folder(TableId table) {
        return root.resolve(table.project()).resolve(table.dataset());
    }

    private void removeLeftovers() {
        try {
            Files.createDirectories(root);
            Durable.deleteTree(root.resolve(DROPPED));
            for (Path project : folders(root)) {
                folders(project).forEach(Lake::removeLeftovers);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("Not everything that interrupted writes left could be removed", e);
        }
    }

    /** One table whose files are broken keeps no other from being used. */
    private static void removeLeftovers(Path table) {
        try {
            StagingArea.clean(table);
        } catch (IOException | RuntimeException e) {
            // Another process may be at work here; what is left now is removed by the next write.
            log.warn("Not everything that interrupted writes left in {} could be removed", table, e);
        }
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(Files::isDirectory).toList();
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        duckdb.close();
    }
}
