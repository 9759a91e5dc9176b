package dev.serai.rows.file;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.serai.rows.SqlText;

/**
 * On which line of the file is each rejected row? DuckDB counts rows, and not the lines that are empty or within quotes;
 * but it tells the byte.
 */
final class LineNumbers {
    private static final int PIECE = 1 << 18;

    private LineNumbers() {}

    /**
     * Looks only where rows were rejected.
     *
     * @param target a file that is written
     * @return a relation of {@code place}, where a rejected row begins for DuckDB, and {@code line}, from 1
     */
    static String of(Connection duckdb, Path text, Path target) throws SQLException, IOException {
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT DISTINCT line_byte_position FROM " + FoundDialect.ERRORS + " ORDER BY 1");
                InputStream in = new BufferedInputStream(Files.newInputStream(text), PIECE);
                BufferedWriter out = Files.newBufferedWriter(target)) {
            out.write("place,line\n");
            long position = 0;
            long line = 1;
            int one = -1;
            boolean begun = false;
            while (row.next()) {
                if (!begun) {
                    one = in.read();
                    begun = true;
                }
                // DuckDB counts from 1, and the place may be that of a line end before the row.
                while (one >= 0 && (position < row.getLong(1) - 1 || one == '\n' || one == '\r')) {
                    int next = in.read();
                    line += one == '\n' || one == '\r' && next != '\n' ? 1 : 0;
                    one = next;
                    position++;
                }
                out.write(row.getLong(1) + "," + line + "\n");
            }
        }
        return "read_csv(" + SqlText.literal(target.toString())
                + ", header=true, auto_detect=false, delim=',', columns={'place': 'BIGINT', 'line': 'BIGINT'})";
    }
}
