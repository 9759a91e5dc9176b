package dev.serai.sync;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.serai.dataset.Dataset;
import dev.serai.dataset.WatermarkForm;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.TableSnapshot;
import dev.serai.lake.Window;
import dev.serai.lake.Window.Deletes;
import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;

/**
 * How is a dataset's sync to be done, as its source turned out when it was opened?
 *
 * @param dataset as it was when the sync came to it
 * @param key by which rows are told apart: as given, else as the source tells; empty where there is none
 * @param deletes what becomes of rows that the source has no more
 */
record SyncPlan(Dataset dataset, SyncWindow window, List<String> key, Deletes deletes) {
    /** The code of a dataset that cannot be synced incrementally; it is skipped, not failed. */
    static final String NEEDS_WATERMARK = "needs_watermark";

    /** @throws FailureException {@code needs_watermark}, {@code needs_key} where the source lacks what the sync needs */
    static SyncPlan of(Dataset dataset, SyncMode mode, SyncWindow window, RowSource rows) {
        List<String> key = dataset.primaryKey();
        if (rows instanceof BatchSource batches) {
            if (!dataset.keyGiven()) {
                key = key(batches);
            }
            check(mode, key, batches.columns().stream().map(Column::name).toList());
        } else if (rows instanceof TextSource text
                && !dataset.keyGiven()
                && !text.key().isEmpty()) {
            key = text.key();
        }
        Deletes deletes = deletes(dataset, mode);
        if (key.isEmpty() && deletes != Deletes.NONE) {
            throw needsKey("Rows that the source has no more are found by their keys");
        }
        if (key.isEmpty() && mode.incremental() && numbersAsText(mode, rows)) {
            throw needsKey("The numbers of the watermark column are kept as texts, whose order is another, so that rows"
                    + " can only be merged by their keys");
        }
        if (key.isEmpty() && mode.incremental() && WatermarkForm.XMIN.equals(mode.watermarkColumn())) {
            throw needsKey("Rows that are found by the transaction that wrote them are merged by their keys");
        }
        return new SyncPlan(dataset, window, key, deletes);
    }

    private static Deletes deletes(Dataset dataset, SyncMode mode) {
        return switch (dataset.detectDeletes()) {
            case "hard" -> mode.incremental() ? Deletes.HARD : Deletes.NONE;
            case "soft" -> Deletes.SOFT;
            default -> Deletes.NONE;
        };
    }

    private static boolean numbersAsText(SyncMode mode, RowSource rows) {
        return rows instanceof BatchSource batches
                && batches.columns().stream()
                        .filter(column -> column.name().equals(mode.watermarkColumn()))
                        .anyMatch(WatermarkForm::isNumberAsText);
    }

    private static void check(SyncMode mode, List<String> key, List<String> columns) {
        String watermark = mode.watermarkColumn();
        if (mode.incremental()
                && watermark != null
                && !watermark.equals(WatermarkForm.XMIN)
                && !columns.contains(watermark)) {
            throw new FailureException(new Failure.Conflict(
                    NEEDS_WATERMARK, "The watermark column " + watermark + " is not a column of this dataset."));
        }
        List<String> missing =
                key.stream().filter(column -> !columns.contains(column)).toList();
        if (mode.incremental() && !missing.isEmpty()) {
            throw new FailureException(new Failure.Conflict(
                    "needs_key",
                    "Of the primary key " + String.join(", ", missing) + " is not a column of this dataset."));
        }
    }

    private static FailureException needsKey(String why) {
        return new FailureException(new Failure.Conflict(
                "needs_key", why + ", and the source names no primary key. Give the dataset a primary_key."));
    }

    /** By which columns the source itself tells its rows apart. */
    static List<String> key(BatchSource rows) {
        return rows.columns().stream()
                .filter(Column::primaryKey)
                .map(Column::name)
                .toList();
    }

    /** Whether it is wrong to take some of the columns of the source's key for the whole of it. */
    static boolean dependsOnKey(Dataset dataset, SyncMode mode) {
        return !dataset.keyGiven()
                && !dataset.columns().isEmpty()
                && (mode.incremental() || deletes(dataset, mode) != Deletes.NONE);
    }

    /** Why a part of the rows cannot be merged into a table, as far as the source tells before it sends any. */
    Optional<String> whyNotInto(TableSnapshot table, RowSource rows) {
        return selection()
                .otherThan(table.selection())
                .or(() -> retyped(table, rows))
                .or(() -> removed(table, rows))
                .or(() -> added(table, rows));
    }

    /** Whether not even all rows can be merged into a table, so that they must replace it. */
    boolean mustReplace(TableSnapshot table, RowSource rows) {
        return !selection().sameShape(table.selection())
                || retyped(table, rows).isPresent()
                || removed(table, rows).isPresent();
    }

    /** A column that went may be another's by now, under another name. */
    private Optional<String> removed(TableSnapshot table, RowSource rows) {
        Set<String> sent = sent(rows);
        return table.columns().stream()
                .map(Column::name)
                .filter(name -> !sent.isEmpty() && !name.equals(Window.DELETED_AT) && !sent.contains(name))
                .map(name -> "The source has no column " + name + " any more, so everything was loaded.")
                .findFirst();
    }

    /** A column that came has values in rows whose watermarks do not tell of it, such as its default. */
    private Optional<String> added(TableSnapshot table, RowSource rows) {
        Set<String> there = table.columns().stream().map(Column::name).collect(Collectors.toSet());
        return sent(rows).stream()
                .filter(name -> !there.contains(name))
                .map(name -> "The column " + name + " is new, so everything was loaded.")
                .findFirst();
    }

    /** The columns that the dataset is to have, where the source tells before it sends any rows. */
    private Set<String> sent(RowSource rows) {
        return rows instanceof BatchSource batches
                ? batches.columns().stream()
                        .map(Column::name)
                        .filter(name ->
                                dataset.columns().isEmpty() || dataset.columns().contains(name))
                        .collect(Collectors.toCollection(LinkedHashSet::new))
                : Set.of();
    }

    /** Which column has another type than in the table: that changes values whose rows' watermarks do not tell of it. */
    private static Optional<String> retyped(TableSnapshot table, RowSource rows) {
        if (!(rows instanceof BatchSource batches)) {
            return Optional.empty();
        }
        Map<String, LogicalType> types =
                table.columns().stream().collect(Collectors.toMap(Column::name, Column::type, (one, other) -> one));
        return batches.columns().stream()
                .filter(column -> !column.type().equals(types.getOrDefault(column.name(), column.type())))
                .map(column -> "The column " + column.name() + " changed its type, so everything was loaded.")
                .findFirst();
    }

    SyncSelection selection() {
        return SyncSelection.of(dataset, key);
    }
}
