package dev.serai.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;

/**
 * The one place that uses Delta Kernel's internal classes, for what it has no public way to do yet: removing files,
 * statistics of a scan's files, a transaction's position. The version is pinned, and a test compares with the full
 * default engine.
 */
final class KernelInternals {
    private KernelInternals() {}

    /** A file that holds rows of a snapshot; its path is that below the table. */
    record ActiveFile(String path, long rows, long bytes, Row remove) {}

    /** The files that hold a snapshot's rows, and the actions that would take them out of the table. */
    static List<ActiveFile> files(Snapshot snapshot, Engine engine) {
        List<ActiveFile> files = new ArrayList<>();
        ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        files.add(file(new AddFile(rows.next().getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL))));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static ActiveFile file(AddFile file) {
        long rows = file.getNumRecords()
                .orElseThrow(() -> new IllegalStateException("A file without its number of rows: " + file.getPath()));
        Row remove = SingleAction.createRemoveFileSingleAction(file.toRemoveFileRow(true, Optional.empty()));
        return new ActiveFile(file.getPath(), rows, file.getSize(), remove);
    }

    /** Whether a commit of that application is in the snapshot. */
    static boolean committed(Snapshot snapshot, Engine engine, String application) {
        return ((SnapshotImpl) snapshot)
                .getLatestTransactionVersion(engine, application)
                .isPresent();
    }

    /** The actions that add files to the table. */
    static List<Row> adds(Transaction transaction, Engine engine, List<DataFileStatus> files) {
        Row state = transaction.getTransactionState(engine);
        try (CloseableIterator<Row> adds = Transaction.generateAppendActions(
                engine,
                state,
                Utils.toCloseableIterator(files.iterator()),
                Transaction.getWriteContext(engine, state, java.util.Map.of()))) {
            return adds.toInMemoryList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The action that marks an application's commit; a new table's transaction takes no other. */
    static Row mark(String application, long millis) {
        return SingleAction.createTxnSingleAction(new SetTransaction(application, 0L, Optional.of(millis)).toRow());
    }

    static StructType schema(String json) {
        return DataTypeJsonSerDe.deserializeStructType(json);
    }

    static ColumnVector strings(List<String> values, DataType type) {
        return VectorUtils.buildColumnVector(List.copyOf(values), type);
    }

    static String json(Row row) {
        return JsonUtils.rowToJson(row);
    }
}
