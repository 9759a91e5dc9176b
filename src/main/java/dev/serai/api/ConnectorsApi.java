package dev.serai.api;

import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.connector.ConnectorTests;
import dev.serai.connector.Connectors;
import dev.serai.metadata.Page;

/** Making, showing, changing, testing and deleting connectors. */
@Component
public class ConnectorsApi {
    private final Connectors connectors;
    private final ConnectorTests tests;
    private final ConnectorViews views;

    ConnectorsApi(Connectors connectors, ConnectorTests tests, ConnectorViews views) {
        this.connectors = connectors;
        this.tests = tests;
        this.views = views;
    }

    public Answer list(Call call) {
        Page<Connector> page = connectors.list(
                call.project(),
                new ConnectorStore.Filter(
                        call.query().get("type"),
                        call.query().get("category"),
                        call.flag("enabled").orElse(null),
                        call.query().get("search"),
                        call.limit(),
                        call.cursor()));
        return Answer.ok(new Page<>(views.of(page.items()), page.nextCursor()));
    }

    public Answer create(Call call) {
        Connector made = connectors.create(call.project(), ConnectorBody.connector(call.object()));
        return Answer.created("/api/connectors/" + made.id(), views.of(made));
    }

    public Answer get(Call call) {
        return Answer.ok(views.of(connectors.get(call.project(), call.part("id"))));
    }

    public Answer patch(Call call) {
        return Answer.ok(views.of(connectors.patch(call.project(), call.part("id"), call.object())));
    }

    public Answer delete(Call call) {
        connectors.delete(call.project(), call.part("id"));
        return Answer.empty(204);
    }

    public Answer test(Call call) {
        return Answer.ok(connectors.test(
                call.project(),
                call.part("id"),
                call.object().has("config") ? call.object().withObject("/config") : null,
                call.by().subject()));
    }

    public Answer testUnsaved(Call call) {
        return Answer.ok(connectors.testUnsaved(
                call.project(),
                call.object().path("type").asText(),
                call.object().withObject("/config"),
                call.by().subject()));
    }

    public Answer testsOfOne(Call call) {
        return Answer.ok(tests.ofConnector(call.project(), call.part("id"), call.limit(), call.cursor())
                .map(ConnectorViews.TestView::of));
    }

    public Answer allTests(Call call) {
        return Answer.ok(tests.all(call.project(), call.limit(), call.cursor()).map(ConnectorViews.TestView::of));
    }
}
