package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.metadata.Json;

/** What does an event of a run tell, beside its type? */
final class EventData {
    private EventData() {}

    static ObjectNode about(ActiveRun run) {
        return Json.newObject()
                .put("run_id", run.id())
                .put("connector_id", run.connector().id());
    }

    static ObjectNode about(ActiveRun run, RunDataset dataset) {
        return about(run).put("dataset_id", dataset.datasetId()).put("name", dataset.name());
    }

    static ObjectNode ended(ObjectNode data, RunDataset dataset) {
        data.put("status", dataset.status())
                .put("reason", dataset.reason())
                .put("rows_read", dataset.rowsRead())
                .put("rows_written", dataset.rowsWritten())
                .put("rows_deleted", dataset.rowsDeleted())
                .put("bytes", dataset.bytes())
                .put("watermark_after", dataset.watermarkAfter())
                .put("version", dataset.version());
        return dataset.error() == null ? data : with(data, dataset.error());
    }

    private static ObjectNode with(ObjectNode data, RunError error) {
        data.putObject("error")
                .put("code", error.code())
                .put("detail", error.detail())
                .put("layer", error.layer())
                .put("retryable", error.retryable());
        return data;
    }

    static ObjectNode retrying(ObjectNode data, Retries.Retry retry, RunError why) {
        return with(
                data.put("attempt", retry.attempt())
                        .put("wait_ms", retry.after().toMillis()),
                why);
    }
}
