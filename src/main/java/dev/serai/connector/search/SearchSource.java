package dev.serai.connector.search;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;

/** One connector's Elasticsearch or OpenSearch: the bean that the Kamelet's template makes and its steps call. */
public class SearchSource implements AutoCloseable {
    private static final int DEFAULT_LIMIT = 1_000;

    /** More than this no server answers at once. */
    private static final int ONE_ANSWER = 10_000;

    private final SearchSettings settings;
    private final EgressPolicy egress;
    private final SearchClient client;

    /** Dials nobody. */
    public SearchSource(Map<String, Object> config, EgressPolicy egress) {
        this.settings = SearchSettings.of(config);
        this.egress = egress;
        this.client = new SearchClient(settings, egress);
    }

    /** Tries the way to the server step by step, with a client of its own. */
    public TestResult test() {
        return new SearchProbe(settings, egress).run();
    }

    /** {@code {schemas, search, limit, cursor}} → {@code {items, next_cursor}}. */
    public ObjectNode models(Map<String, Object> request) {
        return new SearchModels(client).models(tree(request));
    }

    /** {@code {model: {schema, name}}} → {@code {columns}}. */
    public ObjectNode schema(Map<String, Object> request) {
        return new SearchModels(client).schema(SearchRead.model(tree(request)));
    }

    /** {@code {model: {schema, name} | query, columns, filter, window, limit, parallelism, schemas}} → rows as they come. */
    public RowSource read(Map<String, Object> body) {
        JsonNode request = tree(body);
        if (request.hasNonNull("query")) {
            return answer(SearchQuestion.of(request, Long.MAX_VALUE));
        } else if (request.path("limit").asLong(1) == 0) {
            return new TextSource(TextSource.Format.NDJSON, null);
        }
        SearchRead read = SearchRead.of(request);
        SearchMapping mapping = SearchMapping.of(client, read.model());
        return new SearchReading(client)
                .open(
                        read.model(),
                        mapping,
                        read.body(mapping),
                        read.columns(),
                        read.limit(),
                        read.limit() == Long.MAX_VALUE ? read.slices() : 1);
    }

    /** {@code {query, limit, schemas}} → rows. */
    public RowSource query(Map<String, Object> body) {
        return answer(SearchQuestion.of(tree(body), DEFAULT_LIMIT));
    }

    /** Hits that no one answer holds come page by page, without scores and highlights. */
    private RowSource answer(SearchQuestion question) {
        long from = question.body().path("from").asLong(0);
        if (question.aggregates() || question.hits() + from <= ONE_ANSWER && question.hits() >= 0) {
            return new SearchAnswer(client, question).rows();
        }
        return new LongAnswer(client, question).rows();
    }

    private static JsonNode tree(Map<String, Object> request) {
        return SearchClient.JSON.valueToTree(request);
    }

    @Override
    public void close() {
        client.close();
    }
}
