package dev.serai.connector.sql;

import java.sql.SQLException;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Cursor;
import dev.serai.rows.Column;

/** What does a catalog answer to a request for models or for a model's columns, as JSON? */
record SqlDiscovery(JsonNode request) {
    private static final int DEFAULT_LIMIT = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    ObjectNode models(SqlCatalog catalog) throws SQLException {
        List<String> after = after(RequestFields.text(request, "cursor"));
        int limit = Math.max(1, request.path("limit").asInt(DEFAULT_LIMIT));
        List<Relation> relations = catalog.models(new Listing(
                RequestFields.texts(request.path("schemas")),
                request.path("search").asText(""),
                after.get(0),
                after.get(1),
                limit + 1));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("items");
        for (Relation relation : relations.subList(0, Math.min(limit, relations.size()))) {
            items.addObject()
                    .put("name", relation.name())
                    .put("schema", relation.schema())
                    .put("kind", relation.kind())
                    .put("row_estimate", relation.rowEstimate());
        }
        if (relations.size() > limit) {
            Relation last = relations.get(limit - 1);
            answer.put("next_cursor", cursor(last));
        }
        return answer;
    }

    ObjectNode schema(SqlCatalog catalog) throws SQLException {
        String schema = request.at("/model/schema").asText("");
        String name = request.at("/model/name").asText("");
        List<Column> described = catalog.columns(schema, name)
                .orElseThrow(() -> new FailureException(
                        new Failure.Missing("There is no model " + schema + "." + name + " that the user may read.")));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode columns = answer.putArray("columns");
        for (Column column : described) {
            columns.addObject()
                    .put("name", column.name())
                    .put("type", column.type().duckdb())
                    .put("native_type", column.nativeType())
                    .put("nullable", column.nullable())
                    .put("primary_key", column.primaryKey())
                    .put("watermark_candidate", column.watermarkCandidate());
        }
        return answer;
    }

    /** JSON keeps the two names apart whatever characters are in them. */
    private static String cursor(Relation last) {
        return Cursor.of(JsonNodeFactory.instance
                .arrayNode()
                .add(last.schema())
                .add(last.name())
                .toString());
    }

    private static List<String> after(@Nullable String cursor) {
        String key = Cursor.after(cursor);
        if (key.isEmpty()) {
            return List.of("", "");
        }
        try {
            if (JSON.readTree(key) instanceof ArrayNode pair && pair.size() == 2) {
                return RequestFields.texts(pair);
            }
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
        throw unreadable(null);
    }

    private static FailureException unreadable(@Nullable Exception cause) {
        return new FailureException(
                new Failure.Unreadable("bad_cursor", "The cursor is not one that a page has given.", null), cause);
    }
}
