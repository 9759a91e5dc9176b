package dev.serai.api;

import java.util.List;
import java.util.Optional;

import org.springframework.stereotype.Component;

import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Page;
import dev.serai.query.Relations;

/** The datasets that a caller may read; the others are not there for it. */
@Component
class ReadableDatasets {
    private final Datasets datasets;
    private final Lake lake;

    ReadableDatasets(Datasets datasets, Lake lake) {
        this.datasets = datasets;
        this.lake = lake;
    }

    Dataset get(Caller caller, String id) {
        Dataset dataset = datasets.get(caller.project(), id);
        if (!datasets.readableBy(dataset, caller)) {
            throw new FailureException(new Failure.Missing("There is no such dataset."));
        }
        return dataset;
    }

    /** The newest rows by the datasets' names in SQL. */
    Relations relations(Caller caller) {
        return new Relations() {
            @Override
            public Optional<TableSnapshot> find(String name) {
                return datasets.byName(caller.project(), name)
                        .filter(dataset -> datasets.readableBy(dataset, caller))
                        .map(ReadableDatasets.this::newest);
            }

            @Override
            public List<String> names() {
                return datasets
                        .list(caller.project(), Page.MAX_LIMIT, null, caller.is(Role.MEMBER) ? null : caller)
                        .items()
                        .stream()
                        .map(Dataset::name)
                        .toList();
            }
        };
    }

    TableSnapshot newest(Dataset dataset) {
        return lake.snapshot(dataset.table())
                .orElseThrow(() -> new FailureException(
                        new Failure.Conflict("no_rows_yet", "The dataset " + dataset.name() + " was never synced.")));
    }

    TableSnapshot version(Dataset dataset, long version) {
        return lake.snapshot(dataset.table(), version)
                .orElseThrow(() -> new FailureException(new Failure.Missing("The dataset has no such version.")));
    }
}
