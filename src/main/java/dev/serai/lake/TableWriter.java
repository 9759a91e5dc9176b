package dev.serai.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.DataFileStatus;

import dev.serai.rows.SqlText;

/** Writes rows into Parquet files, under the physical names and ids of a table's columns. */
final class TableWriter {
    private static final String FILE_SIZE = "1GB";
    /**
     * Each of two threads collects a row group before it writes it, and needs a few times that while it does. DuckDB's
     * own limit is larger and, where rows are wide, more than a sync may take.
     */
    private static final String ROW_GROUP_SIZE = "16MB";

    /** What was written. */
    record Written(List<DataFileStatus> files, long rows, long bytes) {
        static final Written NOTHING = new Written(List.of(), 0, 0);
    }

    private final StagingArea staging;

    TableWriter(StagingArea staging) {
        this.staging = staging;
    }

    /**
     * @param relation what stands behind FROM: rows with the table's columns under their names
     * @throws SQLException when the rows could not be read or written; nothing is left then but staged files
     */
    Written write(Statement statement, String relation, StructType schema) throws SQLException, IOException {
        Path folder = staging.folder().resolve("files");
        List<Staged> staged = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(copy(relation, schema, folder))) {
            while (row.next()) {
                staged.add(new Staged(
                        Path.of(row.getString("filename")),
                        row.getLong("count"),
                        statistics(row.getObject("column_statistics"))));
            }
        }
        List<DataFileStatus> files = new ArrayList<>();
        long rows = 0;
        long bytes = 0;
        for (Staged file : staged) {
            if (file.rows() > 0) {
                DataFileStatus status = publish(file, schema, files.size());
                files.add(status);
                rows += file.rows();
                bytes += status.getSize();
            }
        }
        return new Written(files, rows, bytes);
    }

    private record Staged(Path path, long rows, Map<String, Map<String, String>> statistics) {}

    private DataFileStatus publish(Staged file, StructType schema, int number) throws IOException {
        Path published = staging.publish(file.path(), number);
        return new DataFileStatus(
                published.toString(),
                Files.size(published),
                Files.getLastModifiedTime(published).toMillis(),
                Optional.of(FileStatistics.of(file.rows(), file.statistics(), schema)));
    }

    private static String copy(String relation, StructType schema, Path folder) {
        String columns = schema.fields().stream()
                .map(field -> SqlText.identifier(field.getName()) + " AS "
                        + SqlText.identifier(DeltaSchema.physicalName(field)))
                .collect(Collectors.joining(", "));
        String ids = schema.fields().stream()
                .map(field -> SqlText.identifier(DeltaSchema.physicalName(field)) + ": "
                        + ids(DeltaSchema.id(field), field.getDataType()))
                .collect(Collectors.joining(", ", "{", "}"));
        return "COPY (SELECT " + columns + " FROM " + relation + ") TO " + SqlText.literal(folder.toString())
                + " (FORMAT parquet, COMPRESSION zstd, FILE_SIZE_BYTES '" + FILE_SIZE
                + "', ROW_GROUP_SIZE_BYTES '" + ROW_GROUP_SIZE + "', FIELD_IDS " + ids
                + ", RETURN_STATS)";
    }

    private static String ids(long id, DataType type) {
        String inside = inside(type);
        return inside.isEmpty() ? String.valueOf(id) : "{__duckdb_field_id: " + id + ", " + inside + "}";
    }

    /** The ids of the members, for which Delta has some; the elements of lists have none. */
    private static String inside(DataType type) {
        if (type instanceof StructType struct) {
            return struct.fields().stream()
                    .map(field -> SqlText.identifier(DeltaSchema.physicalName(field)) + ": "
                            + ids(DeltaSchema.id(field), field.getDataType()))
                    .collect(Collectors.joining(", "));
        } else if (type instanceof ArrayType array) {
            String inside = inside(array.getElementType());
            return inside.isEmpty() ? "" : "element: {" + inside + "}";
        }
        return "";
    }

    private static Map<String, Map<String, String>> statistics(Object told) {
        Map<String, Map<String, String>> statistics = new HashMap<>();
        ((Map<?, ?>) told).forEach((column, values) -> {
            Map<String, String> texts = new HashMap<>();
            ((Map<?, ?>) values).forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
            statistics.put(String.valueOf(column), texts);
        });
        return statistics;
    }
}
