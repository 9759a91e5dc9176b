package dev.serai.rows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import dev.serai.rows.PgCopySource.Chunks;
import dev.serai.rows.PgCopySource.Partition;

/** What PostgreSQL sends for a COPY, held as bytes, to be cut, garbled and sent again. */
final class PgCopies {
    private PgCopies() {}

    static byte[] bytes(Connection postgres, String select) throws SQLException {
        CopyOut copy = postgres.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (byte[] next = copy.readFromCopy(); next != null; next = copy.readFromCopy()) {
                bytes.write(next);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /** All of them in one piece. */
    static Partition only(byte[] bytes) {
        return only(bytes, -1);
    }

    /** All of them in one piece, from a server that says that they are so many rows. */
    static Partition only(byte[] bytes, long sent) {
        return () -> new Chunks() {
            private byte @Nullable [] next = bytes;

            @Override
            public byte @Nullable [] next() {
                byte[] given = next;
                next = null;
                return given;
            }

            @Override
            public long sent() {
                return sent;
            }

            @Override
            public void close() {}
        };
    }
}
