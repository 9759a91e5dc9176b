package dev.serai.dataset;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.TableId;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** Keeps datasets as their users define them in the metadata database; how each stands is {@link TableNotes}. */
@Component
class DatasetStore {
    private final JdbcClient jdbc;

    DatasetStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Dataset> find(String project, String id) {
        return jdbc.sql(DatasetRow.SELECT + "where d.project = :project and d.id = :id")
                .param("project", project)
                .param("id", id)
                .query(DatasetRow::read)
                .optional();
    }

    Optional<Dataset> findByName(String project, String name) {
        return jdbc.sql(DatasetRow.SELECT + "where d.project = :project and d.name_key = :key")
                .param("project", project)
                .param("key", key(name))
                .query(DatasetRow::read)
                .optional();
    }

    List<Dataset> list(String project, String after, int limit) {
        return jdbc.sql(DatasetRow.SELECT + "where d.project = :project and d.id > :after order by d.id limit :limit")
                .param("project", project)
                .param("after", after)
                .param("limit", limit)
                .query(DatasetRow::read)
                .list();
    }

    List<Dataset> ofConnector(String project, String connectorId) {
        return jdbc.sql(DatasetRow.SELECT + "where d.project = :project and d.connector_id = :connector order by d.id")
                .param("project", project)
                .param("connector", connectorId)
                .query(DatasetRow::read)
                .list();
    }

    /** @throws FailureException {@code name_taken} */
    void insert(Dataset dataset) {
        try {
            jdbc.sql(
                            """
                            insert into datasets (id, project, name, name_key, connector_id, model, query, path, mode,
                                watermark_column, primary_key, lookback, schema_policy, detect_deletes, parallelism, column_names, row_filter,
                                readers, table_columns, row_count, byte_count, status, created_at, updated_at)
                            values (:id, :project, :name, :key, :connector, :model, :query, :path, :mode,
                                :watermarkColumn, :primaryKey, :lookback, :policy, :deletes, :parallelism, :columns, :filter,
                                :readers, '[]', 0, 0, 'new', :created, :updated)
                            """)
                    .param("project", dataset.project())
                    .param("connector", dataset.connectorId())
                    .param("model", dataset.model())
                    .param("query", dataset.query())
                    .param("path", dataset.path())
                    .param("created", Times.param(dataset.createdAt()))
                    .params(editable(dataset))
                    .update();
        } catch (DuplicateKeyException e) {
            throw nameTaken(dataset.name(), e);
        }
    }

    /**
     * @param keepsKey whether the primary key stays as it was given, if it was
     * @throws FailureException {@code name_taken}
     */
    void update(Dataset dataset, boolean keepsKey) {
        try {
            jdbc.sql(
                            """
                            update datasets set name = :name, name_key = :key, mode = :mode,
                                watermark_column = :watermarkColumn, lookback = :lookback,
                                schema_policy = :policy, detect_deletes = :deletes, parallelism = :parallelism,
                                column_names = :columns, row_filter = :filter, readers = :readers, updated_at = :updated,
                                primary_key = case when :keepsKey then primary_key else :primaryKey end
                            where id = :id
                            """)
                    .params(editable(dataset))
                    .param("keepsKey", keepsKey)
                    .update();
        } catch (DuplicateKeyException e) {
            throw nameTaken(dataset.name(), e);
        }
    }

    private static Map<String, @Nullable Object> editable(Dataset dataset) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("id", dataset.id());
        values.put("name", dataset.name());
        values.put("key", key(dataset.name()));
        values.put("mode", dataset.mode());
        values.put("watermarkColumn", dataset.watermarkColumn());
        values.put("primaryKey", Json.write(dataset.primaryKey()));
        values.put("lookback", dataset.lookback());
        values.put("policy", dataset.schemaPolicy());
        values.put("deletes", dataset.detectDeletes());
        values.put("parallelism", dataset.parallelism());
        values.put("columns", Json.write(dataset.columns()));
        values.put("filter", dataset.filter());
        values.put("readers", Json.write(dataset.readers()));
        values.put("updated", Times.param(dataset.updatedAt()));
        return values;
    }

    /** Until the transaction ends nobody else gets this lock; false where the connector is gone. */
    boolean lockConnector(String connectorId) {
        return jdbc.sql("select id from data_connectors where id = :id for update")
                .param("id", connectorId)
                .query(String.class)
                .optional()
                .isPresent();
    }

    /** Until the transaction ends nobody else can change the dataset. */
    void lock(String project, String id) {
        jdbc.sql("select id from datasets where project = :project and id = :id for update")
                .param("project", project)
                .param("id", id)
                .query(String.class)
                .optional();
    }

    /** The column that incremental syncs go by: the dataset's own, else its connector's. */
    Optional<String> watermarkColumn(String project, String id) {
        return jdbc.sql(
                        """
                        select coalesce(d.watermark_column, c.watermark_column) from datasets d
                        left join data_connectors c on c.id = d.connector_id
                        where d.project = :project and d.id = :id
                        """)
                .param("project", project)
                .param("id", id)
                .query((row, number) -> Optional.ofNullable(row.getString(1)))
                .optional()
                .flatMap(column -> column);
    }

    /** Also notes, in the caller's transaction, that the table is to be dropped. */
    boolean delete(String project, String id) {
        boolean deleted = jdbc.sql("delete from datasets where project = :project and id = :id")
                        .param("project", project)
                        .param("id", id)
                        .update()
                == 1;
        if (deleted) {
            jdbc.sql("insert into dropped_tables (dataset_id, project) values (:id, :project)")
                    .param("id", id)
                    .param("project", project)
                    .update();
        }
        return deleted;
    }

    /** Tables of deleted datasets, which may still be there. */
    List<TableId> dropped() {
        return jdbc.sql("select project, dataset_id from dropped_tables order by dataset_id")
                .query((row, number) -> new TableId(row.getString("project"), row.getString("dataset_id")))
                .list();
    }

    void forget(TableId dropped) {
        jdbc.sql("delete from dropped_tables where dataset_id = :id")
                .param("id", dropped.dataset())
                .update();
    }

    /** Those of all projects after this id, whose connector may be gone. */
    List<Dataset> all(String after, int limit) {
        return jdbc.sql(DatasetRow.SELECT + "where d.id > :after order by d.id limit :limit")
                .param("after", after)
                .param("limit", limit)
                .query(DatasetRow::read)
                .list();
    }

    private static FailureException nameTaken(String name, Exception cause) {
        return new FailureException(
                new Failure.Conflict("name_taken", "There is a dataset named " + name + " already."), cause);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
