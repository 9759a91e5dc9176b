package dev.serai.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.springframework.stereotype.Component;

import dev.serai.access.Caller;
import dev.serai.dataset.Dataset;
import dev.serai.lake.TableSnapshot;
import dev.serai.query.QueryEngine;

/** Rows of datasets: one by one, or by SQL over all of them. */
@Component
public class QueryApi {
    private static final int PAGE_ROWS = 100;

    private final ReadableDatasets readable;
    private final QueryEngine engine;

    QueryApi(ReadableDatasets readable, QueryEngine engine) {
        this.readable = readable;
        this.engine = engine;
    }

    public Answer rows(Call call) {
        Dataset dataset = readable.get(call.by(), call.part("id"));
        String cursor = call.cursor();
        Optional<Long> version =
                cursor == null ? call.param("version").map(Long::valueOf) : Optional.of(engine.version(cursor));
        TableSnapshot snapshot =
                version.map(number -> readable.version(dataset, number)).orElseGet(() -> readable.newest(dataset));
        List<String> columns = call.param("columns")
                .map(names -> Arrays.asList(names.split(",")))
                .orElse(List.of());
        int limit = call.param("limit").map(Integer::valueOf).orElse(PAGE_ROWS);
        return RowAnswers.of(engine.rows(snapshot, columns, limit, cursor, RowAnswers.format(call)));
    }

    public Answer query(Call call) {
        List<JsonNode> params = new ArrayList<>();
        call.body().path("params").forEach(params::add);
        QueryEngine.Request request = new QueryEngine.Request(
                Objects.requireNonNull(call.text("sql")), params, RowAnswers.limit(call), RowAnswers.format(call));
        Caller caller = call.by();
        String of = caller.project() + ":" + caller.subject();
        return RowAnswers.of(engine.query(request, readable.relations(caller), of, call.asker()));
    }
}
