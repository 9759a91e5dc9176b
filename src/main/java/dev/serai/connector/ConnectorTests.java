package dev.serai.connector;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.type.TypeReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Cursor;
import dev.serai.metadata.Ids;
import dev.serai.metadata.Json;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;

/** How connectors' tests went, newest first. So many are kept of each connector, and of a project's unsaved configs. */
@Component
public class ConnectorTests {
    static final int KEPT = 200;
    private static final Logger log = LoggerFactory.getLogger(ConnectorTests.class);
    private static final TypeReference<List<TestResult.Step>> STEPS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final ConnectorStore connectors;
    private final Clock clock;

    public ConnectorTests(JdbcClient jdbc, ConnectorStore connectors, Clock clock) {
        this.jdbc = jdbc;
        this.connectors = connectors;
        this.clock = clock;
    }

    public Page<TestRecord> ofConnector(String project, String id, int limit, @Nullable String cursor) {
        if (connectors.find(project, id).isEmpty()) {
            throw new FailureException(new Failure.Missing("There is no such connector."));
        }
        return page("connector_id = :key", id, limit, cursor);
    }

    /** Those of configs that were not saved too. */
    public Page<TestRecord> all(String project, int limit, @Nullable String cursor) {
        return page("project = :key", project, limit, cursor);
    }

    /** The newest of each connector that has any, by its id. */
    public Map<String, TestRecord> latest(Collection<String> connectorIds) {
        if (connectorIds.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql("select * from connector_tests where id in (select max(id) from connector_tests"
                        + " where connector_id in (:ids) group by connector_id)")
                .param("ids", connectorIds)
                .query(ConnectorTests::read)
                .list()
                .stream()
                .collect(Collectors.toMap(record -> String.valueOf(record.connectorId()), Function.identity()));
    }

    /** Does nothing for a connector that was deleted while it was tested. */
    void add(String project, @Nullable String connectorId, String type, TestResult result, @Nullable String testedBy) {
        try {
            insert(project, connectorId, type, result, testedBy);
        } catch (DataIntegrityViolationException e) {
            if (connectorId != null && connectors.find(project, connectorId).isEmpty()) {
                log.debug("{} was deleted while it was tested", connectorId);
                return;
            }
            throw e;
        }
        if (connectorId == null) {
            forgetOld("connector_id is null and project = :key", project);
        } else {
            forgetOld("connector_id = :key", connectorId);
        }
    }

    private void insert(
            String project, @Nullable String connectorId, String type, TestResult result, @Nullable String testedBy) {
        String error = result.error();
        jdbc.sql("insert into connector_tests (id, project, connector_id, type, ok, latency_ms, error, category, steps,"
                        + " tested_at, tested_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        Ids.next("tst"),
                        project,
                        connectorId,
                        type,
                        result.ok(),
                        result.latencyMs(),
                        error == null ? null : Texts.storable(error),
                        result.category(),
                        Json.write(result.steps()),
                        Times.param(clock.instant()),
                        testedBy)
                .update();
    }

    private void forgetOld(String which, String key) {
        jdbc.sql("delete from connector_tests where " + which + " and id <= (select id from connector_tests where "
                        + which + " order by id desc offset :kept rows fetch first 1 rows only)")
                .param("key", key)
                .param("kept", KEPT)
                .update();
    }

    private Page<TestRecord> page(String which, String key, int limit, @Nullable String cursor) {
        String order = " order by id desc limit :limit";
        JdbcClient.StatementSpec statement = cursor == null
                ? jdbc.sql("select * from connector_tests where " + which + order)
                : jdbc.sql("select * from connector_tests where " + which + " and id < :before" + order)
                        .param("before", Cursor.after(cursor));
        List<TestRecord> oneMore = statement
                .param("key", key)
                .param("limit", limit + 1)
                .query(ConnectorTests::read)
                .list();
        return Page.of(oneMore, limit, TestRecord::id);
    }

    private static TestRecord read(ResultSet row, int number) throws SQLException {
        return new TestRecord(
                row.getString("id"),
                row.getString("connector_id"),
                row.getString("type"),
                new TestResult(
                        row.getBoolean("ok"),
                        row.getLong("latency_ms"),
                        row.getString("error"),
                        row.getString("category"),
                        Json.read(row.getString("steps"), STEPS)),
                Times.readPresent(row, "tested_at"),
                row.getString("tested_by"));
    }
}
