package dev.serai.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConfigValidator;
import dev.serai.credential.TestVault;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Json;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

/** Everything of connectors on one metadata database, with a type of its own and a project of its own. */
public final class ConnectorFixture {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123456Z");
    private static final String KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: test-db
              annotations:
                serai.dev/category: database
                serai.dev/queryable: "true"
                serai.dev/aliases: tdb
            spec:
              definition:
                title: Test
                required: [host, username, password]
                properties:
                  host: {type: string, minLength: 1, maxLength: 100, x-destination: true}
                  port: {type: integer, default: 5432, minimum: 1, maximum: 65535, x-destination: true}
                  sslmode: {type: string, enum: [disable, require], default: require, x-destination: true}
                  url: {type: string, format: uri, x-destination: true}
                  endpoint: {type: string, x-destination: true}
                  database: {type: string, x-destination: true}
                  username: {type: string, maxLength: 20}
                  homepage: {type: string}
                  headers: {type: object, additionalProperties: {type: string}}
                  ratio: {type: number}
                  password: {type: string, format: password, maxLength: 30}
                  token: {type: string, format: password}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - choice:
                        when:
                          - simple: "${header.operation} == 'test'"
                            steps: [{setBody: {constant: ""}}]
                          - simple: "${header.operation} == 'models'"
                            steps: [{setBody: {constant: "[]"}}]
                          - simple: "${header.operation} == 'read'"
                            steps: [{setBody: {constant: "[]"}}]
            """;
    private static final Catalog CATALOG = catalog();

    final String project;
    final JdbcClient jdbc;
    final ConnectorStore store;
    final ModelCache cache;
    final ConnectorTests tests;
    final Connectors connectors;

    ConnectorFixture(MetadataStore database) {
        this(database, database.dataSource());
    }

    ConnectorFixture(MetadataStore database, DataSource dataSource) {
        this.project = database.newProject();
        this.jdbc = JdbcClient.create(dataSource);
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        var transactions = new JdbcTransactionManager(dataSource);
        this.store = new ConnectorStore(jdbc, TestVault.of(1));
        this.cache = new ModelCache(new JdbcTemplate(dataSource), transactions, clock);
        this.tests = new ConnectorTests(jdbc, store, clock);
        this.connectors = connectors(dataSource, CATALOG, clock);
    }

    /** Connectors of a catalog's types, on a database. */
    public static Connectors connectors(DataSource dataSource, Catalog catalog, Clock clock) {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        var transactions = new JdbcTransactionManager(dataSource);
        ConnectorStore store = new ConnectorStore(jdbc, TestVault.of(1));
        ModelCache cache = new ModelCache(new JdbcTemplate(dataSource), transactions, clock);
        return new Connectors(
                store,
                new ConnectorWriter(store, cache, id -> {}, transactions, clock),
                catalog,
                new ConfigValidator(),
                EgressPolicyTest.policy("allow"),
                calls(store, clock),
                new ConnectorTests(jdbc, store, clock),
                clock);
    }

    private static ConnectorCalls calls(ConnectorStore store, Clock clock) {
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.start();
        var configs = new ConnectorConfiguration.StoredConfigs(store, CATALOG, new ConfigValidator());
        var routes = new ConnectorRoutes(camel, CATALOG, configs, Settings.of(Map.of()), clock);
        return new ConnectorCalls(CATALOG, routes, EgressPolicyTest.policy("allow"));
    }

    private static Catalog catalog() {
        try {
            Path folder = Files.createTempDirectory("serai-kamelets");
            Files.writeString(folder.resolve("test-db.kamelet.yaml"), KAMELET);
            SeraiSettings settings = Settings.of(Map.of("serai.kamelets-dir", folder.toString()));
            Catalog catalog = new Catalog(settings, new DefaultCamelContext());
            if (catalog.find("tdb").isEmpty()) {
                throw new AssertionError(catalog.problems().toString());
            }
            return catalog;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param config JSON with single quotes */
    static NewConnector wanted(String name, String config) {
        return new NewConnector(name, "test_db", null, json(config), List.of(), true);
    }

    /** One with two secrets. */
    Connector create(String name) {
        return connectors.create(
                project,
                wanted(
                        name,
                        """
                        {'host':'db.example.com','username':'u','password':'planted-1','token':'planted-2',
                         'headers':{'a':'1','b':'2'},'ratio':1.50}
                        """));
    }

    static ObjectNode json(String singleQuoted) {
        return Json.object(singleQuoted.replace('\'', '"'));
    }

    static Failure failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        if (thrown instanceof FailureException expected) {
            return expected.failure();
        }
        throw new AssertionError("Not an expected failure", thrown);
    }

    static List<String> pointers(Failure failure) {
        return ((Failure.Invalid) failure).errors().stream().map(Fault::pointer).toList();
    }
}
