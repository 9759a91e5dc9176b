package dev.serai.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

import dev.serai.audit.AuditLog;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConfigValidator;
import dev.serai.credential.CredentialVault;
import dev.serai.credential.TestVault;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Json;
import dev.serai.reference.ReferenceRules;
import dev.serai.reference.SecretSources;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;
import dev.serai.testing.TestLake;

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
                            steps: [{bean: {ref: source, method: test}}]
                          - simple: "${header.operation} == 'models'"
                            steps: [{bean: {ref: source, method: models}}]
                          - simple: "${header.operation} == 'read'"
                            steps: [{bean: {ref: source, method: read}}]
            """;
    private static final DefaultCamelContext CAMEL = camel();
    private static final Catalog CATALOG = catalog();

    final String project;
    final JdbcClient jdbc;
    final ConnectorStore store;
    final ModelCache cache;
    final ConnectorTests tests;
    final Connectors connectors;
    final Discovery discovery;
    private final Clock clock;

    ConnectorFixture(MetadataStore database) {
        this(database, database.dataSource());
    }

    ConnectorFixture(MetadataStore database, DataSource dataSource) {
        this(database.newProject(), dataSource, CATALOG, clockAt(NOW), TestVault.of(1));
    }

    /** With a vault of its own, on a database that nobody else uses. */
    ConnectorFixture(DataSource dataSource, CredentialVault vault) {
        this("own", dataSource, CATALOG, clockAt(NOW), vault);
    }

    private ConnectorFixture(
            String project, DataSource dataSource, Catalog catalog, Clock clock, CredentialVault vault) {
        this.project = project;
        this.clock = clock;
        this.jdbc = JdbcClient.create(dataSource);
        var transactions = new JdbcTransactionManager(dataSource);
        this.store = new ConnectorStore(jdbc, vault);
        this.cache = new ModelCache(new JdbcTemplate(dataSource), transactions, clock);
        this.tests = new ConnectorTests(jdbc, store, clock);
        var settings = Settings.of(Map.of("serai.references", "env:TEST_*"));
        var rules = new ReferenceRules(settings);
        var validator = new ConfigValidator(rules);
        var referred =
                new ReferredSecrets(new SecretSources(rules, new StandardEnvironment(), CAMEL, settings), validator);
        var egress = EgressPolicyTest.policy("allow");
        var configs = new ConnectorConfiguration.StoredConfigs(store, catalog, validator, referred);
        var routes = new ConnectorRoutes(CAMEL, catalog, configs, Settings.of(Map.of()), clock);
        var calls = new ConnectorCalls(catalog, routes, egress, TestLake.spool());
        var writer = new ConnectorWriter(store, cache, routes::forget, transactions, new AuditLog(jdbc, clock), clock);
        this.connectors = new Connectors(store, writer, catalog, validator, egress, List.of(), calls, tests, clock);
        this.discovery = new Discovery(connectors, calls, cache, clock);
    }

    /** Connectors of a catalog's types, on a database. */
    public static Connectors connectors(DataSource dataSource, Catalog catalog, Clock clock) {
        return new ConnectorFixture("none", dataSource, catalog, clock, TestVault.of(1)).connectors;
    }

    private static RouteWorld.TestClock clockAt(Instant time) {
        RouteWorld.TestClock clock = new RouteWorld.TestClock();
        clock.pass(Duration.between(clock.instant(), time));
        return clock;
    }

    void pass(Duration time) {
        ((RouteWorld.TestClock) clock).pass(time);
    }

    private static DefaultCamelContext camel() {
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.disableJMX();
        camel.getRegistry().bind("source", FarSource.class, new FarSource());
        camel.start();
        return camel;
    }

    private static Catalog catalog() {
        try {
            Path folder = TestFolder.create("serai-kamelets");
            Files.writeString(folder.resolve("test-db.kamelet.yaml"), KAMELET);
            SeraiSettings settings = Settings.of(Map.of("serai.kamelets-dir", folder.toString()));
            Catalog catalog = new Catalog(settings, CAMEL);
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
