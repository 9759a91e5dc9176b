package dev.serai.connector.sql.postgres;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGResultSetMetaData;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

import dev.serai.connector.sql.SqlFailures;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;

/**
 * Rows of a binary cursor, put into the form in which COPY sends them, so that the same decoders take them.
 *
 * <p>The driver holds what one FETCH brings, so each asks for as many rows as weigh about a megabyte, going by what the
 * last ones weighed; the driver's own limit guards against rows that suddenly weigh far more.
 */
final class CursorRows {
    /** What stands before the query. The cursor lasts as long as the transaction. */
    static final String DECLARE = "DECLARE serai_rows NO SCROLL BINARY CURSOR FOR ";

    /** All rows will be read, and a slow reader is not an idle one. */
    private static final String PREPARE =
            "SET LOCAL cursor_tuple_fraction = 1; SET LOCAL idle_in_transaction_session_timeout = 0";

    /** On a fast link a few percent slower than a thousand, and half a megabyte each may come as a surprise. */
    static final int MOST_ROWS = 128;

    private static final long FETCH_BYTES = 1L << 20;
    /** What all rows of a FETCH may weigh if each is as wide as the widest of the last one. */
    private static final long WORST_BYTES = 16L << 20;

    private static final int CHUNK_BYTES = 128 << 10;
    private static final int BINARY = 1;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final short TRAILER = -1;

    private final Statement statement;
    private final int mostRows;
    private ByteBuffer chunk = ByteBuffer.allocate(2 * CHUNK_BYTES);
    private @Nullable ResultSet rows;
    private int columns;
    private int asked = 1;
    private int came;
    private long bytes;
    private long widest;
    private boolean ended;

    private CursorRows(Statement statement, int mostRows) {
        this.statement = statement;
        this.mostRows = mostRows;
    }

    /**
     * @param cursor begins with {@link #DECLARE}; with JDBC's question marks
     * @param mostRows to ask for at a time
     */
    static CursorRows declare(Connection connection, String cursor, int mostRows) throws SQLException {
        Statement statement = connection.createStatement();
        statement.execute(PREPARE);
        try (PreparedStatement declare = connection.prepareStatement(cursor)) {
            declare.execute();
        }
        CursorRows rows = new CursorRows(statement, mostRows);
        rows.begin();
        return rows;
    }

    private void begin() throws SQLException {
        fetch();
        chunk.put(SIGNATURE).putInt(0).putInt(0);
    }

    /** The next bytes; null at the end. */
    byte @Nullable [] next() throws SQLException {
        if (ended) {
            return null;
        }
        while (chunk.position() < CHUNK_BYTES && !ended) {
            if (advance()) {
                putRow();
            } else {
                // Only a FETCH that brings nothing is the end.
                chunk.putShort(TRAILER);
                ended = true;
                statement.close();
            }
        }
        byte[] full = Arrays.copyOf(chunk.array(), chunk.position());
        chunk = chunk.capacity() > 4 * CHUNK_BYTES ? ByteBuffer.allocate(2 * CHUNK_BYTES) : chunk.clear();
        return full;
    }

    private boolean advance() throws SQLException {
        if (rows != null && rows.next()) {
            return true;
        }
        if (came == 0) {
            return false;
        }
        asked = following();
        fetch();
        return rows != null && rows.next();
    }

    private void fetch() throws SQLException {
        ResultSet fetched = statement.executeQuery("FETCH FORWARD " + asked + " FROM serai_rows");
        if (rows == null) {
            columns = checked(fetched);
        }
        rows = fetched;
        came = 0;
        bytes = 0;
        widest = 0;
    }

    /** More rows than before only step by step, and never more than fit if they all turn out to be wide. */
    private int following() {
        long byMean = FETCH_BYTES * came / Math.max(bytes, 1);
        long byWidest = WORST_BYTES / Math.max(widest, 1);
        return (int) Math.max(1, Math.min(Math.min(2L * asked, mostRows), Math.min(byMean, byWidest)));
    }

    /** A text taken for a number would be a wrong value, so what came is looked at, not trusted. */
    private static int checked(ResultSet fetched) throws SQLException {
        var described = fetched.getMetaData();
        PGResultSetMetaData formats = described.unwrap(PGResultSetMetaData.class);
        for (int i = 1; i <= described.getColumnCount(); i++) {
            if (formats.getFormat(i) != BINARY) {
                throw new PSQLException("The source sends values as text", PSQLState.PROTOCOL_VIOLATION);
            }
        }
        return described.getColumnCount();
    }

    private void putRow() throws SQLException {
        ResultSet row = rows;
        if (row == null) {
            throw new IllegalStateException("No row");
        }
        long weight = 0;
        room(Short.BYTES).putShort((short) columns);
        for (int i = 1; i <= columns; i++) {
            byte[] value = row.getBytes(i);
            if (value == null) {
                room(Integer.BYTES).putInt(-1);
            } else {
                room(Integer.BYTES + value.length).putInt(value.length).put(value);
                weight += value.length;
            }
        }
        came++;
        bytes += weight;
        widest = Math.max(widest, weight);
    }

    private ByteBuffer room(int more) {
        // Two for the trailer.
        int needed = Math.addExact(chunk.position(), more + Short.BYTES);
        if (needed > chunk.capacity()) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * chunk.capacity()));
            larger.put(chunk.flip());
            chunk = larger;
        }
        return chunk;
    }

    /** Whether the driver refused to hold what the server sent. */
    static boolean overflows(SQLException e) {
        return SqlFailures.firstLine(e).contains("maxResultBuffer");
    }

    /** @param fewer whether the next read will ask for fewer rows at a time */
    static Failure tooWide(boolean fewer) {
        return SqlFailures.source(
                Layer.READ,
                "rows_too_wide",
                "The source refuses COPY, and through a cursor came more than " + (PostgresAnswer.MOST_BYTES >> 20)
                        + " MB at once. "
                        + (fewer
                                ? "The next read asks for few rows at a time."
                                : "A row this large can be read by COPY only."),
                fewer);
    }
}
