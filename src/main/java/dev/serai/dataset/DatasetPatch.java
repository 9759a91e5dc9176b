package dev.serai.dataset;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** An RFC 7396 merge patch of a dataset: absent keeps, null clears, anything else replaces. */
final class DatasetPatch {
    private final ObjectNode patch;
    private final List<Fault> faults = new ArrayList<>();

    DatasetPatch(ObjectNode patch) {
        this.patch = patch;
    }

    /** @throws FailureException with all faults */
    Dataset apply(Dataset old, Instant now) {
        patch.fieldNames().forEachRemaining(this::rejectFixed);
        ObjectNode known = patch.deepCopy();
        known.remove(List.of("connector_id", "model", "query", "path"));
        NewDataset wanted = DatasetFields.read(known, old.connectorId(), "", faults);
        NewDataset merged = new NewDataset(
                old.connectorId(),
                old.model(),
                old.query(),
                old.path(),
                pick("name", wanted.name(), old.name()),
                pick("mode", wanted.mode(), old.mode()),
                pick("watermark_column", wanted.watermarkColumn(), old.watermarkColumn()),
                patch.has("primary_key") ? wanted.primaryKey() : old.primaryKey(),
                pick("lookback", wanted.lookback(), old.lookback()),
                pick("schema_policy", wanted.schemaPolicy(), old.schemaPolicy()),
                pick("detect_deletes", wanted.detectDeletes(), old.detectDeletes()),
                patch.has("parallelism") ? wanted.parallelism() : Integer.valueOf(old.parallelism()),
                patch.has("columns") ? wanted.columns() : old.columns(),
                pick("filter", wanted.filter(), old.filter()),
                patch.has("readers") ? wanted.readers() : old.readers());
        String name = merged.name();
        if (name == null && patch.path("name").isNull()) {
            faults.add(new Fault("/name", "cannot be cleared; a dataset has a name"));
        }
        new DatasetRules("", faults).check(merged);
        if (!faults.isEmpty() || name == null) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        boolean keyGiven = patch.has("primary_key") ? !merged.primaryKey().isEmpty() : old.keyGiven();
        return changed(old, merged, keyGiven, name, now);
    }

    private void rejectFixed(String field) {
        if (List.of("connector_id", "model", "query", "path").contains(field)) {
            faults.add(new Fault("/" + field, "cannot be changed; create another dataset"));
        }
    }

    private @Nullable String pick(String field, @Nullable String wanted, @Nullable String old) {
        return patch.has(field) ? wanted : old;
    }

    private static Dataset changed(Dataset old, NewDataset merged, boolean keyGiven, String name, Instant now) {
        return new Dataset(
                old.id(),
                old.project(),
                name,
                old.connectorId(),
                old.connectorStatus(),
                old.model(),
                old.query(),
                old.path(),
                merged.mode(),
                merged.watermarkColumn(),
                old.watermark(),
                old.watermarkOf(),
                merged.primaryKey(),
                keyGiven,
                merged.lookback(),
                merged.schemaPolicy() == null ? "evolve" : merged.schemaPolicy(),
                merged.detectDeletes() == null ? "none" : merged.detectDeletes(),
                merged.connections(),
                merged.columns(),
                merged.filter(),
                merged.readers(),
                old.schema(),
                old.rows(),
                old.bytes(),
                old.version(),
                old.status(),
                old.freshness(),
                old.lastRun(),
                old.createdAt(),
                now);
    }
}
