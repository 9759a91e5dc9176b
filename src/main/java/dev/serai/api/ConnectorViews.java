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
import dev.serai.sync.Run;
import dev.serai.sync.Syncs;

/** How connectors and their tests are shown: with what is known of them elsewhere, secrets masked. */
@Component
class ConnectorViews {
    private final Catalog catalog;
    private final Connectors connectors;
    private final ConnectorTests tests;
    private final Syncs syncs;

    ConnectorViews(Catalog catalog, Connectors connectors, ConnectorTests tests, Syncs syncs) {
        this.catalog = catalog;
        this.connectors = connectors;
        this.tests = tests;
        this.syncs = syncs;
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

    /** A test in a few words, where it is the last one. */
    record TestSummary(
            String id,
            boolean ok,
            long latencyMs,
            @Nullable String error,
            @Nullable String category,
            Instant testedAt,
            @Nullable String testedBy) {
        static @Nullable TestSummary of(@Nullable TestRecord test) {
            return test == null
                    ? null
                    : new TestSummary(
                            test.id(),
                            test.result().ok(),
                            test.result().latencyMs(),
                            test.result().error(),
                            test.result().category(),
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
            @Nullable TestSummary lastTest,
            @Nullable RunSummary lastRun,
            int consecutiveFailures,
            Instant createdAt,
            Instant updatedAt) {}

    ConnectorView of(Connector connector) {
        return of(List.of(connector)).get(0);
    }

    List<ConnectorView> of(List<Connector> page) {
        List<String> ids = page.stream().map(Connector::id).toList();
        Map<String, TestRecord> latestTests = tests.latest(ids);
        Map<String, Run> latestRuns = syncs.latest(ids);
        Map<String, Integer> failures = syncs.consecutiveFailures(ids);
        return page.stream()
                .map(connector -> view(
                        connector,
                        latestTests.get(connector.id()),
                        latestRuns.get(connector.id()),
                        failures.getOrDefault(connector.id(), 0)))
                .toList();
    }

    private ConnectorView view(
            Connector connector, @Nullable TestRecord lastTest, @Nullable Run lastRun, int failures) {
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
                TestSummary.of(lastTest),
                RunSummary.of(lastRun),
                failures,
                connector.createdAt(),
                connector.updatedAt());
    }
}
