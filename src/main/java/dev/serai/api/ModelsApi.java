package dev.serai.api;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.catalog.Operations;
import dev.serai.connector.CallLimit;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorCalls;
import dev.serai.connector.Connectors;
import dev.serai.connector.Discovery;
import dev.serai.connector.Model;
import dev.serai.connector.ModelDetail;
import dev.serai.connector.ModelFilter;
import dev.serai.connector.ModelIndex;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.query.QueryEngine;
import dev.serai.rows.Column;

/** What a connector's source has, and questions in its own language. */
@Component
public class ModelsApi {
    private static final int PREVIEW_ROWS = 100;

    private final Connectors connectors;
    private final Discovery discovery;
    private final ConnectorCalls calls;
    private final Catalog catalog;
    private final QueryEngine engine;

    ModelsApi(Connectors connectors, Discovery discovery, ConnectorCalls calls, Catalog catalog, QueryEngine engine) {
        this.connectors = connectors;
        this.discovery = discovery;
        this.calls = calls;
        this.catalog = catalog;
        this.engine = engine;
    }

    record ModelView(String id, String name, String schema, String kind, @Nullable Long rowEstimate) {
        static ModelView of(Model model) {
            return new ModelView(
                    model.id(),
                    model.name(),
                    model.schema() == null ? "" : model.schema(),
                    model.kind(),
                    model.rowEstimate());
        }
    }

    record ColumnView(
            String name,
            String type,
            String nativeType,
            boolean nullable,
            boolean primaryKey,
            boolean watermarkCandidate) {
        static ColumnView of(Column column) {
            return new ColumnView(
                    column.name(),
                    column.type().duckdb(),
                    column.nativeType(),
                    column.nullable(),
                    column.primaryKey(),
                    column.watermarkCandidate());
        }
    }

    record DetailView(
            String id,
            String name,
            String schema,
            String kind,
            @Nullable Long rowEstimate,
            List<ColumnView> columns,
            List<ModelIndex> indexes) {
        static DetailView of(ModelDetail detail) {
            ModelView model = ModelView.of(detail.model());
            return new DetailView(
                    model.id(),
                    model.name(),
                    model.schema(),
                    model.kind(),
                    model.rowEstimate(),
                    detail.columns().stream().map(ColumnView::of).toList(),
                    detail.indexes());
        }
    }

    public Answer list(Call call) {
        ModelFilter filter = new ModelFilter(
                call.query().get("schema"),
                call.query().get("search"),
                call.flag("refresh").orElse(false),
                call.limit(),
                call.cursor());
        return Answer.ok(discovery
                .models(call.project(), call.part("id"), filter, limit(call))
                .map(ModelView::of));
    }

    public Answer get(Call call) {
        return Answer.ok(
                DetailView.of(discovery.model(call.project(), call.part("id"), call.part("model"), limit(call))));
    }

    public Answer preview(Call call) {
        int limit = call.param("limit").map(Integer::valueOf).orElse(PREVIEW_ROWS);
        return RowAnswers.of(engine.encode(
                discovery.preview(call.project(), call.part("id"), call.part("model"), limit, limit(call)),
                limit,
                RowAnswers.format(call),
                call.asker()));
    }

    /** As long as somebody waits for the answer. */
    private static CallLimit limit(Call call) {
        return CallLimit.answer(call.asker()::gone);
    }

    /** One row more than asked for, so that the answer can say whether there are more. */
    public Answer query(Call call) {
        Connector connector = connectors.get(call.project(), call.part("id"));
        checkQueryable(connector);
        ObjectNode request = call.object().deepCopy();
        if (request.has("sql") == request.has("query")) {
            throw new FailureException(Failure.Invalid.of("", "must have exactly one of sql and query"));
        }
        long limit = RowAnswers.limit(call);
        request.put("limit", limit + 1);
        return RowAnswers.of(engine.encode(
                calls.rows(connector, Operations.QUERY, request, limit(call)),
                limit,
                RowAnswers.format(call),
                call.asker()));
    }

    private void checkQueryable(Connector connector) {
        boolean answers = catalog.find(connector.type())
                .map(ConnectorType::capabilities)
                .filter(capabilities -> capabilities.contains(Operations.QUERY))
                .isPresent();
        if (!answers) {
            throw new FailureException(new Failure.Invalid(
                    "not_direct_sql", "Connectors of this type take no queries of their own.", List.of()));
        }
    }
}
