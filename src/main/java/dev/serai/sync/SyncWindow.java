package dev.serai.sync;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.dataset.Dataset;
import dev.serai.dataset.WatermarkForm;
import dev.serai.lake.TableSnapshot;
import dev.serai.rows.Column;

/**
 * Which part of a source is a dataset's sync to read: what is not below the last position less the lookback, or
 * everything? The upper bound is what the source has when it is read.
 *
 * @param column the watermark column, where one is to leave a position
 * @param before the dataset's position before the sync
 * @param from the lower bound, inclusive, as text of DuckDB's; null: none
 * @param everything whether all rows are read, and take the place of those that the dataset has
 * @param reason why everything is read where a part was asked for
 */
record SyncWindow(
        @Nullable String column,
        @Nullable String before,
        @Nullable String from,
        boolean everything,
        @Nullable String reason) {
    private record Stored(@Nullable String position, @Nullable String of) {}

    /**
     * @param table the newest version of the dataset's rows
     * @throws dev.serai.failure.FailureException {@code bad_watermark}, {@code bad_lookback}
     */
    static SyncWindow of(SyncMode mode, Dataset dataset, Optional<TableSnapshot> table) {
        Stored stored = stored(dataset, table);
        if (!mode.incremental()) {
            return new SyncWindow(columnOfFull(mode), stored.position(), null, true, null);
        }
        SyncWindow all = new SyncWindow(mode.watermarkColumn(), stored.position(), null, true, null);
        if (table.isEmpty()) {
            return all.because("The first run of an incremental dataset loads everything.");
        }
        return part(all, dataset, table.get(), stored);
    }

    private static SyncWindow part(SyncWindow all, Dataset dataset, TableSnapshot table, Stored stored) {
        String position = stored.position();
        String column = String.valueOf(all.column());
        if (position == null) {
            return all.because("There was no position to go on from, so everything was loaded.");
        }
        if (!column.equals(stored.of())) {
            return all.because("The position was one of " + stored.of() + " and the watermark column is now " + column
                    + ", so everything was loaded.");
        }
        Optional<String> other = SyncSelection.of(dataset, dataset.primaryKey()).otherThan(table.selection());
        if (other.isPresent()) {
            return all.because(other.get());
        }
        Optional<WatermarkForm> form = form(column, table);
        if (form.isEmpty()) {
            return all.because("The dataset had no column " + column + " before, so everything was loaded.");
        }
        String from = form.get().from(position, dataset.lookback()).orElse(null);
        return new SyncWindow(column, form.get().read(position), from, false, null);
    }

    /**
     * What the metadata says belongs to the version it knows; a commit that nobody lived to note is newer than that, and
     * has its own.
     */
    private static Stored stored(Dataset dataset, Optional<TableSnapshot> table) {
        return table.filter(now -> !Long.valueOf(now.version()).equals(dataset.version()))
                .map(now -> new Stored(now.watermark(), now.watermarkOf()))
                .orElse(new Stored(dataset.watermark(), dataset.watermarkOf()));
    }

    /** A full sync asks the source for no position, so that it never fails for want of one. */
    private static @Nullable String columnOfFull(SyncMode mode) {
        return WatermarkForm.XMIN.equals(mode.watermarkColumn()) ? null : mode.watermarkColumn();
    }

    private static Optional<WatermarkForm> form(String column, TableSnapshot table) {
        Optional<Column> found = table.columns().stream()
                .filter(known -> known.name().equals(column))
                .findFirst();
        return found.isEmpty() && column.equals(WatermarkForm.XMIN)
                ? Optional.of(WatermarkForm.ofTransactions())
                : found.map(WatermarkForm::of);
    }

    /** Everything instead, for this reason. */
    SyncWindow because(String why) {
        return new SyncWindow(column, before, null, true, why);
    }
}
