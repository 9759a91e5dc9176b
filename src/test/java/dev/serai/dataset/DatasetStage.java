package dev.serai.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.audit.AuditLog;
import dev.serai.catalog.Catalog;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.credential.TestVault;
import dev.serai.lake.Lake;
import dev.serai.metadata.Ids;
import dev.serai.metadata.Times;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;
import dev.serai.testing.TestFolder;

/** Datasets on a real metadata database, in a project of their own, with connectors of the types shelf and bell. */
public final class DatasetStage {
    /** Can be read from. */
    public static final String SHELF = "shelf";

    /** Not queryable. */
    public static final String BELL = "bell";

    private static final String KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: %s
              annotations:
                serai.dev/category: api
                serai.dev/queryable: "%s"
                camel.apache.org/kamelet.icon: data:image/svg+xml;base64,AAAA
            spec:
              definition:
                title: A type for tests
                description: A type for tests
                properties: {}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - choice:
                        when:
                          - simple: "${header.operation} == '%s'"
                            steps:
                              - setBody: {constant: "[]"}
            """;
    private static final Catalog CATALOG = newCatalog();

    public final MetadataStore metadata;
    public final String project;
    public final JdbcClient jdbc;
    public final ConnectorStore connectors;
    public final DatasetCreation creation;
    public final Datasets datasets;
    public final Lake lake;

    public DatasetStage(MetadataStore metadata, Lake lake) {
        this(metadata, metadata.newProject(), lake);
    }

    public DatasetStage(MetadataStore metadata, String project, Lake lake) {
        this.metadata = metadata;
        this.project = project;
        this.lake = lake;
        this.jdbc = metadata.jdbc();
        this.connectors = new ConnectorStore(jdbc, TestVault.of(1));
        this.creation = new DatasetCreation(
                new DatasetStore(jdbc),
                new DatasetOrigins(CATALOG),
                connectors,
                metadata.transactions(),
                new AuditLog(jdbc, Clock.systemUTC()),
                Clock.systemUTC());
        this.datasets = new Datasets(
                new DatasetStore(jdbc),
                new TableNotes(jdbc),
                creation,
                lake,
                metadata.transactions(),
                new AuditLog(jdbc, Clock.systemUTC()),
                Clock.systemUTC());
    }

    public static Catalog catalog() {
        return CATALOG;
    }

    private static Catalog newCatalog() {
        try {
            Path folder = TestFolder.create("serai-kamelets");
            Files.writeString(folder.resolve("shelf.kamelet.yaml"), KAMELET.formatted(SHELF, true, "read"));
            Files.writeString(folder.resolve("bell.kamelet.yaml"), KAMELET.formatted(BELL, false, "test"));
            return new Catalog(Settings.of(Map.of("serai.kamelets-dir", folder.toString())), new DefaultCamelContext());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connector with the slug {@code main_shelf}, or with a number behind it. */
    public Connector shelf() {
        return connector(SHELF);
    }

    public Connector connector(String type) {
        String id = Ids.next("con");
        long number = jdbc.sql("select count(*) from data_connectors where project = ?")
                .param(project)
                .query(Long.class)
                .single();
        String slug = "main_" + type + (number == 0 ? "" : "_" + number);
        Instant now = Times.stored(Instant.now());
        jdbc.sql(
                        """
                        insert into data_connectors (id, project, slug, name, name_key, type, description, config,
                            output_schemas, enabled, revision, created_at, updated_at)
                        values (:id, :project, :slug, :slug, :slug, :type, '', '{}', '[]', true, 1, :now, :now)
                        """)
                .param("id", id)
                .param("project", project)
                .param("slug", slug)
                .param("type", type)
                .param("now", Times.param(now))
                .update();
        return connectors.find(project, id).orElseThrow();
    }

    /** Sets columns of a connector's row, as {@code enabled = false}. */
    public Connector change(Connector connector, String assignments) {
        jdbc.sql("update data_connectors set " + assignments + " where id = ?")
                .param(connector.id())
                .update();
        return connectors.find(project, connector.id()).orElseThrow();
    }

    public void delete(Connector connector) {
        jdbc.sql("delete from data_connectors where id = ?")
                .param(connector.id())
                .update();
    }

    public Dataset dataset(Connector connector, String model) {
        return datasets.create(project, NewDataset.ofModel(connector.id(), model));
    }
}
