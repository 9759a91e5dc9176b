package dev.serai.connector.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/**
 * Keeps a read from seeing a table empty that never was: to a snapshot from before a TRUNCATE that was committed the table
 * has no rows, neither the old ones nor those that came in the same transaction (PostgreSQL's documentation, "Caveats" of
 * MVCC). So a table is locked before the snapshot is taken: it is truncated before that, or not until the read has ended.
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

    /**
     * The first thing that a transaction does. What cannot be locked, such as a materialized view, or where the user may
     * read some columns only, is read without.
     *
     * @param relation quoted
     */
    static void hold(ConnectionPool.Lease lease, String relation) throws SQLException {
        try (Statement statement = lease.createStatement()) {
            statement.execute("LOCK TABLE " + relation + " IN ACCESS SHARE MODE");
        } catch (SQLException e) {
            LOG.debug("{} is read without a lock", relation, e);
            lease.beginAgain();
        }
    }

    /**
     * For a query, whose tables are known only once it is prepared, and with that the snapshot is taken and they are locked:
     * prepares it again in a new snapshot where one of them was truncated in between. The server must know its own catalog
     * for this; others that speak the protocol are asked without.
     */
    static <T> T seen(ConnectionPool.Lease lease, Supplier<T> prepare) throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            T prepared = prepare.get();
            try (Statement statement = lease.createStatement();
                    ResultSet found = statement.executeQuery(REWRITTEN)) {
                if (!found.next()) {
                    return prepared;
                }
                LOG.debug("{} was rewritten after the snapshot was taken", found.getString(1));
            } catch (SQLException e) {
                LOG.debug("A query is read without asking for truncated tables", e);
                lease.beginAgain();
                return prepare.get();
            }
            lease.beginAgain();
        }
        throw new FailureException(PostgresFailures.source(
                Layer.READ, "table_rewritten", "A table of the query is being truncated again and again.", true));
    }
}
