package dev.serai.connector.sql;

import java.sql.SQLException;
import java.sql.Statement;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a read from seeing a table empty that never was: to a snapshot from before a TRUNCATE that was committed the table
 * has no rows, neither the old ones nor those that came in the same transaction (PostgreSQL's documentation, MVCC caveats). So
 * the table is locked before the snapshot is taken; then it is either truncated before, or not until the read has ended.
 */
final class TruncatedTables {
    private static final Logger LOG = LoggerFactory.getLogger(TruncatedTables.class);

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
}
