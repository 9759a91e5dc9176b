package dev.serai.connector.sql.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.SqlFailures;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/**
 * Keeps a read from seeing a table empty that never was: to a snapshot from before a TRUNCATE that was committed the table
 * has no rows, neither the old ones nor those that came in the same transaction (PostgreSQL's documentation, "Caveats" of
 * MVCC). So a table is locked before the snapshot is taken: it is truncated before that, or not until the read has ended.
 * Where that cannot be, it is looked for afterwards whether the snapshot is too old.
 */
final class TruncatedTables {
    private static final Logger LOG = LoggerFactory.getLogger(TruncatedTables.class);

    private static final int ATTEMPTS = 5;

    /** Tables that this transaction has locked, and their parts, whose rows lie in another file than its snapshot says. */
    private static final String REWRITTEN =
            """
            WITH RECURSIVE tables (oid) AS (
              SELECT l.relation FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
              WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'
                AND d.datname = pg_catalog.current_database()
              UNION
              SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tables t ON t.oid = i.inhparent)
            SELECT c.relname FROM tables JOIN pg_catalog.pg_class c USING (oid)
            WHERE c.relkind = 'r' AND c.relfilenode <> 0 AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid)
            LIMIT 1
            """;

    private TruncatedTables() {}

    /** Asks the server; at first it takes the snapshot, unless it was taken. */
    @FunctionalInterface
    interface Asked<T> {
        T get() throws SQLException;
    }

    /**
     * The first thing that a transaction does: locks a model and describes it. What cannot be locked, such as a
     * materialized view, or a table of which the user may read some columns only, is locked by reading no row of it once it
     * is described, and seen as a query's tables are. A lock that others do not give back in time is no reason to read
     * without it, but the read's failure.
     *
     * @param relation quoted
     */
    static <T> T held(ConnectionPool.Lease lease, String relation, Asked<T> describe) throws SQLException {
        try {
            execute(lease, "LOCK TABLE " + relation + " IN ACCESS SHARE MODE");
        } catch (SQLException e) {
            if (!isUnable(e)) {
                throw e;
            }
            LOG.debug("{} is read without LOCK TABLE", relation, e);
            lease.beginAgain();
            return seen(lease, () -> lockedByReading(lease, relation, describe));
        }
        return describe.get();
    }

    private static <T> T lockedByReading(ConnectionPool.Lease lease, String relation, Asked<T> describe)
            throws SQLException {
        T described = describe.get();
        try {
            execute(lease, "SELECT 1 FROM " + relation + " LIMIT 0");
            return described;
        } catch (SQLException e) {
            if (!isUnable(e)) {
                throw e;
            }
            // Its rows will not come either; the read itself tells why, and before that what it was not asked for
            // rightly.
            LOG.debug("{} is described without a lock", relation, e);
            lease.beginAgain();
            return describe.get();
        }
    }

    private static void execute(ConnectionPool.Lease lease, String sql) throws SQLException {
        try (Statement statement = lease.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Whether the server cannot do it, or not for this user: not supported (0A), no right to it, not of that kind, not even
     * known (42), not through a wrapper of foreign data (HV), or the internal errors of young products (XX). Whatever may pass is none of these.
     */
    private static boolean isUnable(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith("0A") || state.startsWith("42") || state.startsWith("HV") || state.startsWith("XX");
    }

    /** Whether the snapshot is too old for one of the tables that are locked now. */
    static boolean areRewritten(ConnectionPool.Lease lease) throws SQLException {
        try (Statement statement = lease.createStatement();
                ResultSet found = statement.executeQuery(REWRITTEN)) {
            boolean rewritten = found.next();
            if (rewritten) {
                LOG.debug("{} was rewritten after the snapshot was taken", found.getString(1));
            }
            return rewritten;
        }
    }

    /**
     * For a query, whose tables are known only once it is prepared, and with that the snapshot is taken and they are locked:
     * prepares it again in a new snapshot where one of them was truncated in between. The server must know its own catalog
     * for this; others that speak the protocol are asked without.
     */
    static <T> T seen(ConnectionPool.Lease lease, Asked<T> prepare) throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            T prepared = prepare.get();
            try {
                if (!areRewritten(lease)) {
                    return prepared;
                }
            } catch (SQLException e) {
                if (!isUnable(e)) {
                    throw e;
                }
                LOG.debug("Rows are read without asking for truncated tables", e);
                lease.beginAgain();
                return prepare.get();
            }
            lease.beginAgain();
        }
        throw new FailureException(SqlFailures.source(
                Layer.READ, "table_rewritten", "What is to be read is being truncated again and again.", true));
    }
}
