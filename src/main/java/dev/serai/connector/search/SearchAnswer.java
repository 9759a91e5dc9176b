package dev.serai.connector.search;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RowSource;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;

/** Asks one question and makes rows of the answer: hits with their score and highlights, or buckets. */
final class SearchAnswer {
    private final SearchClient client;
    private final SearchQuestion question;

    SearchAnswer(SearchClient client, SearchQuestion question) {
        this.client = client;
        this.question = question;
    }

    RowSource rows() {
        Duration limit = client.settings().readTimeout();
        ObjectNode body = question.body().deepCopy();
        if (question.aggregates()) {
            body.put("size", 0);
        } else {
            body.put("size", question.hits());
        }
        body.put("timeout", Math.max(1, limit.toMillis()) + "ms");
        String path = "/" + SearchClient.part(question.indices()) + "/_search?" + Paging.COMPLETE;
        JsonNode answer;
        try {
            answer = client.call("POST", path, body, limit);
        } catch (FailureException e) {
            throw question.refused(e);
        }
        if (answer.path("timed_out").asBoolean()) {
            throw SearchFailures.timeout();
        } else if (answer.path("_shards").path("failed").asInt() > 0) {
            throw SearchFailures.incomplete();
        }
        return text(
                question.aggregates()
                        ? BucketRows.of(answer.path("aggregations"), question.limit())
                        : hits(answer.path("hits").path("hits")));
    }

    private List<ObjectNode> hits(JsonNode hits) {
        List<ObjectNode> rows = new ArrayList<>();
        for (JsonNode hit : hits) {
            ObjectNode row = JsonNodeFactory.instance.objectNode();
            row.set("_index", hit.path("_index"));
            row.set("_id", hit.path("_id"));
            row.set("_score", hit.path("_score"));
            hit.path("_source").properties().forEach(one -> row.set(one.getKey(), one.getValue()));
            hit.path("fields")
                    .properties()
                    .forEach(one -> row.set(
                            one.getKey(),
                            one.getValue().size() == 1 ? one.getValue().get(0) : one.getValue()));
            for (String other : List.of("highlight", "inner_hits", "sort")) {
                if (hit.has(other)) {
                    row.set(other.equals("sort") ? "_sort" : other, hit.path(other));
                }
            }
            rows.add(row);
        }
        return rows;
    }

    private RowSource text(List<ObjectNode> rows) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int longest = 0;
        try {
            for (ObjectNode row : rows) {
                ObjectNode kept = question.columns().isEmpty()
                        ? row
                        : JsonNodeFactory.instance.objectNode().setAll(chosen(row));
                int before = text.size();
                text.write(SearchClient.JSON.writeValueAsBytes(kept));
                text.write('\n');
                longest = Math.max(longest, text.size() - before);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var content = new ByteArrayInputStream(text.toByteArray());
        return rows.isEmpty() && !question.columns().isEmpty()
                ? new TextSource(TextSource.Format.NDJSON, content, new Nothing(question.columns()), List.of())
                : new TextSource(TextSource.Format.NDJSON, content);
    }

    private ObjectNode chosen(ObjectNode row) {
        ObjectNode chosen = JsonNodeFactory.instance.objectNode();
        question.columns()
                .forEach(name -> chosen.set(name, row.has(name) ? row.get(name) : JsonNodeFactory.instance.nullNode()));
        return chosen;
    }

    /** The columns of an answer without rows, as the query names them. */
    private record Nothing(List<String> names) implements TextSource.Known {
        @Override
        public List<Column> columns() {
            return names.stream()
                    .map(name -> Column.of(name, LogicalType.of(LogicalType.Kind.VARCHAR)))
                    .toList();
        }

        @Override
        public int longestLine() {
            return 0;
        }

        @Override
        public List<RowWarning> warnings() {
            return List.of();
        }
    }
}
