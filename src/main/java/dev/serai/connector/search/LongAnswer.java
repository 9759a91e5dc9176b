package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.RowSource;

/** Hits that are too many for one answer: page by page in the query's order, as documents alone. */
final class LongAnswer {
    private static final Set<String> PAGED =
            Set.of("query", "sort", "size", "_source", "post_filter", "runtime_mappings");

    private final SearchClient client;
    private final SearchQuestion question;

    LongAnswer(SearchClient client, SearchQuestion question) {
        this.client = client;
        this.question = question;
    }

    RowSource rows() {
        List<Fault> faults = new ArrayList<>();
        question.body().fieldNames().forEachRemaining(name -> {
            if (!PAGED.contains(name)) {
                faults.add(new Fault(
                        "/query/" + name, "cannot be had of more than 10,000 hits; give a size that is smaller"));
            }
        });
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        ObjectNode search = question.body().deepCopy();
        search.remove("size");
        try {
            SearchMapping mapping = SearchMapping.of(client, question.indices());
            return new SearchReading(client)
                    .open(question.indices(), mapping, search, question.columns(), question.hits(), 1);
        } catch (FailureException e) {
            throw question.refused(e);
        }
    }
}
