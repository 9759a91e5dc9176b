package dev.serai.rows.file;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.RowWarning;

/**
 * A file that SQL can read.
 *
 * @param relation the rows that fit
 * @param rejected gives a relation with those that do not: {@code line}, {@code column}, {@code reason}, {@code raw}; asked
 *     once the others were read; null where all do
 * @param words how it was read
 * @param dialect of separated values of somebody else
 * @param warnings what becomes of values, counted
 */
record Opened(
        List<Column> columns,
        String relation,
        @Nullable Rejected rejected,
        String words,
        @Nullable FoundDialect dialect,
        List<RowWarning> warnings) {
    static final String NOTHING = "(SELECT NULL AS nothing WHERE false)";
    static final String NONE = "(SELECT 0 AS line, '' AS \"column\", '' AS reason, '' AS raw WHERE false)";

    Opened(
            List<Column> columns,
            String relation,
            @Nullable Rejected rejected,
            String words,
            @Nullable FoundDialect dialect) {
        this(columns, relation, rejected, words, dialect, List.of());
    }

    /** Gives the relation. */
    @FunctionalInterface
    interface Rejected {
        String relation() throws SQLException, IOException;
    }
}
