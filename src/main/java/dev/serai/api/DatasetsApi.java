package dev.serai.api;

import java.util.List;

import org.springframework.stereotype.Component;

import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.lake.TableVersion;
import dev.serai.metadata.Cursor;
import dev.serai.metadata.Page;
import dev.serai.sync.Syncs;

/** Making, showing, changing and deleting datasets. */
@Component
public class DatasetsApi {
    private final Datasets datasets;
    private final ReadableDatasets readable;
    private final DatasetViews views;
    private final Syncs syncs;

    DatasetsApi(Datasets datasets, ReadableDatasets readable, DatasetViews views, Syncs syncs) {
        this.syncs = syncs;
        this.datasets = datasets;
        this.readable = readable;
        this.views = views;
    }

    public Answer list(Call call) {
        Caller caller = call.by();
        Page<Dataset> page =
                datasets.list(call.project(), call.limit(), call.cursor(), caller.is(Role.MEMBER) ? null : caller);
        return Answer.ok(new Page<>(views.of(page.items()), page.nextCursor()));
    }

    public Answer create(Call call) {
        Dataset made = datasets.create(call.project(), call.object());
        return Answer.created("/api/datasets/" + made.id(), views.of(made));
    }

    public Answer get(Call call) {
        return Answer.ok(views.of(readable.get(call.by(), call.part("id"))));
    }

    public Answer patch(Call call) {
        return Answer.ok(views.of(datasets.patch(call.project(), call.part("id"), call.object())));
    }

    public Answer delete(Call call) {
        datasets.delete(call.project(), call.part("id"));
        syncs.forget(call.part("id"));
        return Answer.empty(204);
    }

    public Answer watermark(Call call) {
        return Answer.ok(views.of(datasets.setWatermark(call.project(), call.part("id"), call.text("value"))));
    }

    /** Versions count up, so a page goes on below the last one of the page before. */
    public Answer history(Call call) {
        Dataset dataset = readable.get(call.by(), call.part("id"));
        String after = Cursor.after(call.cursor());
        long below = after.matches("[0-9]{1,18}") ? Long.parseLong(after) : Long.MAX_VALUE;
        List<TableVersion> rest = datasets.history(call.project(), dataset.id()).stream()
                .filter(version -> version.version() < below)
                .limit(call.limit() + 1L)
                .toList();
        return Answer.ok(Page.of(rest, call.limit(), version -> String.valueOf(version.version())));
    }
}
