package dev.serai.query;

import java.sql.SQLException;
import java.util.List;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.query.Prepared.Answer;
import dev.serai.query.Prepared.Statement;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowSource;

/** The rows of a source, as they come. */
record SourceAnswer(RowSource rows, long limit, ResultFormat format) {

    /** Closes the source at the end, also where it fails. */
    ResultStream start(Computations computations, Asker asker) {
        Prepared prepared;
        try {
            prepared = computations.source();
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
        Computation computation = prepared.computation();
        try (Watch watch = computations.watch(asker, computation)) {
            return start(prepared, computation);
        }
    }

    private ResultStream start(Prepared prepared, Computation computation) {
        computation.hold(rows::close);
        computation.onStop(rows::close);
        RowScan scan = computation.use(() -> computation.hold(RowScan.open(
                prepared.sandbox().connection(), rows, prepared.sandbox().place(), count -> {})));
        computation.failures(error -> failure(scan, error));
        List<ResultColumn> columns = scan.columns().stream()
                .map(column -> new ResultColumn(column.name(), column.type().duckdb()))
                .toList();
        String sql = "SELECT * FROM " + scan.relation() + " AS scanned"
                + (limit == Long.MAX_VALUE ? "" : " LIMIT " + (limit + 1));
        return prepared.answer(new Statement(sql, statement -> {}, false), new Answer(columns, format, limit, null));
    }

    /** The source's own failure where that was the reason. */
    private static Failure failure(RowScan scan, Throwable error) {
        SQLException sql = error instanceof SQLException own ? own : new SQLException(error.getMessage(), error);
        RuntimeException reason = scan.failure(sql);
        if (reason instanceof FailureException known) {
            return known.failure();
        }
        return DuckDbFailures.internal(reason);
    }
}
