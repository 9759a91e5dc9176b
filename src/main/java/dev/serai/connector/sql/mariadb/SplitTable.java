package dev.serai.connector.sql.mariadb;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

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

    /** Changes that come from another table take no lock of this one in every version. */
    private static final Pattern CASCADES =
            Pattern.compile("ON (DELETE|UPDATE) (CASCADE|SET (NULL|DEFAULT))", Pattern.CASE_INSENSITIVE);

    private static final String ENGINE =
            """
            SELECT ENGINE FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CAST(TABLE_NAME AS BINARY) = CAST(? AS BINARY)
              AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
            """;

    /** Columns of unique indexes, the primary key's first. */
    private static final String KEYS =
            """
            SELECT s.INDEX_NAME, s.COLUMN_NAME, c.IS_NULLABLE = 'NO' AND s.SUB_PART IS NULL,
                   c.DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint')
            FROM information_schema.STATISTICS s
            JOIN information_schema.COLUMNS c
              ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
            WHERE s.TABLE_SCHEMA = ? AND s.TABLE_NAME = ? AND CAST(s.TABLE_NAME AS BINARY) = CAST(? AS BINARY)
              AND CAST(c.TABLE_NAME AS BINARY) = CAST(s.TABLE_NAME AS BINARY)
              AND s.INDEX_NAME = 'PRIMARY'
            ORDER BY s.SEQ_IN_INDEX
            """;

    private final ConnectionPool.Lease first;
    private final String schema;
    private final String name;
    private final String table;
    private final int wanted;
    private final List<ConnectionPool.Lease> others = new ArrayList<>();
    private String why = "";
    private boolean locking;

    SplitTable(ConnectionPool.Lease first, String schema, String name, int wanted) {
        this.first = first;
        this.schema = schema;
        this.name = name;
        this.table = MariaQuestion.quoted(schema) + "." + MariaQuestion.quoted(name);
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
        List<String> key = whyWhole.isEmpty() ? key() : List.of();
        if (key.isEmpty()) {
            why = why.isEmpty() ? whyWhole : why;
            return null;
        }
        String indexed = table + " FORCE INDEX (PRIMARY)";
        KeyRanges ranges = new KeyRanges(indexed, key, estimate, wanted);
        if (!where.isEmpty() && takesIndex(select + where)) {
            why = "an index finds the rows that the filter lets through";
            return null;
        }
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
        String from = select + " FORCE INDEX (PRIMARY)";
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
            default -> "the source does not let it be split: " + MariaFailures.said(e);
        };
        first.beginAgain();
        execute(first, "SET SESSION lock_wait_timeout = DEFAULT");
    }

    private List<String> key() throws SQLException {
        if (!"InnoDB"
                .equals(asked(ENGINE).stream()
                        .findFirst()
                        .map(row -> row.get(0))
                        .orElse(""))) {
            why = "it is no table of InnoDB, so there are no snapshots of it";
            return List.of();
        }
        if (cascades()) {
            why = "a foreign key changes it along with another table";
            return List.of();
        }
        List<String> key = new ArrayList<>();
        for (List<String> column : asked(KEYS)) {
            if (!column.get(2).equals("1") || !column.get(3).equals("1")) {
                break;
            }
            key.add(MariaQuestion.quoted(column.get(1)));
        }
        why = key.isEmpty() ? "it has no primary key that begins with a whole number" : "";
        return key;
    }

    private boolean cascades() throws SQLException {
        try (Statement statement = first.createStatement();
                ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + table)) {
            return row.next() && CASCADES.matcher(row.getString(2)).find();
        }
    }

    private boolean takesIndex(String sql) throws SQLException {
        try (Statement statement = first.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN " + sql)) {
            return row.next() && !"ALL".equalsIgnoreCase(row.getString("type"));
        }
    }

    private List<List<String>> asked(String sql) throws SQLException {
        try (PreparedStatement statement = first.prepareStatement(sql)) {
            statement.setString(1, schema);
            statement.setString(2, name);
            statement.setString(3, name);
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(String.valueOf(row.getString(i)));
                    }
                    rows.add(values);
                }
            }
            return rows;
        }
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
        execute(holding, "SET SESSION lock_wait_timeout = " + WAIT_SECONDS);
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
            throw new SQLException("its connections lead to different servers", "HY000");
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
