package dev.serai.rows;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** How do rows of any source become text? */
public final class RowText {
    private RowText() {}

    /**
     * One JSON object a line, written by DuckDB into a file that is gone when the stream is closed. Closes the source.
     *
     * @param place for that file
     */
    public static InputStream ndjson(RowSource rows, SpillFolder place) {
        if (rows instanceof TextSource text && text.format() == TextSource.Format.NDJSON) {
            return text.content() == null ? InputStream.nullInputStream() : text.content();
        }
        try {
            Path folder = Files.createTempDirectory(place.folder("rows"), "rows");
            try {
                return new Spooled(spool(rows, folder), folder);
            } catch (IOException | RuntimeException e) {
                delete(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No place for rows on their way", e);
        }
    }

    private static Path spool(RowSource rows, Path folder) {
        Path file = folder.resolve("rows.ndjson");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                RowScan scan = RowScan.open(duckdb, rows, folder, count -> {});
                Statement copy = duckdb.createStatement()) {
            if (scan.columns().isEmpty()) {
                Files.createFile(file);
                return file;
            }
            try {
                copy.execute(
                        "COPY " + scan.relation() + " TO '" + file.toString().replace("'", "''") + "' (FORMAT json)");
            } catch (SQLException e) {
                throw scan.failure(e);
            }
            return file;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB did not start", e);
        } catch (IOException e) {
            throw new UncheckedIOException("No place for rows on their way", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("rows.ndjson"));
        Files.deleteIfExists(folder);
    }

    /** The file's text; the file goes with it. */
    private static final class Spooled extends FilterInputStream {
        private final Path folder;

        Spooled(Path file, Path folder) throws IOException {
            super(Files.newInputStream(file));
            this.folder = folder;
        }

        @Override
        public void close() throws IOException {
            super.close();
            delete(folder);
        }
    }
}
