package dev.serai.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import dev.serai.failure.FailureException;
import dev.serai.lake.TableSnapshot;
import dev.serai.query.ParsedSql.TableReference;
import dev.serai.rows.RowSource;
import dev.serai.rows.SpillFolder;
import dev.serai.settings.SeraiSettings;

/**
 * Runs read-only SQL over datasets, in a process that may open exactly the files of the tables it names, and encodes
 * results. Answers are streams that pull rows as they are read: the first rows come while the rest is computed, a
 * failure midway is an {@link java.io.IOException} from {@code read}, and closing cancels.
 */
@Component
public class QueryEngine implements AutoCloseable {
    private final QueryLimits limits;
    private final SpillFolder folder;
    private final ScheduledThreadPoolExecutor clock;
    /** Of its own: stopping a far system takes as long as that system does, and no query's limit may wait for it. */
    private final ScheduledThreadPoolExecutor sourceClock;

    private final Computations computations;
    private final Workers workers;

    public QueryEngine(SeraiSettings settings) {
        this.limits = QueryLimits.of(settings.query());
        this.folder = Computations.spillFolder(settings.dataDir().resolve("tmp").resolve("query"));
        this.clock = clock("query-deadlines");
        this.sourceClock = clock("source-deadlines");
        this.computations = new Computations(limits, folder, sourceClock);
        this.workers = new Workers(limits, folder, clock);
    }

    private static ScheduledThreadPoolExecutor clock(String name) {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(2, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    /**
     * A query over datasets.
     *
     * @param params for {@code ?} or {@code $1}: strings, numbers, booleans, null
     * @param limit rows at most; the JSON answer then says {@code truncated: true}
     */
    public record Request(String sql, List<JsonNode> params, long limit, ResultFormat format) {
        public Request {
            params = List.copyOf(params);
            if (limit < 1) {
                throw new IllegalArgumentException("A query gives at least one row");
            }
        }
    }

    /** The first statement shall not wait for its process. */
    @EventListener(ApplicationReadyEvent.class)
    void warm() {
        clock.execute(workers::warm);
    }

    /**
     * @param caller of whom no one gets all places
     * @param asker asked now and then whether the answer is still wanted
     */
    public ResultStream query(Request request, Relations relations, String caller, Asker asker) {
        limits.check(request.limit());
        QueryRun run = workers.take(caller, asker);
        try {
            Wire.Ask ask = new Wire.Ask(request.sql(), request.params(), request.limit(), request.format());
            List<NamedTable> tables = resolve(run, run.ask(ask), relations);
            return run.answer(tables, request.format());
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private static List<NamedTable> resolve(QueryRun run, List<TableReference> named, Relations relations) {
        try {
            return NamedTable.resolve(named, relations);
        } catch (RuntimeException e) {
            run.dismiss();
            throw e;
        }
    }

    /** The version of the table that a cursor of {@link #rows} belongs to. */
    public long version(String cursor) {
        return RowCursor.read(cursor).version();
    }

    /**
     * A page of a table's rows, in the order in which they lie in its files.
     *
     * @param snapshot the version to read; with a cursor the one that {@link #version} tells
     * @param columns to give, in this order; empty: all
     * @param cursor from the page before, or null
     */
    public ResultStream rows(
            TableSnapshot snapshot, List<String> columns, int limit, @Nullable String cursor, ResultFormat format) {
        return RowPage.of(snapshot, columns, limit, cursor).start(computations, format);
    }

    /** The rows of a source as they come, for a connector's own query or preview. Closes the source. */
    public ResultStream encode(RowSource rows, long limit, ResultFormat format) {
        return encode(rows, limit, format, Asker.PATIENT);
    }

    /** The same for an asker who may leave before the first rows are there. */
    public ResultStream encode(RowSource rows, long limit, ResultFormat format, Asker asker) {
        try {
            limits.check(limit);
        } catch (FailureException e) {
            rows.close();
            throw e;
        }
        return new SourceAnswer(rows, limit, format).start(computations, asker);
    }

    @Override
    public void close() {
        workers.close();
        clock.shutdownNow();
        sourceClock.shutdownNow();
        try {
            folder.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
