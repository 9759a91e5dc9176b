package dev.serai.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConnectorType;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorTests;
import dev.serai.connector.Connectors;
import dev.serai.connector.TestRecord;
import dev.serai.connector.TestResult;

/** How connectors and their tests are shown: with what is known of them elsewhere, secrets masked. */
@Component
class ConnectorViews {
    private final Catalog catalog;
    private final Connectors connectors;
    private final ConnectorTests tests;

    ConnectorViews(Catalog catalog, Connectors connectors, ConnectorTests tests) {
        this.catalog = catalog;
        this.connectors = connectors;
        this.tests = tests;
    }

    record TestView(
            String id,
            @Nullable String connectorId,
            String type,
            boolean ok,
            long latencyMs,
            @Nullable String error,
            @Nullable String category,
            List<TestResult.Step> steps,
            Instant testedAt,
            @Nullable String testedBy) {
        static TestView of(TestRecord test) {
            return new TestView(
                    test.id(),
                    test.connectorId(),
                    test.type(),
                    test.result().ok(),
                    test.result().latencyMs(),
                    test.result().error(),
                    test.result().category(),
                    test.result().steps(),
                    test.testedAt(),
                    test.testedBy());
        }
    }

    record ConnectorView(
            String id,
            String slug,
            String name,
            String type,
            @Nullable String category,
            boolean isQueryable,
            String description,
            ObjectNode config,
            List<String> outputSchemas,
            boolean enabled,
            @Nullable String scheduleCron,
            @Nullable String scheduleMode,
            @Nullable String scheduleTimezone,
            @Nullable String watermarkColumn,
            @Nullable String discovery,
            List<Instant> nextRuns,
            @Nullable TestView lastTest,
            @Nullable Object lastRun,
            Instant createdAt,
            Instant updatedAt) {}

    ConnectorView of(Connector connector) {
        return of(List.of(connector)).get(0);
    }

    List<ConnectorView> of(List<Connector> page) {
        Map<String, TestRecord> latestTests =
                tests.latest(page.stream().map(Connector::id).toList());
        return page.stream()
                .map(connector -> view(connector, latestTests.get(connector.id())))
                .toList();
    }

    private ConnectorView view(Connector connector, @Nullable TestRecord lastTest) {
        Optional<ConnectorType> type = catalog.find(connector.type());
        return new ConnectorView(
                connector.id(),
                connector.slug(),
                connector.name(),
                connector.type(),
                type.map(ConnectorType::category).orElse(null),
                type.map(ConnectorType::queryable).orElse(false),
                connector.description(),
                connectors.masked(connector),
                connector.outputSchemas(),
                connector.enabled(),
                connector.scheduleCron(),
                connector.scheduleMode(),
                connector.scheduleTimezone(),
                connector.watermarkColumn(),
                connector.discovery(),
                connectors.nextRuns(connector),
                lastTest == null ? null : TestView.of(lastTest),
                null,
                connector.createdAt(),
                connector.updatedAt());
    }
}
