package dev.serai.dataset;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;

/**
 * Does the metadata tell of the versions that the lake has? Where one of the two was restored from another time, or a
 * process died between a commit and its note, the lake is right: it has the rows. A lake that began with nothing at all
 * may be a volume that is not mounted, and what it lacks says nothing. Compared once after each start.
 */
@Component
class LakeComparison {
    private static final Logger LOG = LoggerFactory.getLogger(LakeComparison.class);
    private static final int AT_ONCE = 200;

    private final DatasetStore store;
    private final TableNotes notes;
    private final Lake lake;

    LakeComparison(DatasetStore store, TableNotes notes, Lake lake) {
        this.store = store;
        this.notes = notes;
        this.lake = lake;
    }

    /** Apart from the start, which is not to wait for a lake of many tables. */
    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        Thread thread = new Thread(this::compareAll, "lake-comparison");
        thread.setDaemon(true);
        thread.start();
    }

    void compareAll() {
        String after = "";
        List<Dataset> some;
        do {
            some = store.all(after, AT_ONCE);
            for (Dataset dataset : some) {
                after = dataset.id();
                try {
                    compare(dataset);
                } catch (RuntimeException e) {
                    // One table that cannot be read, or a lake that is closing, keeps no other from being compared.
                    LOG.warn("Dataset {} could not be compared with the lake", dataset.id(), e);
                }
            }
        } while (some.size() == AT_ONCE);
    }

    private void compare(Dataset dataset) {
        TableSnapshot now = lake.snapshot(dataset.table()).orElse(null);
        Long version = now == null ? null : now.version();
        if (Objects.equals(version, dataset.version())) {
            return;
        }
        if (now == null && lake.beganEmpty()) {
            LOG.warn(
                    "Dataset {} ({}) has version {}, the lake was empty at the start: is it mounted? Nothing is changed",
                    dataset.name(),
                    dataset.id(),
                    dataset.version());
            return;
        }
        if (adopted(dataset, now)) {
            LOG.warn(
                    "Dataset {} ({}) was noted with version {}, the lake has {}: that counts",
                    dataset.name(),
                    dataset.id(),
                    dataset.version(),
                    version == null ? "none" : version);
        }
    }

    /** With a position never beyond the rows: what a lost version had read would not be read again. */
    private boolean adopted(Dataset dataset, @Nullable TableSnapshot now) {
        if (now == null) {
            return notes.adopt(dataset, null, null, null);
        }
        Long known = dataset.version();
        boolean older = known != null && now.version() < known;
        return older || now.watermark() != null
                ? notes.adopt(dataset, now, now.watermark(), now.watermarkOf())
                : notes.adopt(dataset, now, dataset.watermark(), dataset.watermarkOf());
    }
}
