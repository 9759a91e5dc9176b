package dev.serai.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;

/** Text spooled to a file that DuckDB's own readers decode: the columns can only be known once all of it was seen. */
final class TextScan extends RowScan {
    private static final Pattern PLACE = Pattern.compile("(?i)\\b(?:line|record/value):? ?(\\d+)");
    private static final String NOTHING = "(SELECT NULL AS nothing WHERE false)";

    private final TextSource source;
    private final Path file;
    private final List<RowWarning> warnings;

    private TextScan(TextSource source, Path file, TextColumns columns) {
        super(columns.columns(), columns.relation());
        this.warnings = columns.warnings();
        this.source = source;
        this.file = file;
    }

    static TextScan spool(Connection duckdb, TextSource source, Path staging, ReadProgress progress, List<Column> into)
            throws SQLException {
        Path file = null;
        try {
            file = Files.createTempFile(staging, "rows", ".text");
            InputStream content = source.content();
            if (content != null) {
                Files.copy(content, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            progress.complete();
            return new TextScan(source, file, columns(duckdb, source, file, into));
        } catch (IOException e) {
            remove(file);
            throw ReadFailure.of(e);
        } catch (SQLException e) {
            remove(file);
            throw FullDisk.in(e).orElseGet(() -> unreadable(source, e));
        } catch (RuntimeException e) {
            remove(file);
            throw e;
        }
    }

    private static TextColumns columns(Connection duckdb, TextSource source, Path file, List<Column> into)
            throws IOException, SQLException {
        TextSource.Format format = source.format();
        TextSource.Known known = source.known();
        if (Files.size(file) == 0 && known == null) {
            return new TextColumns(List.of(), NOTHING);
        }
        if (known != null) {
            List<Column> there = known.columns();
            return there.isEmpty()
                    ? new TextColumns(List.of(), NOTHING)
                    : new JsonColumns(duckdb, format, file, known.longestLine()).of(there);
        }
        TextColumns columns = format == TextSource.Format.CSV
                ? new CsvColumns(duckdb, file).find()
                : new JsonColumns(duckdb, format, file).find(into);
        return columns.columns().isEmpty()
                ? new TextColumns(List.of(), NOTHING)
                : new TextColumns(keyed(columns.columns(), source.key()), columns.relation(), columns.warnings());
    }

    /** Text does not tell the key, whoever gave it does. */
    private static List<Column> keyed(List<Column> columns, List<String> key) {
        return columns.stream()
                .map(column -> key.contains(column.name())
                        ? new Column(
                                column.name(),
                                column.type(),
                                column.nativeType(),
                                column.nullable(),
                                true,
                                column.watermarkCandidate())
                        : column)
                .toList();
    }

    private static FailureException unreadable(TextSource source, SQLException e) {
        String format =
                switch (source.format()) {
                    case NDJSON -> "NDJSON";
                    case JSON_ARRAY -> "a JSON array of objects";
                    case CSV -> "CSV";
                };
        // DuckDB's text holds the file's path and pieces of the rows; only the place is taken from it.
        Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
        String where = place.find() ? " (record " + place.group(1) + ")" : "";
        return new FailureException(
                new Failure.Source(
                        Failure.Layer.READ,
                        "bad_data",
                        "The answer could not be read as " + format + where + ".",
                        false),
                e);
    }

    @Override
    public List<RowWarning> warnings() {
        TextSource.Known known = source.known();
        return known == null ? warnings : known.warnings();
    }

    @Override
    public RuntimeException failure(SQLException e) {
        return FullDisk.in(e).orElseGet(() -> unreadable(source, e));
    }

    @Override
    public void close() {
        remove(file);
        source.close();
    }

    private static void remove(@org.jspecify.annotations.Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
