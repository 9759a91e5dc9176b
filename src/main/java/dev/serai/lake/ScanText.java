package dev.serai.lake;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;

import dev.serai.rows.SqlText;

/**
 * The SELECT that reads exactly a snapshot's files. Columns are found by their ids, so a file that is older than a column
 * gives NULL for it.
 */
final class ScanText {
    private ScanText() {}

    static String of(StructType schema, List<Path> files) {
        if (files.isEmpty()) {
            return schema.fields().stream()
                    .map(field -> "CAST(NULL AS " + type(field) + ") AS " + SqlText.identifier(field.getName()))
                    .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
        }
        return "SELECT * FROM " + relation(schema, files);
    }

    /** What stands behind FROM; it has the virtual columns {@code file_index} and {@code file_row_number}, too. */
    static String relation(StructType schema, List<Path> files) {
        String paths = files.stream()
                .map(file -> SqlText.literal(file.toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        String columns = schema.fields().stream()
                .map(field -> DeltaSchema.id(field) + ": {name: " + SqlText.literal(field.getName()) + ", type: "
                        + SqlText.literal(type(field)) + ", default_value: NULL}")
                .collect(Collectors.joining(", ", "MAP {", "}"));
        return "read_parquet(" + paths + ", schema=" + columns + ")";
    }

    private static String type(StructField field) {
        return DuckDbTypes.of(field.getDataType());
    }
}
