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
import org.springframework.util.FileSystemUtils;

import dev.serai.failure.Failure;
import dev.serai.metadata.Ids;
import dev.serai.settings.SeraiSettings;

/** What all computations share: the slots, the memory, the clock that ends them, the place to spill. */
final class Computations implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SPILL_FACTOR = 4;

    private final Slots slots;
    private final Duration timeout;
    private final Path spill;
    private final Sandbox.Limits limits;
    private final RootAllocator memory = new RootAllocator();
    private final ScheduledThreadPoolExecutor clock;

    Computations(SeraiSettings settings) {
        int cores = Runtime.getRuntime().availableProcessors();
        long bytes = settings.query().memory().toBytes();
        this.slots = new Slots(Math.max(4, cores), PATIENCE);
        this.timeout = settings.query().timeout();
        this.limits = new Sandbox.Limits(cores, bytes, bytes * SPILL_FACTOR);
        this.spill = settings.dataDir().resolve("tmp").resolve("query");
        this.clock = new ScheduledThreadPoolExecutor(2, task -> {
            Thread thread = new Thread(task, "query-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clearSpill();
    }

    /** Waits for a slot and makes a DuckDB for the files; a time limit runs from then on. */
    Prepared prepare(Collection<Path> files, SqlPositions positions) {
        Function<Throwable, Failure> failures = error -> DuckDbFailures.of(error, positions, limits);
        Computation computation = new Computation(failures);
        computation.hold(slots.take());
        return computation.use(() -> {
            Path place = spill.resolve(Ids.next("tmp"));
            BufferAllocator own = computation.hold(memory.newChildAllocator("query", 0, Long.MAX_VALUE));
            Sandbox sandbox = computation.connect(() -> Sandbox.open(limits, place, files));
            computation.limit(
                    timeout,
                    clock,
                    new Failure.TimedOut("The query took longer than the " + timeout.toSeconds()
                            + " s it may take (SERAI_QUERY_TIMEOUT)."));
            return new Prepared(computation, sandbox, own);
        });
    }

    private void clearSpill() {
        try {
            FileSystemUtils.deleteRecursively(spill);
            Files.createDirectories(spill);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** A computation that has its DuckDB. */
    record Prepared(Computation computation, Sandbox sandbox, BufferAllocator memory) {

        /** Runs a SELECT whose columns are known and answers with its rows. */
        ResultStream answer(Statement statement, Answer answer) {
            ComputedStream stream = computation.use(() -> {
                Utf8Buffer out = new Utf8Buffer();
                var batches = computation.start(() -> statement.prepare(sandbox), memory);
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

    /** SQL with the values of its parameters. */
    record Statement(String sql, Binder binder) {
        Statement(String sql) {
            this(sql, prepared -> {});
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
