package dev.serai.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.lake.SpillFolder;
import dev.serai.metadata.Ids;
import dev.serai.settings.SeraiSettings;

/** What all computations share: the slots, the memory, the clock that ends them, the place to spill. */
final class Computations implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SPILL_FACTOR = 4;

    private final Slots queries;
    private final Slots pages;
    private final Slots sources;
    private final Duration timeout;
    private final SpillFolder spill;
    private final Sandbox.Limits limits;
    private final RootAllocator memory = new RootAllocator();
    private final ScheduledThreadPoolExecutor clock;

    Computations(SeraiSettings settings) {
        int cores = Runtime.getRuntime().availableProcessors();
        long bytes = settings.query().memory().toBytes();
        this.queries = new Slots(Math.max(4, cores), PATIENCE);
        this.pages = new Slots(Math.max(4, cores), PATIENCE);
        this.sources = new Slots(Math.max(16, 4 * cores), PATIENCE);
        this.timeout = settings.query().timeout();
        this.limits = new Sandbox.Limits(cores, bytes, bytes * SPILL_FACTOR);
        this.spill = spillFolder(settings.dataDir().resolve("tmp").resolve("query"));
        this.clock = new ScheduledThreadPoolExecutor(2, task -> {
            Thread thread = new Thread(task, "query-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
    }

    /** For a user's SQL over the files. */
    Prepared query(Collection<Path> files, SqlPositions positions) {
        return prepare(
                queries,
                new Failure.TimedOut("The query took longer than the " + timeout.toSeconds()
                        + " s it may take (SERAI_QUERY_TIMEOUT)."),
                error -> DuckDbFailures.of(error, positions, limits),
                place -> Sandbox.locked(limits, place, files));
    }

    /** For SQL of ours over the files. */
    Prepared page(Collection<Path> files) {
        return prepare(
                pages,
                new Failure.TimedOut("The rows took longer than " + timeout.toSeconds() + " s (SERAI_QUERY_TIMEOUT)."),
                error -> DuckDbFailures.of(error, SqlPositions.NONE, limits),
                place -> Sandbox.locked(limits, place, files));
    }

    /** For SQL of ours over rows that come from a far system. */
    Prepared source() {
        return prepare(
                sources,
                new Failure.Source(
                        Failure.Layer.READ,
                        "timeout",
                        "The source's answer took longer than " + timeout.toSeconds() + " s (SERAI_QUERY_TIMEOUT).",
                        true),
                error -> DuckDbFailures.of(error, SqlPositions.NONE, limits),
                place -> Sandbox.open(limits, Files.createDirectories(place)));
    }

    private Prepared prepare(Slots slots, Failure late, Function<Throwable, Failure> failures, Opening opening) {
        Computation computation = new Computation(failures);
        computation.hold(slots.take());
        return computation.use(() -> {
            Path place = spill.path().resolve(Ids.next("tmp"));
            BufferAllocator own = computation.hold(memory.newChildAllocator("query", 0, Long.MAX_VALUE));
            Sandbox sandbox = computation.hold(opening.open(place));
            computation.onStop(sandbox::interrupt);
            computation.limit(timeout, clock, late);
            return new Prepared(computation, sandbox, own);
        });
    }

    /** Opens a DuckDB that may use a folder. */
    private interface Opening {
        Sandbox open(Path place) throws SQLException, IOException;
    }

    private static SpillFolder spillFolder(Path parent) {
        try {
            SpillFolder folder = SpillFolder.below(parent.toAbsolutePath());
            Files.createDirectories(folder.path());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            spill.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A computation that has its DuckDB. */
    record Prepared(Computation computation, Sandbox sandbox, BufferAllocator memory) {

        /** Runs a SELECT whose columns are known and answers with its rows. */
        ResultStream answer(Statement statement, Answer answer) {
            ComputedStream stream = computation.use(() -> {
                Utf8Buffer out = new Utf8Buffer();
                var batches = DeepStack.call(
                        () -> computation.start(() -> statement.prepare(sandbox), statement.repeatable(), memory));
                Encoder encoder = Encoder.of(
                        answer.format(),
                        answer.columns(),
                        batches.getVectorSchemaRoot(),
                        batches,
                        answer.nextCursor(),
                        out);
                return new ComputedStream(computation, batches, encoder, out, answer);
            });
            return stream.begin();
        }
    }

    /**
     * SQL with the values of its parameters.
     *
     * @param repeatable whether it can be run again
     */
    record Statement(String sql, Binder binder, boolean repeatable) {
        Statement(String sql) {
            this(sql, prepared -> {}, true);
        }

        PreparedStatement prepare(Sandbox sandbox) throws SQLException {
            PreparedStatement prepared = sandbox.connection().prepareStatement(sql);
            binder.bind(prepared);
            return prepared;
        }
    }

    /** Sets parameters. */
    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** How an answer looks. */
    record Answer(java.util.List<ResultColumn> columns, ResultFormat format, long limit, @Nullable String nextCursor) {}
}
