package dev.serai.connector.sql.mariadb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.rows.RowNote;

/**
 * Opens a read over several connections that see the same state of a table. These servers cannot hand a snapshot on; so
 * while one more connection holds {@code LOCK TABLES … READ}, under which nobody has uncommitted changes in the table nor
 * makes any, the others begin their snapshots. Then the lock is given back.
 *
 * <p>Writers of that table wait for the lock too, so it is asked for a second or two only. That all connections lead to
 * the same server shows by a lock of a name that nobody else knows.
 */
final class SplitTable {
    private static final Logger LOG = LoggerFactory.getLogger(SplitTable.class);
    private static final int WAIT_SECONDS = 2;
    private static final String BY_KEY = " FORCE INDEX (PRIMARY)";

    private final ConnectionPool.Lease first;
    private final String schema;
    private final String name;
    private final String table;
    private final int wanted;
    private final List<ConnectionPool.Lease> others = new ArrayList<>();
    private String why = "";
    private boolean locking;
    private boolean elsewhere;

    SplitTable(ConnectionPool.Lease first, String schema, String name, int wanted) {
        this.first = first;
        this.schema = schema;
        this.name = name;
        this.table = SplitPlan.table(schema, name);
        this.wanted = wanted;
    }

    /**
     * Null where the read has to be over one connection, whose snapshot may be a new one then.
     *
     * @param select without a condition; ends with the table
     * @param where begins with WHERE, or empty
     * @param whyWhole why not to try; empty: there is no reason
     */
    @Nullable
    KeyReading open(String select, String where, long estimate, String whyWhole) throws SQLException {
        try {
            return opened(select, where, estimate, whyWhole);
        } catch (SQLException e) {
            giveUp(e);
            return null;
        } catch (RuntimeException e) {
            giveBack();
            throw e;
        }
    }

    private @Nullable KeyReading opened(String select, String where, long estimate, String whyWhole)
            throws SQLException {
        SplitPlan plan = whyWhole.isEmpty()
                ? SplitPlan.of(first, schema, name, where.isEmpty() ? "" : select + where)
                : SplitPlan.not(whyWhole);
        if (!plan.whyNot().isEmpty()) {
            why = plan.whyNot();
            return null;
        }
        KeyRanges ranges = new KeyRanges(table + BY_KEY, plan.key(), estimate, wanted);
        if (!ranges.areSeveral(first)) {
            why = "the table is too small to be split";
            return null;
        }
        Optional<ConnectionPool.Lease> holder = first.spare();
        if (holder.isEmpty()) {
            why = "the connector had no more to spare";
            return null;
        }
        try (ConnectionPool.Lease holding = holder.get()) {
            begin(holding);
        }
        if (others.isEmpty()) {
            return null;
        }
        List<ConnectionPool.Lease> all = new ArrayList<>(others);
        all.add(0, first);
        String from = select + BY_KEY;
        return new KeyReading(
                all,
                ranges,
                range ->
                        range.isEmpty() ? from + where : from + (where.isEmpty() ? " WHERE " : where + " AND ") + range,
                notes());
    }

    /** Ends what was taken besides the first connection. */
    void giveBack() {
        others.forEach(ConnectionPool.Lease::close);
        others.clear();
    }

    List<RowNote> notes() {
        return why.isEmpty()
                ? List.of()
                : List.of(new RowNote(
                        "fewer_connections",
                        "The rows were read over " + (1 + others.size()) + " of " + wanted + " connections: " + why
                                + "."));
    }

    private void giveUp(SQLException e) throws SQLException {
        giveBack();
        if (e.getSQLState() != null && e.getSQLState().startsWith("08")) {
            throw e;
        }
        LOG.debug("{} is read over one connection", table, e);
        why = switch (e.getErrorCode()) {
            case 1044, 1142, 1227 ->
                !locking
                        ? "the user may read some columns only"
                        : "the user lacks the right LOCK TABLES, by which their snapshots are made the same";
            case 1205 -> "a writer held the table for longer than " + WAIT_SECONDS + " s";
            default -> elsewhere ? "its connections lead to different servers" : "the source does not let it be split";
        };
        first.beginAgain();
        execute(first, "SET SESSION lock_wait_timeout = DEFAULT");
    }

    /** Has all begin their snapshots while one holds the table, and each take what keeps its definition as it is. */
    private void begin(ConnectionPool.Lease holding) throws SQLException {
        for (int i = 1; i < wanted; i++) {
            Optional<ConnectionPool.Lease> spare = first.spare();
            if (spare.isEmpty()) {
                why = "the connector had no more to spare";
                break;
            }
            others.add(spare.get());
        }
        if (others.isEmpty()) {
            return;
        }
        String secret = "serai-" + UUID.randomUUID();
        // LOCK TABLES waits for either, of which the second one is for transactions that nobody is connected with.
        execute(
                holding,
                "SET SESSION lock_wait_timeout = " + WAIT_SECONDS + ", innodb_lock_wait_timeout = " + WAIT_SECONDS);
        execute(holding, "DO GET_LOCK('" + secret + "', 0)");
        String holder = ask(holding, "SELECT CONNECTION_ID()");
        locking = true;
        execute(holding, "LOCK TABLES " + table + " READ");
        try {
            follow(first, secret, holder);
            for (ConnectionPool.Lease other : others) {
                follow(other, secret, holder);
            }
        } finally {
            execute(holding, "UNLOCK TABLES");
        }
    }

    private void follow(ConnectionPool.Lease lease, String secret, String holder) throws SQLException {
        lease.beginAgain();
        execute(lease, "SET SESSION lock_wait_timeout = " + WAIT_SECONDS);
        if (!holder.equals(ask(lease, "SELECT IS_USED_LOCK('" + secret + "')"))) {
            elsewhere = true;
            throw new SQLException("The connections lead to different servers", "HY000");
        }
        try (Statement statement = lease.createStatement()) {
            statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 0").close();
        }
        execute(lease, "SET SESSION lock_wait_timeout = DEFAULT");
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
            return String.valueOf(row.getString(1));
        }
    }
}
