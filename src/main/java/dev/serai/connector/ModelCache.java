package dev.serai.connector;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.serai.metadata.Json;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;

/** The models of connectors as last asked for, in the metadata database, so that lists of many thousands page quickly. */
@Component
class ModelCache {
    private static final int BATCH = 1_000;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Clock clock;

    ModelCache(JdbcTemplate template, PlatformTransactionManager transactions, Clock clock) {
        this.template = template;
        this.jdbc = JdbcClient.create(template);
        this.transactions = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** When this revision of the connector was asked for its models; empty: never. */
    Optional<Instant> discoveredAt(Connector connector) {
        return jdbc.sql("select discovered_at from connector_discoveries where connector_id = ? and revision = ?")
                .params(connector.id(), connector.revision())
                .query((row, number) -> Times.readPresent(row, "discovered_at"))
                .optional();
    }

    /** Replaces all models of a connector; false, and nothing, where it was changed or deleted since it was read. */
    boolean replace(Connector connector, Collection<Model> models) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            // Two who refresh at once come one after the other.
            boolean same = jdbc.sql("select revision, output_schemas from data_connectors where id = ? for update")
                    .param(connector.id())
                    .query((row, number) -> row.getLong("revision") == connector.revision()
                            && Json.strings(row.getString("output_schemas")).equals(connector.outputSchemas()))
                    .optional()
                    .orElse(false);
            if (same) {
                forget(connector.id());
                insert(connector, models);
            }
            return same;
        }));
    }

    void forget(String connectorId) {
        jdbc.sql("delete from connector_models where connector_id = ?")
                .param(connectorId)
                .update();
        jdbc.sql("delete from connector_discoveries where connector_id = ?")
                .param(connectorId)
                .update();
    }

    private void insert(Connector connector, Collection<Model> models) {
        template.batchUpdate(
                "insert into connector_models (connector_id, model_id, schema_name, name, search_key, kind, row_estimate)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                models,
                BATCH,
                (statement, model) -> {
                    statement.setString(1, connector.id());
                    statement.setString(2, model.id());
                    statement.setString(3, model.schema() == null ? "" : model.schema());
                    statement.setString(4, model.name());
                    statement.setString(5, qualified(model).toLowerCase(Locale.ROOT));
                    statement.setString(6, model.kind());
                    statement.setObject(7, model.rowEstimate(), java.sql.Types.BIGINT);
                });
        jdbc.sql("insert into connector_discoveries (connector_id, revision, discovered_at) values (?, ?, ?)")
                .params(connector.id(), connector.revision(), Times.param(clock.instant()))
                .update();
    }

    Page<Model> page(Connector connector, ModelFilter filter, String after) {
        List<Object> params = new ArrayList<>(List.of(connector.id(), after));
        StringBuilder sql = new StringBuilder("select * from connector_models where connector_id = ? and model_id > ?");
        for (@Nullable String text : new String[] {filter.schema(), filter.search()}) {
            if (text != null && !Texts.isStorable(text)) {
                return new Page<>(List.of(), null);
            }
        }
        if (filter.schema() != null) {
            sql.append(" and schema_name = ?");
            params.add(filter.schema());
        }
        if (filter.search() != null) {
            sql.append(" and search_key like ? escape '!'");
            params.add(LikePattern.containing(filter.search().toLowerCase(Locale.ROOT)));
        }
        params.add(filter.limit() + 1);
        List<Model> oneMore = jdbc.sql(sql.append(" order by model_id limit ?").toString())
                .params(params)
                .query(ModelCache::read)
                .list();
        return Page.of(oneMore, filter.limit(), Model::id);
    }

    /** The model with that id; else all whose {@code schema.name} it is. */
    List<Model> named(Connector connector, String idOrName) {
        if (!Texts.isStorable(idOrName)) {
            return List.of();
        }
        List<Model> found = jdbc.sql("select * from connector_models where connector_id = ? and (model_id = ?"
                        + " or search_key = ?) order by model_id")
                .params(connector.id(), idOrName, idOrName.toLowerCase(Locale.ROOT))
                .query(ModelCache::read)
                .list();
        Optional<Model> byId =
                found.stream().filter(model -> model.id().equals(idOrName)).findFirst();
        return byId.map(List::of).orElseGet(() -> found.stream()
                .filter(model -> qualified(model).equals(idOrName))
                .toList());
    }

    private static String qualified(Model model) {
        return model.schema() == null ? model.name() : model.schema() + "." + model.name();
    }

    private static Model read(ResultSet row, int number) throws SQLException {
        String schema = row.getString("schema_name");
        return new Model(
                row.getString("model_id"),
                row.getString("name"),
                schema.isEmpty() ? null : schema,
                row.getString("kind"),
                row.getObject("row_estimate", Long.class));
    }
}
