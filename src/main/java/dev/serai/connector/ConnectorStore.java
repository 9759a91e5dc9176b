package dev.serai.connector;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.credential.CredentialVault;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** Keeps configured connectors in {@code data_connectors}, their secrets sealed in {@code connector_secrets}. */
@Component
public class ConnectorStore {
    private static final Pattern ID = Pattern.compile("[a-z0-9_]{1,40}");

    /** A schedule that was changed, or switched on again, fires from then on only. */
    private static final String SAME_SCHEDULE = "enabled = :enabled"
            + " and schedule_cron is not distinct from :schedule_cron"
            + " and schedule_timezone is not distinct from :schedule_timezone";

    private final JdbcClient jdbc;
    private final CredentialVault vault;

    public ConnectorStore(JdbcClient jdbc, CredentialVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** Which connectors to list; {@code after} is the last id of the page before, or the empty string. */
    public record Filter(
            @Nullable String type,
            @Nullable String category,
            @Nullable Boolean enabled,
            @Nullable String search,
            int limit,
            @Nullable String after) {}

    public Optional<Connector> find(String project, String id) {
        return find(project, id, "");
    }

    /** Until the transaction ends nobody else changes or deletes it. */
    Optional<Connector> findForUpdate(String project, String id) {
        return find(project, id, " for update");
    }

    private Optional<Connector> find(String project, String id, String lock) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        return jdbc.sql(ConnectorRow.SELECT + " where project = ? and id = ?" + lock)
                .params(project, id)
                .query(ConnectorRow::read)
                .optional();
    }

    public Optional<Connector> findBySlug(String project, String slug) {
        if (!Texts.isStorable(slug)) {
            return Optional.empty();
        }
        return jdbc.sql(ConnectorRow.SELECT + " where project = ? and slug = ?")
                .params(project, slug)
                .query(ConnectorRow::read)
                .optional();
    }

    /** In the order of their making. {@link Filter#type} and {@link Filter#category} are not looked at. */
    public List<Connector> list(String project, Filter filter) {
        return list(project, filter, null);
    }

    /** @param types only connectors of one of them; null: of every type */
    List<Connector> list(String project, Filter filter, @Nullable Collection<String> types) {
        String search = filter.search() == null ? "" : filter.search();
        if ((types != null && types.isEmpty()) || !Texts.isStorable(search)) {
            return List.of();
        }
        StringBuilder sql = new StringBuilder(ConnectorRow.SELECT + " where project = :project and id > :after");
        JdbcClient.StatementSpec statement;
        if (types != null) {
            sql.append(" and type in (:types)");
        }
        if (filter.enabled() != null) {
            sql.append(" and enabled = :enabled");
        }
        if (!search.isEmpty()) {
            sql.append(" and (name_key like :search escape '!' or slug like :search escape '!'"
                    + " or lower(description) like :search escape '!')");
        }
        statement = jdbc.sql(sql.append(" order by id limit :limit").toString())
                .param("project", project)
                .param("after", filter.after() == null ? "" : filter.after())
                .param("limit", filter.limit());
        if (types != null) {
            statement = statement.param("types", types);
        }
        if (filter.enabled() != null) {
            statement = statement.param("enabled", filter.enabled());
        }
        if (!search.isEmpty()) {
            statement = statement.param("search", LikePattern.containing(ConnectorNames.key(search)));
        }
        return statement.query(ConnectorRow::read).list();
    }

    /** Those of all projects whose background discovery has not ended. */
    public List<Connector> discovering() {
        return jdbc.sql(ConnectorRow.SELECT + " where discovery = 'pending' order by id")
                .query(ConnectorRow::read)
                .list();
    }

    /** The whole config, secrets opened; for the connector's own route only. */
    public ObjectNode open(Connector connector) {
        return open(connector, Set.of());
    }

    /** @param replaced secrets that are given anew: where one of them cannot be opened it is left out, so that it can be */
    ObjectNode open(Connector connector, Set<String> replaced) {
        ObjectNode config = connector.config().deepCopy();
        jdbc.sql("select field, sealed from connector_secrets where connector_id = ?")
                .param(connector.id())
                .query(row -> {
                    String field = row.getString("field");
                    try {
                        String secret = vault.open(connector.id(), field, row.getBytes("sealed"));
                        config.set(field, Json.read(secret, JsonNode.class));
                    } catch (FailureException e) {
                        if (!replaced.contains(field)) {
                            throw e;
                        }
                    }
                });
        return config;
    }

    /** Fails with {@code DuplicateKeyException} where the name or the slug is taken. */
    void insert(Connector connector, ObjectNode secrets) {
        jdbc.sql(
                        """
                        insert into data_connectors (id, project, slug, name, name_key, type, description, config,
                          output_schemas, enabled, schedule_cron, schedule_mode, schedule_timezone, watermark_column,
                          discovery, revision, created_at, updated_at, schedule_after)
                        values (:id, :project, :slug, :name, :name_key, :type, :description, :config,
                          :output_schemas, :enabled, :schedule_cron, :schedule_mode, :schedule_timezone, :watermark_column,
                          :discovery, :revision, :created_at, :updated_at, :created_at)
                        """)
                .params(ConnectorRow.columns(connector))
                .update();
        insertSecrets(connector.id(), secrets);
    }

    /** Fails with {@code DuplicateKeyException} where the name is taken. The secrets become just those given. */
    void update(Connector connector, @Nullable ObjectNode secrets) {
        jdbc.sql(
                        """
                        update data_connectors set name = :name, name_key = :name_key, description = :description,
                          config = :config, output_schemas = :output_schemas, enabled = :enabled,
                          schedule_cron = :schedule_cron, schedule_mode = :schedule_mode,
                          schedule_timezone = :schedule_timezone, watermark_column = :watermark_column,
                          revision = :revision, updated_at = :updated_at,
                          schedule_since = case when %1$s then schedule_since else :updated_at end,
                          schedule_after = case when %1$s then schedule_after else :updated_at end,
                          next_fire = case when %1$s then next_fire else null end
                        where id = :id
                        """
                                .formatted(SAME_SCHEDULE))
                .params(ConnectorRow.columns(connector))
                .update();
        if (secrets != null) {
            vault.discarding();
            jdbc.sql("delete from connector_secrets where connector_id = ?")
                    .param(connector.id())
                    .update();
            insertSecrets(connector.id(), secrets);
        }
    }

    /** Notes how the background discovery of a bootstrapped connector stands. */
    public void setDiscovery(String id, @Nullable String discovery) {
        jdbc.sql("update data_connectors set discovery = ? where id = ?")
                .params(discovery, id)
                .update();
    }

    /** Destroys the secrets, frees the name, and leaves a tombstone for the datasets. */
    void delete(Connector connector, Instant now) {
        vault.discarding();
        jdbc.sql("delete from data_connectors where id = ?")
                .param(connector.id())
                .update();
        jdbc.sql("insert into deleted_connectors (id, project, slug, name, type, deleted_at) values (?, ?, ?, ?, ?, ?)")
                .params(
                        connector.id(),
                        connector.project(),
                        connector.slug(),
                        connector.name(),
                        connector.type(),
                        Times.param(now))
                .update();
    }

    boolean isNameTaken(String project, String name) {
        return jdbc.sql("select count(*) from data_connectors where project = ? and name_key = ?")
                        .params(project, ConnectorNames.key(name))
                        .query(Long.class)
                        .single()
                > 0;
    }

    private void insertSecrets(String id, ObjectNode secrets) {
        if (!secrets.isEmpty()) {
            vault.requireKeyInUse();
        }
        secrets.properties().forEach(secret -> jdbc.sql(
                        "insert into connector_secrets (connector_id, field, sealed) values (?, ?, ?)")
                .params(id, secret.getKey(), vault.seal(id, secret.getKey(), Json.write(secret.getValue())))
                .update());
    }
}
