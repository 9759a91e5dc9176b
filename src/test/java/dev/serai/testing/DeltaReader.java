package dev.serai.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Reads a Delta table with Delta Kernel's full default engine, which shares no code of ours. */
public final class DeltaReader {
    private static final Engine DEFAULT = DefaultEngine.create(new Configuration());

    private DeltaReader() {}

    /**
     * The newest version's rows as Kernel gives them: dates as days, times as microseconds since 1970, bytes in a
     * buffer.
     */
    public static List<List<@Nullable Object>> rows(Path table) throws IOException {
        return rows(TableManager.loadSnapshot(table.toString()).build(DEFAULT));
    }

    private static List<List<@Nullable Object>> rows(Snapshot snapshot) throws IOException {
        Scan scan = snapshot.getScanBuilder().build();
        Row state = scan.getScanState(DEFAULT);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(DEFAULT)) {
            while (files.hasNext()) {
                try (CloseableIterator<Row> file = files.next().getRows()) {
                    while (file.hasNext()) {
                        read(file.next(), state, physical, rows);
                    }
                }
            }
        }
        return rows;
    }

    private static void read(Row file, Row state, StructType physical, List<List<@Nullable Object>> rows)
            throws IOException {
        FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
        CloseableIterator<FileReadResult> content = DEFAULT.getParquetHandler()
                .readParquetFiles(Utils.singletonCloseableIterator(status), physical, Optional.empty());
        try (CloseableIterator<FilteredColumnarBatch> batches =
                Scan.transformPhysicalData(DEFAULT, state, file, content.map(FileReadResult::getData))) {
            while (batches.hasNext()) {
                FilteredColumnarBatch batch = batches.next();
                for (int row = 0; row < batch.getData().getSize(); row++) {
                    List<@Nullable Object> values = new ArrayList<>();
                    for (int i = 0; i < batch.getData().getSchema().length(); i++) {
                        values.add(value(batch.getData().getColumnVector(i), row));
                    }
                    rows.add(values);
                }
            }
        }
    }

    private static @Nullable Object value(ColumnVector vector, int row) {
        if (vector.isNullAt(row)) {
            return null;
        }
        if (vector.getDataType() instanceof StructType struct) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            for (int i = 0; i < struct.length(); i++) {
                members.put(struct.at(i).getName(), value(vector.getChild(i), row));
            }
            return members;
        } else if (vector.getDataType() instanceof ArrayType) {
            ArrayValue array = vector.getArray(row);
            List<@Nullable Object> elements = new ArrayList<>();
            for (int i = 0; i < array.getSize(); i++) {
                elements.add(value(array.getElements(), i));
            }
            return elements;
        }
        return switch (vector.getDataType().toString().replaceFirst("\\(.*", "").toLowerCase(Locale.ROOT)) {
            case "boolean" -> vector.getBoolean(row);
            case "byte" -> vector.getByte(row);
            case "short" -> vector.getShort(row);
            case "integer", "date" -> vector.getInt(row);
            case "long", "timestamp", "timestamp_ntz" -> vector.getLong(row);
            case "float" -> vector.getFloat(row);
            case "double" -> vector.getDouble(row);
            case "decimal" -> vector.getDecimal(row);
            case "binary" -> ByteBuffer.wrap(vector.getBinary(row));
            default -> vector.getString(row);
        };
    }
}
