package dev.serai.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a commit keeps beside its rows, as Delta's domain metadata: it outlives checkpoints and overwrites.
 *
 * @param runId of the run that made the version
 * @param writeId of the staging area its files came from
 */
record Position(@Nullable String watermark, String runId, String writeId) {
    static final String DOMAIN = "serai";
    private static final ObjectMapper JSON = new ObjectMapper();

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("watermark", watermark);
        json.put("run", runId);
        json.put("write", writeId);
        return json.toString();
    }

    static Position of(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return new Position(
                    node.hasNonNull("watermark") ? node.get("watermark").asText() : null,
                    node.path("run").asText(),
                    node.path("write").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A table's position is not JSON", e);
        }
    }
}
