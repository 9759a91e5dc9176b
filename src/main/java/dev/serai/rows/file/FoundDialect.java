package dev.serai.rows.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.SqlText;

/**
 * How a file is written: as somebody said, else as DuckDB's sniffer finds.
 *
 * @param skip lines before the header or the first values
 * @param nullText what is NULL besides an empty value; empty for nothing else
 * @param names of the columns, as DuckDB makes them distinct; none for an empty file
 */
record FoundDialect(
        Path file,
        String delimiter,
        String quote,
        String escape,
        boolean header,
        int skip,
        String nullText,
        List<String> names) {
    /** Tables of the connection that reads. */
    static final String ERRORS = "serai_rejected";

    private static final String SCANS = "serai_rejected_scans";
    /** A line longer than this is rejected. */
    private static final int LONGEST = 16 << 20;

    private static final String LENGTH = ", max_line_size=" + LONGEST + ", buffer_size=" + 2 * LONGEST;

    private static final int MANY = 1000;

    FoundDialect {
        names = List.copyOf(names);
    }

    static FoundDialect find(Connection duckdb, Path file, CsvDialect given) {
        try {
            if (Files.size(file) == 0) {
                return new FoundDialect(file, ",", "\"", "\"", false, 0, "", List.of());
            }
            String wide = given.delimiter() == null ? ofManyColumns(file) : null;
            TitleLines titles = given.skip() == null && given.header() == null && wide == null
                    ? TitleLines.of(file, given.separator())
                    : new TitleLines(given.skip() == null ? 0 : given.skip(), null);
            String delimiter = given.separator() == null ? titles.delimiter() : given.separator();
            StringBuilder options = new StringBuilder(
                    ", all_varchar=true, comment='', null_padding=false, ignore_errors=true, max_line_size=" + LONGEST
                            + ", skip=" + titles.count());
            if (delimiter != null) {
                options.append(", delim=").append(SqlText.literal(delimiter));
            } else if (wide != null) {
                options.append(", delim=").append(SqlText.literal(wide)).append(", quote='\"', escape='\"'");
            }
            if (given.quote() != null && wide == null) {
                options.append(", quote=").append(SqlText.literal(given.quote()));
            }
            if (given.header() != null || titles.delimiter() != null) {
                options.append(", header=").append(given.header() == null || given.header());
            }
            return sniffed(duckdb, file, given, titles.count(), options.toString());
        } catch (SQLException e) {
            throw unreadable(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FoundDialect sniffed(Connection duckdb, Path file, CsvDialect given, int skip, String options)
            throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT Delimiter, Quote, Escape, HasHeader, [c.name FOR c IN Columns] FROM sniff_csv("
                                + SqlText.literal(file.toString()) + options + ")")) {
            row.next();
            List<String> names = new ArrayList<>();
            for (Object name : (Object[]) row.getArray(5).getArray()) {
                names.add(String.valueOf(name));
            }
            String separator = given.separator();
            String delimiter = separator == null ? row.getString(1) : separator;
            // Where the first lines quote nothing, later ones may; only who says so gets none.
            String quote = row.getString(2);
            String used = given.quote() != null ? given.quote() : quote.length() == 1 ? quote : "\"";
            String escape = given.escape() == null ? row.getString(3) : given.escape();
            return new FoundDialect(
                    file,
                    delimiter,
                    used,
                    used.isEmpty() || escape.length() != 1 ? used : escape,
                    given.header() == null ? row.getBoolean(4) : given.header(),
                    skip,
                    given.nullText() == null ? "" : given.nullText(),
                    names);
        }
    }

    /** The delimiter of a line that has very many: to try all others as well takes DuckDB too much memory. */
    private static @Nullable String ofManyColumns(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(1 << 20);
        }
        for (String one : List.of(",", "\t", ";", "|")) {
            int count = 0;
            for (int i = 0; i < head.length && head[i] != '\n' && head[i] != '\r'; i++) {
                count += head[i] == one.charAt(0) ? 1 : 0;
            }
            if (count >= MANY) {
                return one;
            }
        }
        return null;
    }

    /**
     * The call that reads it, all columns as text.
     *
     * @param keeping whether lines that do not fit go to {@link #ERRORS}; else they are passed over
     */
    String rows(boolean keeping) {
        String columns = names.stream()
                .map(name -> SqlText.literal(name) + ": 'VARCHAR'")
                .collect(Collectors.joining(", ", "{", "}"));
        return "read_csv(" + SqlText.literal(file.toString()) + ", auto_detect=false, columns=" + columns + ", delim="
                + SqlText.literal(delimiter) + ", quote=" + SqlText.literal(quote) + ", escape="
                + SqlText.literal(escape) + ", header=" + header + ", skip=" + skip + ", comment='', nullstr=['', "
                + SqlText.literal(nullText) + "],"
                + " allow_quoted_nulls=false, null_padding=false" + LENGTH
                + (keeping
                        ? ", store_rejects=true, rejects_limit=0, rejects_table='" + ERRORS + "', rejects_scan='"
                                + SCANS + "')"
                        : ", ignore_errors=true)");
    }

    /**
     * The call that reads a numbered text of Serai's own, all columns as text.
     *
     * @param names of all columns
     */
    static String ownRows(Path file, List<String> names) {
        String columns = names.stream()
                .map(name -> SqlText.literal(name) + ": 'VARCHAR'")
                .collect(Collectors.joining(", ", "{", "}"));
        // Values may be missing at the end and have line ends in them: DuckDB reads both together in one thread only.
        return "read_csv(" + SqlText.literal(file.toString()) + ", auto_detect=false, columns=" + columns
                + ", delim=',', quote='\"', escape='\"', header=false, comment='', nullstr='',"
                + " allow_quoted_nulls=false, null_padding=true, parallel=false" + LENGTH + ")";
    }

    /** The same dialect of the text in {@code target}, which gets the line of each row as its first column. */
    FoundDialect numbered(Path target) throws IOException {
        new NumberedLines(this).write(file, target);
        List<String> all = new ArrayList<>(List.of(FittingRows.LINE));
        all.addAll(names);
        return new FoundDialect(target, delimiter, quote, escape, header, skip, nullText, all);
    }

    /**
     * What is in {@link #ERRORS}. Of a line with several faults the first counts; one that is broken over lines may repeat
     * its text.
     *
     * @param line an aggregate of the number
     * @param raw what becomes of a line's text
     */
    static String rejected(String line, String raw, String more) {
        return "(SELECT " + line + " AS line, arg_min(coalesce(column_name, CAST(column_idx AS VARCHAR)), column_idx)"
                + " AS \"column\", arg_min(lower(replace(CAST(error_type AS VARCHAR), '_', ' ')), column_idx) AS reason, "
                + raw + " AS raw FROM " + ERRORS + more + " GROUP BY line_byte_position)";
    }

    /** Such as {@code delimiter ';', quote '"', first line: names}. */
    String words() {
        return "delimiter '" + (delimiter.equals("\t") ? "\\t" : delimiter) + "', quote '" + quote + "', "
                + (escape.equals(quote) ? "" : "escape '" + escape + "', ")
                + (skip == 0 ? "" : "lines skipped at the start: " + skip + ", ") + "first line: "
                + (header ? "names" : "values");
    }

    /** DuckDB's text holds the file's path and pieces of the rows. */
    static FailureException unreadable(SQLException e) {
        if (String.valueOf(e.getMessage()).contains("Out of Memory")) {
            return new FailureException(
                    new Failure.Invalid(
                            "file_too_wide",
                            "The file's rows take more memory than SERAI_SYNC_MEMORY gives.",
                            List.of()),
                    e);
        }
        return new FailureException(
                new Failure.Invalid(
                        "unreadable_file",
                        "The file cannot be read as separated values: no delimiter, quote and line end fit it.",
                        List.of()),
                e);
    }
}
