package dev.serai.kill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One session that changes a table as applications do: in short or in long transactions, some of which are given up. */
final class KindWriter {
    /** Well below {@link Kind#LOOKBACK}. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final long MOST_NUMBERS = Kind.LOOKBACK_NUMBERS * 4 / 5;

    /** A lock not got in time, a deadlock, a key that is there. */
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01", "23505");

    private static final List<String> TEXTS = List.of(
            "", "plain", "with 'quotes' and \"more\"", "Umläute, 漢字, 🐫", "two\nlines\tand a tab", "\\N", "NULL");

    private final Connection connection;
    private final Kind kind;
    private final boolean slow;
    private final Random random;

    /** @param slow whether its transactions last long */
    KindWriter(Connection connection, Kind kind, boolean slow, Random random) throws SQLException {
        this.connection = connection;
        this.kind = kind;
        this.slow = slow;
        this.random = random;
        connection.setAutoCommit(false);
        run("SET lock_timeout = '500ms'");
        connection.commit();
    }

    /** The rows of the beginning. */
    void fill(int rows) throws SQLException {
        if (kind.inGenerations()) {
            swap();
        } else {
            insert(rows, "now()");
        }
        connection.commit();
    }

    /** One transaction, and some time without one; whether it was committed. */
    boolean transaction() throws SQLException {
        boolean committed = false;
        try {
            long since = System.nanoTime();
            long number = lastNumber();
            if (kind.inGenerations()) {
                swap();
            } else {
                change();
            }
            boolean late = System.nanoTime() - since > LONGEST.toNanos() || lastNumber() - number > MOST_NUMBERS;
            committed = !late && random.nextInt(10) > 0;
            if (committed) {
                connection.commit();
            } else {
                connection.rollback();
            }
        } catch (SQLException e) {
            if (!IN_THE_WAY.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            connection.rollback();
        }
        pause(0.02, slow ? 0.5 : 0.15);
        connection.rollback();
        return committed;
    }

    private void change() throws SQLException {
        int steps = 1 + random.nextInt(slow ? 6 : 3);
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(3) > 0) {
                one();
            } else {
                Savepoint before = connection.setSavepoint();
                one();
                if (random.nextBoolean()) {
                    connection.rollback(before);
                } else {
                    connection.releaseSavepoint(before);
                }
            }
            if (slow) {
                pause(0.05, 0.6);
            }
        }
    }

    private void one() throws SQLException {
        int choice = random.nextInt(100);
        int count = 1 + random.nextInt(6);
        if (kind.changes() == Kind.Changes.INSERTS || choice < 30) {
            insert(count, moment());
        } else if (kind.changes() == Kind.Changes.UPSERTS || choice < 70) {
            run("UPDATE %1$s SET payload = ?, amount = amount + 0.01, changed = " + moment()
                    + ", seq = nextval('%1$s_seq') WHERE " + some(count));
        } else if (choice < 85) {
            run("DELETE FROM %1$s WHERE coalesce(?, id::text) IS NOT NULL AND " + some(count));
        } else if (choice < 93) {
            run("UPDATE %1$s SET id = nextval('%1$s_id'), payload = ?, changed = " + moment()
                    + ", seq = nextval('%1$s_seq') WHERE " + some(1));
        } else {
            run("INSERT INTO %1$s (id, payload, amount, changed, seq) VALUES (" + anyId() + ", ?, 7.5, " + moment()
                    + ", nextval('%1$s_seq')) ON CONFLICT (id) DO NOTHING");
        }
    }

    private void insert(int rows, String moment) throws SQLException {
        run("INSERT INTO %1$s (id, payload, amount, changed, seq) SELECT nextval('%1$s_id'), ?, g * 0.25, " + moment
                + ", nextval('%1$s_seq') FROM generate_series(1, " + rows + ") g");
    }

    /** When a row says that it was changed: the transaction's begin, as the row before it, or it does not say. */
    private String moment() {
        int choice = random.nextInt(20);
        if (choice == 0 && kind.key()) {
            return "NULL";
        }
        return choice < 3 ? "(SELECT greatest(max(changed), now() - interval '1 second') FROM %1$s)" : "now()";
    }

    private String some(int count) {
        return "id IN (SELECT id FROM %1$s WHERE id >= " + anyId() + " ORDER BY id LIMIT " + count + ")";
    }

    private String anyId() {
        return "(SELECT floor(" + random.nextDouble() + " * last_value)::bigint FROM %1$s_id)";
    }

    /** All rows go and others come: in one transaction, or in two with nothing in between. */
    private void swap() throws SQLException {
        run((random.nextBoolean() ? "DELETE FROM %1$s WHERE coalesce(?, id::text) IS NOT NULL" : "TRUNCATE %1$s"));
        if (kind.changes() == Kind.Changes.DRAINS) {
            generation(0);
            connection.commit();
        }
        pause(0, 0.3);
        generation(200 + random.nextInt(3000));
    }

    private void generation(int rows) throws SQLException {
        run("WITH g AS (INSERT INTO generations VALUES ('%1$s', nextval('%1$s_id'), " + rows + ") RETURNING generation)"
                + " INSERT INTO %1$s (id, payload, amount, changed, seq) SELECT generation * 100000 + i,"
                + " coalesce('g' || generation, ?), 1, now(), i FROM g, generate_series(1, " + rows + ") i");
    }

    private long lastNumber() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT last_value FROM " + kind.table() + "_seq")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void pause(double least, double most) throws SQLException {
        run("SELECT pg_sleep(" + (least + random.nextDouble() * (most - least)) + ")");
    }

    /** {@code %1$s} is the table; a question mark takes some text. */
    private void run(String sql) throws SQLException {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(kind.table()))) {
            if (sql.contains("?")) {
                statement.setString(1, random.nextInt(10) == 0 && !kind.inGenerations() ? null : text);
            }
            statement.execute();
        }
    }
}
