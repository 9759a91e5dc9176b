package dev.serai.connector.sql.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.ReadWindow;
import dev.serai.connector.sql.postgres.PostgresWindow.Bounds;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Which rows were written by transactions that an earlier read may not have seen, going by each row's {@code xmin}?
 *
 * <p>The position of a read is the lowest number of a transaction that was under way in its snapshot. Whatever that snapshot
 * could not see was, or will be, written under this number or a higher one, however late it is committed, in subtransactions
 * and prepared transactions too. Rows keep only the lower 32 bits, and keep them when they are frozen, so the window is taken
 * modulo 2^32: from the position to the first number that is not assigned yet. Old rows may fall into it by chance, which
 * is harmless; new ones are never outside.
 *
 * @param oldest the lowest transaction that is under way in the snapshot: the position of this read
 * @param next the first transaction that the snapshot knows nothing of
 * @param made by which transactions the model, its schema and its partitions were defined as they are, in 32 bits
 */
record TransactionWindow(long oldest, long next, List<Long> made) {
    /** The name of the system column. */
    static final String COLUMN = "xmin";

    private static final long NUMBERS = 1L << 32;
    /** How far apart two transactions may be for PostgreSQL itself to tell which came first. */
    private static final long FARTHEST = 1L << 31;

    private static final String SNAPSHOT =
            """
            WITH RECURSIVE tree (oid, linked) AS (
              SELECT c.oid, n.xmin::text::int8
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ?::text AND c.relname = ?::text
              UNION ALL
              SELECT i.inhrelid, i.xmin::text::int8
              FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
            SELECT pg_catalog.txid_snapshot_xmin(s), pg_catalog.txid_snapshot_xmax(s), kept, made
            FROM pg_catalog.txid_current_snapshot() s, (
              SELECT pg_catalog.bool_and(c.relkind = 'p' OR c.relkind IN ('r', 'm') AND a.amname = 'heap') AS kept,
                     pg_catalog.array_agg(c.xmin::text::int8) || pg_catalog.array_agg(t.linked) AS made
              FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
              LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam) relations
            """;

    static TransactionWindow of(Connection connection, String schema, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SNAPSHOT)) {
            statement.setString(1, schema);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (!row.getBoolean(3)) {
                    throw PostgresWindow.needsWatermark("The model " + schema + "." + name
                            + " does not keep by which transaction each row was written: xmin serves for tables, partitioned tables of them"
                            + " and materialized views.");
                }
                List<Long> made = new ArrayList<>();
                for (Object number : (Object[]) row.getArray(4).getArray()) {
                    made.add((Long) number);
                }
                return new TransactionWindow(row.getLong(1), row.getLong(2), made);
            }
        }
    }

    Bounds bounds(ReadWindow window) {
        if (!window.nulls()) {
            throw PostgresWindow.needsWatermark(
                    "Going by xmin needs a primary key: rows may come again that were not changed.");
        }
        String from = window.from();
        return new Bounds(from == null ? null : condition(position(from)), Long.toString(oldest));
    }

    private static BigInteger position(String from) {
        if (!from.matches("\\d{1,20}")) {
            throw new FailureException(new Failure.Conflict(
                    "bad_watermark", "The position " + from + " is no number of a transaction, as xmin has them."));
        }
        return new BigInteger(from);
    }

    /**
     * Null for all rows: after a definition that changed what rows hold or which there are, after too many transactions, and
     * where the position lies ahead, being of another server.
     */
    @Nullable
    String condition(BigInteger from) {
        BigInteger ahead = BigInteger.valueOf(next).subtract(from);
        if (ahead.signum() < 0 || ahead.compareTo(BigInteger.valueOf(FARTHEST)) >= 0) {
            return null;
        }
        long start = from.longValue() % NUMBERS;
        long width = ahead.longValue();
        if (made.stream().anyMatch(number -> Math.floorMod(number - start, NUMBERS) < width)) {
            return null;
        }
        return "(" + COLUMN + "::text::int8 + " + (NUMBERS - start) + ") % " + NUMBERS + " < " + width;
    }
}
