package dev.serai.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.springframework.stereotype.Component;

import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.dataset.SyncedPosition;
import dev.serai.dataset.SyncedState;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;
import dev.serai.lake.CommitRequest;
import dev.serai.lake.CommitResult;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.lake.Window;
import dev.serai.metadata.Times;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.file.FileSource;
import dev.serai.rows.file.ParquetSource;
import dev.serai.upload.UploadedText;

/** Makes a dataset's next version of an uploaded file: the bean of the route {@code upload-dataset}. */
@Component
public class UploadSync {
    private final Datasets datasets;
    private final Lake lake;
    private final Clock clock;

    UploadSync(Datasets datasets, Lake lake, Clock clock) {
        this.datasets = datasets;
        this.lake = lake;
        this.clock = clock;
    }

    /** Commits the rows, and before them the lines that did not fit: a run that dies in between has lost none. */
    public Object write(DatasetSync sync) {
        Upload upload = sync.upload().orElseThrow();
        Dataset dataset = datasets.get(sync.dataset().project(), sync.dataset().id());
        Optional<TableSnapshot> before = lake.snapshot(dataset.table());
        UploadedText text = text(sync, upload);
        AtomicLong rejected = new AtomicLong();
        AtomicReference<String> read = new AtomicReference<>("empty");
        CommitResult commit;
        try {
            commit = commit(sync, dataset, upload, source(sync, upload, text, before, rejected, read, false));
        } catch (FailureException e) {
            if (!e.failure().code().equals(FileSource.TYPES_CHANGED)) {
                throw e;
            }
            commit = commit(sync, dataset, upload, source(sync, upload, text, before, rejected, read, true));
        }
        TableSnapshot after = lake.snapshot(dataset.table(), commit.version())
                .orElseThrow(() -> new IllegalStateException("The version just committed is not there"));
        List<RunWarning> warnings = new ArrayList<>();
        warnings.addAll(said(text, String.valueOf(read.get())));
        commit.warnings().forEach(values -> warnings.add(RunWarning.of(values)));
        before.ifPresent(table -> warnings.addAll(RunWarning.drift(table.columns(), after.columns())));
        if (rejected.get() > 0) {
            warnings.add(new RunWarning(
                    "lines_rejected",
                    null,
                    rejected.get(),
                    "Lines that did not fit: " + rejected.get() + "; the dataset " + Uploads.rejectsOf(dataset.name())
                            + " has them."));
        }
        return new DatasetResult(
                upload.append() ? "append" : SyncMode.FULL,
                null,
                commit.rowsRead() + rejected.get(),
                commit.rowsWritten(),
                0,
                rejected.get(),
                commit.bytes(),
                commit.version(),
                null,
                null,
                warnings,
                state(sync, after));
    }

    private static UploadedText text(DatasetSync sync, Upload upload) {
        try {
            return upload.text(rows -> {
                sync.read(rows);
                if (sync.cancellation().requested()) {
                    throw new FailureException(new Failure.Cancelled(
                            "The reading of the workbook was stopped; the dataset is unchanged."));
                }
            });
        } catch (IOException e) {
            throw FullDisk.in(e).orElseThrow(() -> new UncheckedIOException(e));
        }
    }

    private static List<RunWarning> said(UploadedText text, String read) {
        List<RunWarning> warnings = new ArrayList<>();
        String encoding = text.encoding() == null ? "" : "encoding " + text.encoding() + ", ";
        warnings.add(new RunWarning("detected", null, null, "The file was read as: " + encoding + read + "."));
        UploadedText.Workbook workbook = text.workbook();
        if (workbook != null && workbook.errors() > 0) {
            warnings.add(new RunWarning(
                    "error_cells",
                    null,
                    workbook.errors(),
                    "Cells that hold errors such as #DIV/0! and are NULL: " + workbook.errors() + "; the first is "
                            + workbook.firstError() + "."));
        }
        return warnings;
    }

    private FileSource source(
            DatasetSync sync,
            Upload upload,
            UploadedText text,
            Optional<TableSnapshot> before,
            AtomicLong rejected,
            AtomicReference<String> read,
            boolean exact) {
        Instant now = Times.stored(clock.instant());
        List<Column> table =
                upload.append() ? before.map(TableSnapshot::columns).orElse(List.of()) : List.of();
        FileSource source = new FileSource(text.file(), text.layout(), table, exact, (rows, lines, words) -> {
            rejected.set(lines);
            read.set(words);
            reject(sync, upload, rows, lines);
        });
        sync.opened(source, now);
        sync.planned(new SyncPlan(
                sync.dataset(), new SyncWindow(null, null, null, true, null), List.of(), Window.Deletes.NONE));
        return source;
    }

    private CommitResult commit(DatasetSync sync, Dataset dataset, Upload upload, FileSource source) {
        CommitRequest request = new CommitRequest(sync.runId(), null, sync.progress(), sync.cancellation());
        return upload.append()
                ? lake.append(dataset.table(), source, request)
                : lake.replace(dataset.table(), source, request);
    }

    /** Keeps lines that did not fit as the upload's own rows are kept; where there are none, none of before stay. */
    private void reject(DatasetSync sync, Upload upload, ParquetSource rows, long lines) {
        String name = Uploads.rejectsOf(sync.dataset().name());
        boolean there = datasets.byName(sync.dataset().project(), name).isPresent();
        if (lines == 0 && (upload.append() || !there)) {
            return;
        }
        Dataset rejects = datasets.uploaded(sync.connector(), name);
        CommitRequest request = new CommitRequest(sync.runId(), null, told -> {}, new Cancellation());
        CommitResult commit = upload.append()
                ? lake.append(rejects.table(), rows, request)
                : lake.replace(rejects.table(), rows, request);
        lake.snapshot(rejects.table(), commit.version())
                .ifPresent(snapshot -> datasets.synced(rejects, state(sync, snapshot)));
    }

    private static SyncedState state(DatasetSync sync, TableSnapshot snapshot) {
        return SyncedState.of(sync.runId(), snapshot, sync.readAt(), new SyncedPosition(null, null, null));
    }
}
