package dev.serai.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

import io.delta.kernel.Snapshot;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowSource;

/**
 * The frame of every write: its rows go into files aside that one commit makes part of the table, or nothing is left of
 * them.
 */
final class StagedWrite {
    private final DeltaTable table;
    private final LakeDuckDb duckdb;
    private final CommitRequest request;

    /** What becomes of the rows; commits at most once. It says itself when it was the scan that failed. */
    @FunctionalInterface
    interface Work {
        CommitResult with(Open open) throws SQLException, IOException;

        /** The columns that the rows come into as they are; none where the rows say what columns there are. */
        default List<Column> into(Optional<Snapshot> base) {
            return List.of();
        }
    }

    /**
     * A write on its way.
     *
     * @param statement of the connection that the scan was opened for; cancelled where the run is stopped
     * @param base the version it builds on; empty where there is no table yet
     */
    record Open(Statement statement, RowScan scan, Optional<Snapshot> base, StagingArea staging) {}

    /** To be asked between statements, since cancelling reaches only one that is going on. */
    static void stopIfAsked(CommitRequest request) {
        if (request.cancellation().requested()) {
            throw new FailureException(new Failure.Cancelled("The write was stopped; the table is unchanged."));
        }
    }

    StagedWrite(DeltaTable table, LakeDuckDb duckdb, CommitRequest request) {
        this.table = table;
        this.duckdb = duckdb;
        this.request = request;
    }

    CommitResult run(RowSource rows, Work work) {
        try (rows) {
            stopIfAsked(request);
            StagingArea.clean(table.folder());
            Optional<Snapshot> base = table.latest();
            Optional<CommitResult> earlier = table.committed(base, request.runId());
            return earlier.isPresent() ? earlier.get() : stage(rows, base, work);
        } catch (IOException e) {
            throw WriteFailure.of(new UncheckedIOException(e));
        } catch (RuntimeException e) {
            throw WriteFailure.of(e);
        }
    }

    private CommitResult stage(RowSource rows, Optional<Snapshot> base, Work work) throws IOException {
        long version = base.map(Snapshot::getVersion).orElse(-1L) + 1;
        try (StagingArea staging = StagingArea.open(table.folder())) {
            boolean committed = false;
            try {
                CommitResult result = write(rows, base, staging, work);
                committed = true;
                return result;
            } finally {
                if (!committed && !staging.committed(version)) {
                    staging.withdraw();
                }
            }
        }
    }

    private CommitResult write(RowSource rows, Optional<Snapshot> base, StagingArea staging, Work work)
            throws IOException {
        try (Connection connection = duckdb.connect();
                Statement statement = connection.createStatement();
                Cancellation.Registration stopping = request.cancellation().onRequest(() -> stop(statement, rows));
                RowScan scan = RowScan.open(connection, rows, staging.folder(), request.progress(), work.into(base))) {
            try {
                return work.with(new Open(statement, scan, base, staging));
            } catch (SQLException e) {
                throw WriteFailure.of(new IllegalStateException("DuckDB could not write the rows", e), e);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB gave no connection", e);
        } catch (RuntimeException e) {
            stopIfAsked(request);
            throw e;
        }
    }

    static void stop(Statement statement, RowSource rows) {
        try (rows) {
            statement.cancel();
        } catch (SQLException e) {
            if (!ended(statement)) {
                throw new IllegalStateException("DuckDB did not stop", e);
            }
        }
    }

    /** As when the source was ended first, and the statement failed of that. */
    private static boolean ended(Statement statement) {
        try {
            return statement.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }
}
