package dev.serai.lake;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.RowWarning;
import dev.serai.rows.SqlText;

/** Which position do rows leave that were just written? */
final class Watermarks {
    /** The code of rows whose watermark is NULL: no window holds them. */
    static final String NULLS = "null_watermark";

    /** The position, or null where there is none to leave, and what is to be said of the rows. */
    record Found(@Nullable String value, List<RowWarning> warnings) {}

    private Watermarks() {}

    static Found find(CommitRequest request, Statement statement, TableWriter.Written written, StructType schema)
            throws SQLException {
        String column = request.watermarkColumn();
        if (column == null || written.files().isEmpty() || schema.indexOf(column) < 0) {
            return new Found(request.watermark(), List.of());
        }
        StructField field = schema.get(column);
        List<Path> files =
                written.files().stream().map(file -> Path.of(file.getPath())).toList();
        return find(
                request,
                statement,
                ordered(
                        SqlText.identifier(column),
                        field.getDataType() instanceof DoubleType || field.getDataType() instanceof FloatType),
                "(" + ScanText.of(new StructType(List.of(field)), files) + ")");
    }

    /** A watermark for max(): real numbers that are not finite would be above all that comes, so they count as none. */
    static String ordered(String value, boolean real) {
        return real ? "(CASE WHEN isfinite(" + value + ") THEN " + value + " END)" : value;
    }

    /** @param value the SQL of the watermark in a row of the relation */
    static Found find(CommitRequest request, Statement statement, String value, String relation) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT CAST(max(" + value + ") AS VARCHAR), count(*) - count(" + value + ") FROM " + relation)) {
            row.next();
            long nulls = row.getLong(2);
            List<RowWarning> warnings = nulls == 0
                    ? List.of()
                    : List.of(new RowWarning(String.valueOf(request.watermarkColumn()), NULLS, nulls));
            return new Found(request.watermark() == null ? row.getString(1) : request.watermark(), warnings);
        }
    }
}
