package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.rows.RowNote;

/**
 * Opens a read over several connections that see one snapshot: the first one exports its own, the others take it over.
 *
 * <p>Each connection holds its own locks from the beginning, on every table and index it will touch: with the first one's
 * alone nothing would be lost, but a later lock would stand in line behind a TRUNCATE or REINDEX that waits for the first
 * one, for ever. Whoever does not get its locks soon is done without.
 *
 * <p>Under these locks and in this snapshot a row's address is fixed: no table is rewritten, and no version that the
 * snapshot sees is moved or removed. So ranges of addresses have each row once.
 */
final class SplitRead {
    private static final Logger LOG = LoggerFactory.getLogger(SplitRead.class);

    /** The first PostgreSQL that reads only the blocks of a range of addresses. */
    private static final int VERSION = 14;

    private static final String NO_ROW = "ctid < '(0,0)'::pg_catalog.tid";

    /** The other tasks of a read may take longer than servers let a transaction be idle. */
    private static final String PREPARE =
            "SET LOCAL lock_timeout = '3s'; SET LOCAL idle_in_transaction_session_timeout = 0";

    private static final String SERVER = "SELECT pg_catalog.pg_postmaster_start_time()::text";

    private final ConnectionPool.Lease first;
    private final PostgresRead.Plan plan;
    private final PostgresRead.Split split;
    private final int wanted;
    private final CopyRefusals refusals;
    private final List<ConnectionPool.Lease> others = new ArrayList<>();
    private String why = "";
    private boolean spoilt;

    /** @param first has just made the plan */
    SplitRead(ConnectionPool.Lease first, PostgresRead.Plan plan, int wanted, CopyRefusals refusals) {
        this.first = first;
        this.plan = plan;
        this.split = plan.split();
        this.wanted = wanted;
        this.refusals = refusals;
    }

    /** Null where the read has to be over one connection. */
    @Nullable
    ParallelReading open() throws SQLException {
        if (!split.whyNot().isEmpty()) {
            why = split.whyNot();
            return null;
        }
        if (refusals.of(plan.name()) != null) {
            why = "the source refuses COPY";
            return null;
        }
        try {
            return opened();
        } catch (SQLException e) {
            others.forEach(ConnectionPool.Lease::close);
            if (!isAnswer(e)) {
                throw e;
            }
            LOG.debug("{} is read over one connection", plan.name(), e);
            why = "the source does not let it be split: " + PostgresFailures.said(e);
            spoilt = true;
            return null;
        } catch (RuntimeException e) {
            others.forEach(ConnectionPool.Lease::close);
            throw e;
        }
    }

    /** Whether the first connection's transaction has come to nothing, so that the plan is to be made again. */
    boolean isSpoilt() {
        return spoilt;
    }

    /** Why there are fewer connections than were asked for. */
    List<RowNote> notes() {
        return why.isEmpty()
                ? List.of()
                : List.of(new RowNote(
                        "fewer_connections",
                        "The rows were read over " + (1 + others.size()) + " of " + wanted + " connections: " + why
                                + "."));
    }

    private @Nullable ParallelReading opened() throws SQLException {
        if (first.getMetaData().getDatabaseMajorVersion() < VERSION) {
            why = "that takes PostgreSQL " + VERSION + " or later";
            return null;
        }
        SplitTables tables = SplitTables.of(first, split.schema(), split.name());
        if (!tables.why().isEmpty()) {
            why = tables.why();
            return null;
        }
        if (!split.conditions().isEmpty() && takesIndex()) {
            why = "an index finds the rows that the filter lets through";
            return null;
        }
        BlockRanges ranges = BlockRanges.of(tables.heaps(), wanted);
        if (ranges.count() == 1) {
            why = "the table is too small to be split";
            return null;
        }
        prepare(first);
        if (TruncatedTables.areRewritten(first)) {
            why = "the table is just being rewritten";
            spoilt = true;
            return null;
        }
        if (!split.conditions().isEmpty() && tables.child() != null && !filters("ONLY " + tables.child())) {
            spoilt = true;
            return null;
        }
        join((int) Math.min(wanted, ranges.count()) - 1);
        if (others.isEmpty()) {
            return null;
        }
        List<ConnectionPool.Lease> all = new ArrayList<>(others);
        all.add(0, first);
        return new ParallelReading(
                all,
                ranges,
                range -> split.copy("ONLY " + range.from(), range.condition()),
                plan.copyMeaning(),
                notes());
    }

    private boolean takesIndex() throws SQLException {
        String explain = "EXPLAIN (COSTS off) " + plan.cursor().substring(CursorRows.DECLARE.length());
        try (var statement = first.prepareStatement(explain);
                ResultSet lines = statement.executeQuery()) {
            boolean index = false;
            while (lines.next()) {
                String line = lines.getString(1);
                index |= line.contains("Index") && line.contains("Scan");
            }
            return index;
        }
    }

    /** Whether a child takes the filter: one that names the model with its schema fits the model only. */
    private boolean filters(String child) throws SQLException {
        try {
            readNothing(first, split.copy(child, NO_ROW));
            return true;
        } catch (SQLException e) {
            if (!isAnswer(e)) {
                throw e;
            }
            LOG.debug("The partitions of {} do not take its filter", plan.name(), e);
            why = "the filter does not fit its partitions: " + PostgresFailures.said(e);
            return false;
        }
    }

    /**
     * Takes all locks by reading no row, which is also how it shows whether COPY is taken. Without the conditions: of what
     * they rule out, the server locks nothing.
     */
    private void prepare(ConnectionPool.Lease lease) throws SQLException {
        execute(lease, PREPARE);
        readNothing(lease, split.unconditional().copy(split.relation(), NO_ROW));
        execute(lease, "SET LOCAL lock_timeout = DEFAULT");
    }

    private static void readNothing(ConnectionPool.Lease lease, String copy) throws SQLException {
        try {
            lease.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    private void join(int count) throws SQLException {
        String snapshot = ask(first, "SELECT pg_catalog.pg_export_snapshot()");
        String server = ask(first, SERVER);
        for (int i = 0; i < count; i++) {
            Optional<ConnectionPool.Lease> spare = first.spare();
            if (spare.isEmpty()) {
                why = "the connector had no more to spare";
                return;
            }
            if (!joins(spare.get(), snapshot, server)) {
                return;
            }
        }
    }

    private boolean joins(ConnectionPool.Lease other, String snapshot, String server) {
        try {
            execute(other, "SET TRANSACTION SNAPSHOT '" + snapshot + "'");
            if (server.equals(ask(other, SERVER))) {
                prepare(other);
                others.add(other);
                return true;
            }
            why = "the others led to another server";
        } catch (SQLException e) {
            LOG.debug("A connection could not join the read of {}", plan.name(), e);
            why = "another one could not join: " + PostgresFailures.said(e);
        }
        other.close();
        return false;
    }

    private static void execute(ConnectionPool.Lease lease, String sql) throws SQLException {
        try (Statement statement = lease.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(ConnectionPool.Lease lease, String sql) throws SQLException {
        try (Statement statement = lease.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Whether a server answered that it does not do this, or not now; else one connection would do no better. */
    private static boolean isAnswer(SQLException e) {
        String state = e.getSQLState() == null ? "08" : e.getSQLState();
        return !state.startsWith("08") && !state.startsWith("57P") && !state.startsWith("53");
    }
}
