package dev.serai.api;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connectors;
import dev.serai.sync.Bootstrap;
import dev.serai.sync.BootstrapRequest;
import dev.serai.sync.Bootstrapped;
import dev.serai.sync.Run;
import dev.serai.sync.RunEvents;
import dev.serai.sync.Syncs;

/** Starting syncs, showing how they go, stopping them. */
@Component
public class RunsApi {
    private final Syncs syncs;
    private final Bootstrap bootstrap;
    private final Connectors connectors;
    private final ConnectorViews connectorViews;
    private final DatasetViews datasetViews;
    private final OpenStreams streams;
    private final ObjectMapper json;

    RunsApi(
            Syncs syncs,
            Bootstrap bootstrap,
            Connectors connectors,
            ConnectorViews connectorViews,
            DatasetViews datasetViews,
            OpenStreams streams,
            ObjectMapper json) {
        this.syncs = syncs;
        this.bootstrap = bootstrap;
        this.connectors = connectors;
        this.connectorViews = connectorViews;
        this.datasetViews = datasetViews;
        this.streams = streams;
        this.json = json;
    }

    record Started(String runId) {
        static Answer of(Run run) {
            return Answer.accepted(new Started(run.id())).with("Location", "/api/runs/" + run.id());
        }
    }

    record BootstrappedView(ConnectorViews.ConnectorView connector, List<DatasetViews.DatasetView> datasets) {}

    public Answer bootstrap(Call call) {
        ObjectNode body = call.object();
        List<ObjectNode> datasets = null;
        if (body.path("datasets").isArray()) {
            datasets = new ArrayList<>();
            for (JsonNode dataset : body.path("datasets")) {
                datasets.add((ObjectNode) dataset);
            }
        }
        Bootstrapped made = bootstrap.bootstrap(
                call.project(),
                new BootstrapRequest(ConnectorBody.connector(body), ConnectorBody.schedule(body), datasets));
        return Answer.created(
                "/api/connectors/" + made.connector().id(),
                new BootstrappedView(connectorViews.of(made.connector()), datasetViews.of(made.datasets())));
    }

    public Answer sync(Call call) {
        return Started.of(syncs.start(
                call.project(),
                call.part("id"),
                call.text("mode"),
                call.body().path("datasets").isArray()
                        ? ConnectorBody.texts(call.body().path("datasets"))
                        : null,
                "manual",
                call.by().subject()));
    }

    public Answer syncDataset(Call call) {
        return Started.of(
                syncs.startDataset(call.project(), call.part("id"), call.by().subject()));
    }

    public Answer ofConnector(Call call) {
        String connector = connectors.get(call.project(), call.part("id")).id();
        return Answer.ok(syncs.list(call.project(), connector, call.limit(), call.cursor()));
    }

    public Answer list(Call call) {
        return Answer.ok(syncs.list(call.project(), null, call.limit(), call.cursor()));
    }

    public Answer get(Call call) {
        return Answer.ok(syncs.get(call.project(), call.part("id")));
    }

    public Answer cancel(Call call) {
        return Answer.ok(syncs.cancel(call.project(), call.part("id")));
    }

    public Answer events(Call call) {
        RunEvents run = syncs.events(call.project(), call.part("id"));
        String last = call.headers().get("Last-Event-ID");
        return Answer.stream(
                MediaType.TEXT_EVENT_STREAM_VALUE,
                new EventStream(() -> streams.take(call.by()), listener -> run.subscribe(last, listener), json));
    }
}
