package dev.serai.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a commit keeps beside its rows, as Delta's domain metadata: it outlives checkpoints and overwrites.
 *
 * @param watermarkOf the column whose position it is, or null where there is no position
 * @param selection by what the rows were chosen, in words of whoever chose them
 * @param runId of the run that made the version
 * @param writeId of the staging area its files came from
 * @param work what the run did
 */
record Position(
        @Nullable String watermark,
        @Nullable String watermarkOf,
        @Nullable String selection,
        String runId,
        String writeId,
        Work work) {
    static final String DOMAIN = "serai";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What was done for a version.
     *
     * @param merged whether rows were merged, not all replaced
     * @param read -1 where that was not noted
     */
    record Work(boolean merged, long read, long written, long deleted, long bytes) {}

    /** Of a run's request. */
    static Position of(CommitRequest request, String writeId, @Nullable String watermark, Work work) {
        String column = watermark == null ? null : request.watermarkColumn();
        return new Position(watermark, column, request.selection(), request.runId(), writeId, work);
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("watermark", watermark);
        json.put("watermark_of", watermarkOf);
        json.put("selection", selection);
        json.put("run", runId);
        json.put("write", writeId);
        json.putObject("work")
                .put("merged", work.merged)
                .put("read", work.read)
                .put("written", work.written)
                .put("deleted", work.deleted)
                .put("bytes", work.bytes);
        return json.toString();
    }

    static Position of(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            JsonNode work = node.path("work");
            return new Position(
                    text(node, "watermark"),
                    text(node, "watermark_of"),
                    text(node, "selection"),
                    node.path("run").asText(),
                    node.path("write").asText(),
                    new Work(
                            work.path("merged").asBoolean(),
                            work.path("read").asLong(-1),
                            work.path("written").asLong(),
                            work.path("deleted").asLong(),
                            work.path("bytes").asLong()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A table's position is not JSON", e);
        }
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.get(name).asText() : null;
    }
}
