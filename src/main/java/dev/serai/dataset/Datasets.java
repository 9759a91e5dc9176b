package dev.serai.dataset;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.audit.AuditLog;
import dev.serai.connector.Connector;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.Lake;
import dev.serai.lake.TableId;
import dev.serai.lake.TableVersion;
import dev.serai.metadata.Cursor;
import dev.serai.metadata.Json;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;

/** The datasets of a project: what is synced from where, how each stands, who may read it. */
@Service
public class Datasets {
    private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);

    private final DatasetStore store;
    private final TableNotes notes;
    private final DatasetCreation creation;
    private final Lake lake;
    private final TransactionOperations transactions;
    private final AuditLog audit;
    private final Clock clock;

    Datasets(
            DatasetStore store,
            TableNotes notes,
            DatasetCreation creation,
            Lake lake,
            TransactionOperations transactions,
            AuditLog audit,
            Clock clock) {
        this.audit = audit;
        this.store = store;
        this.notes = notes;
        this.creation = creation;
        this.lake = lake;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Reads and creates a dataset; never dials.
     *
     * @throws FailureException with all faults of the JSON, or {@code name_taken}
     */
    public Dataset create(String project, ObjectNode json) {
        return creation.create(project, json);
    }

    public Dataset create(String project, NewDataset wanted) {
        return creation.create(project, wanted);
    }

    /**
     * The dataset of a connector's uploaded rows, made where there is none of the name yet.
     *
     * @throws FailureException {@code name_taken} where another connector has the name
     */
    public Dataset uploaded(Connector connector, String name) {
        Dataset dataset = byName(connector.project(), name).orElseGet(() -> creation.createUploaded(connector, name));
        if (!dataset.connectorId().equals(connector.id())) {
            throw new FailureException(
                    new Failure.Conflict("name_taken", "Another connector has a dataset of this name."));
        }
        return dataset;
    }

    public Dataset get(String project, String id) {
        return store.find(project, id)
                .orElseThrow(() -> new FailureException(new Failure.Missing("There is no such dataset.")));
    }

    /** Whether it is still there, in whichever project. */
    public boolean exists(String id) {
        return notes.version(id).isPresent();
    }

    /** By its name in SQL, ignoring case. */
    public Optional<Dataset> byName(String project, String name) {
        return store.findByName(project, name);
    }

    /** All of one connector, oldest first; also of one that is deleted. */
    public List<Dataset> ofConnector(String project, String connectorId) {
        return store.ofConnector(project, connectorId);
    }

    /**
     * A page, oldest first.
     *
     * @param viewer gets only what it may read; null: all
     */
    public Page<Dataset> list(String project, int limit, @Nullable String cursor, @Nullable Caller viewer) {
        List<Dataset> found = new ArrayList<>();
        String after = Cursor.after(cursor);
        List<Dataset> chunk;
        do {
            chunk = store.list(project, after, limit + 1);
            chunk.stream()
                    .filter(dataset -> viewer == null || readableBy(dataset, viewer))
                    .forEach(found::add);
            after = chunk.isEmpty() ? after : chunk.get(chunk.size() - 1).id();
        } while (found.size() <= limit && chunk.size() > limit);
        return Page.of(found.subList(0, Math.min(found.size(), limit + 1)), limit, Dataset::id);
    }

    /** Members read every dataset of their project; a viewer those without readers or with one of its groups. */
    public boolean readableBy(Dataset dataset, Caller caller) {
        return dataset.project().equals(caller.project())
                && (caller.is(Role.MEMBER)
                        || dataset.readers().isEmpty()
                        || dataset.readers().stream().anyMatch(caller.groups()::contains));
    }

    /** Applies an RFC 7396 merge patch to what of a dataset can change. */
    public Dataset patch(String project, String id, ObjectNode patch) {
        return Objects.requireNonNull(transactions.execute(tx -> {
            // One change after the other: all is written, so nobody else may change what this one keeps.
            store.lock(project, id);
            Dataset before = get(project, id);
            Dataset changed = new DatasetPatch(patch).apply(before, Times.stored(clock.instant()));
            store.update(changed, !patch.has("primary_key"));
            note("dataset.change", changed, DatasetChanges.of(before, changed));
            return get(project, id);
        }));
    }

    /** Removes the dataset with its rows and their history. */
    public void delete(String project, String id) {
        Dataset dataset = get(project, id);
        if (Boolean.TRUE.equals(transactions.execute(tx -> deleted(dataset)))) {
            drop(dataset.table());
            LOG.info("Dataset {} ({}) was deleted", dataset.name(), id);
        }
    }

    private boolean deleted(Dataset dataset) {
        boolean deleted = store.delete(dataset.project(), dataset.id());
        if (deleted) {
            note("dataset.delete", dataset, Json.newObject());
        }
        return deleted;
    }

    private void note(String action, Dataset dataset, ObjectNode details) {
        audit.changed(dataset.project(), action, dataset.id(), dataset.name(), dataset.connectorId(), details);
    }

    /** Removes what a process that is gone left of deleted datasets. */
    @EventListener(ApplicationReadyEvent.class)
    void dropDeleted() {
        store.dropped().stream().filter(this::drop).forEach(store::forget);
    }

    /** Whether the rows are gone; else the next start tries again. */
    private boolean drop(TableId table) {
        try {
            lake.drop(table);
            return true;
        } catch (UncheckedIOException e) {
            LOG.error("The rows of the deleted dataset {} could not be removed now", table.dataset(), e);
            return false;
        }
    }

    /** Versions of the rows, newest first. */
    public List<TableVersion> history(String project, String id) {
        return lake.history(get(project, id).table());
    }

    private String watermarkColumn(Dataset dataset) {
        return store.watermarkColumn(dataset.project(), dataset.id())
                .orElseThrow(
                        () -> new FailureException(
                                Failure.Invalid.of(
                                        "/value",
                                        "can be set once there is a watermark_column, the dataset's or its connector's, to be a position of")));
    }

    /** As DuckDB prints it, where the column's type is known. */
    private static String read(Dataset dataset, String column, @Nullable String value) {
        String position = String.valueOf(value);
        Optional<WatermarkForm> form = column.equals(WatermarkForm.XMIN)
                ? Optional.of(WatermarkForm.ofTransactions())
                : dataset.schema().stream()
                        .filter(known -> known.name().equals(column))
                        .findFirst()
                        .map(WatermarkForm::of);
        try {
            return form.isEmpty() ? position : form.get().read(position);
        } catch (FailureException e) {
            throw new FailureException(
                    Failure.Invalid.of(
                            "/value",
                            "must be a position of the column " + column + ", written like "
                                    + form.get().example()),
                    e);
        }
    }

    /** Stores where the next incremental sync goes on; null: at the beginning. */
    public Dataset setWatermark(String project, String id, @Nullable String value) {
        if (value != null && (value.isBlank() || value.length() > 1000)) {
            throw new FailureException(Failure.Invalid.of("/value", "must have 1 to 1000 characters, or be null"));
        }
        return Objects.requireNonNull(transactions.execute(tx -> {
            Dataset dataset = get(project, id);
            String column = value == null ? null : watermarkColumn(dataset);
            notes.setWatermark(project, id, column == null ? null : read(dataset, column, value), column);
            note("dataset.watermark", dataset, Json.newObject().put("cleared", value == null));
            return get(project, id);
        }));
    }

    /**
     * Takes over what a sync found, unless a faster one has found something newer; false if the dataset was deleted
     * meanwhile, and then so are its new rows.
     */
    public boolean synced(Dataset dataset, SyncedState state) {
        if (notes.synced(dataset.id(), state, state.version())) {
            return true;
        }
        Optional<Long> noted = notes.version(dataset.id());
        if (noted.isEmpty()) {
            lake.drop(dataset.table());
            return false;
        }
        // Where the lake was lost or is an older one, its newest version is behind what is noted, and counts.
        boolean newest = lake.snapshot(dataset.table())
                .filter(now -> now.version() == state.version())
                .isPresent();
        if (newest) {
            notes.synced(dataset.id(), state, noted.get());
        }
        return true;
    }

    /** Notes a sync that failed; rows and schema stay as they were. */
    public void failed(String datasetId, String runId, String reason) {
        notes.notSynced(datasetId, runId, "failed", reason);
    }

    /** Notes a sync that could not be, for want of a usable watermark column. */
    public void needsWatermark(String datasetId, String runId, String reason) {
        notes.notSynced(datasetId, runId, "needs_watermark", reason);
    }
}
