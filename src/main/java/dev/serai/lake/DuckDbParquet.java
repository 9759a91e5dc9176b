package dev.serai.lake;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;

import dev.serai.rows.SqlText;

/**
 * Checkpoints by DuckDB: their rows pass as JSON, which Kernel's own handler decodes and DuckDB encodes. Data files never
 * come this way.
 */
final class DuckDbParquet implements ParquetHandler {
    private static final int ROWS_AT_ONCE = 1024;

    private final LakeDuckDb duckdb;
    private final JsonHandler json;

    DuckDbParquet(LakeDuckDb duckdb, JsonHandler json) {
        this.duckdb = duckdb;
        this.json = json;
    }

    @Override
    public CloseableIterator<FileReadResult> readParquetFiles(
            CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> predicate) throws IOException {
        List<FileReadResult> read = new ArrayList<>();
        try (files) {
            while (files.hasNext()) {
                read(files.next().getPath(), schema, read);
            }
        } catch (SQLException e) {
            throw new IOException("A checkpoint could not be read", e);
        }
        return Utils.toCloseableIterator(read.iterator());
    }

    private void read(String path, StructType schema, List<FileReadResult> read) throws SQLException {
        String file = "read_parquet(" + SqlText.literal(LocalFiles.path(path).toString()) + ")";
        try (Connection connection = duckdb.connect();
                Statement statement = connection.createStatement()) {
            Set<String> present = new HashSet<>();
            try (ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + file)) {
                while (columns.next()) {
                    present.add(columns.getString(1));
                }
            }
            String fields = schema.fieldNames().stream()
                    .filter(present::contains)
                    .map(name -> SqlText.identifier(name) + " := " + SqlText.identifier(name))
                    .collect(Collectors.joining(", "));
            String row = fields.isEmpty() ? "'{}'" : "CAST(to_json(struct_pack(" + fields + ")) AS VARCHAR)";
            try (ResultSet rows = statement.executeQuery("SELECT " + row + " FROM " + file)) {
                List<String> lines = new ArrayList<>();
                while (rows.next()) {
                    lines.add(rows.getString(1));
                    if (lines.size() == ROWS_AT_ONCE) {
                        read.add(parsed(lines, schema, path));
                        lines.clear();
                    }
                }
                read.add(parsed(lines, schema, path));
            }
        }
    }

    private FileReadResult parsed(List<String> lines, StructType schema, String path) {
        return new FileReadResult(
                json.parseJson(KernelInternals.strings(lines, StringType.STRING), schema, Optional.empty()), path);
    }

    @Override
    public CloseableIterator<DataFileStatus> writeParquetFiles(
            String directory, CloseableIterator<FilteredColumnarBatch> batches, List<Column> statistics) {
        throw new UnsupportedOperationException("Data files are written from SQL");
    }

    @Override
    public void writeParquetFileAtomically(String path, CloseableIterator<FilteredColumnarBatch> batches)
            throws IOException {
        Path target = LocalFiles.path(path);
        Path lines = LocalFiles.temporary(target);
        Path parquet = LocalFiles.temporary(target);
        try {
            StructType schema = writeLines(batches, lines);
            copy(lines, schema, parquet);
            Durable.publish(parquet, target);
        } catch (SQLException e) {
            throw new IOException("A checkpoint could not be written", e);
        } finally {
            Files.deleteIfExists(lines);
            Files.deleteIfExists(parquet);
        }
    }

    private static StructType writeLines(CloseableIterator<FilteredColumnarBatch> batches, Path lines)
            throws IOException {
        StructType schema = new StructType();
        try (batches;
                BufferedWriter out = Files.newBufferedWriter(lines)) {
            while (batches.hasNext()) {
                FilteredColumnarBatch batch = batches.next();
                schema = batch.getData().getSchema();
                try (CloseableIterator<Row> rows = batch.getRows()) {
                    while (rows.hasNext()) {
                        out.write(KernelInternals.json(rows.next()));
                        out.write('\n');
                    }
                }
            }
        }
        return schema;
    }

    private void copy(Path lines, StructType schema, Path parquet) throws SQLException {
        String columns = schema.fields().stream()
                .map(field -> SqlText.identifier(field.getName()) + ": "
                        + SqlText.literal(DuckDbTypes.of(field.getDataType())))
                .collect(Collectors.joining(", ", "{", "}"));
        try (Connection connection = duckdb.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT * FROM read_json(" + SqlText.literal(lines.toString())
                    + ", format='newline_delimited', columns=" + columns + ")) TO "
                    + SqlText.literal(parquet.toString()) + " (FORMAT parquet, COMPRESSION zstd)");
        }
    }
}
