package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.serai.rows.Column;

/**
 * Which models does a database have, by the queries of its description?
 *
 * @param <F> a column and how its values travel
 */
public abstract class DescribedCatalog<F> implements SqlCatalog {
    /** Behind a space or a parenthesis: in {@code a::text} and {@code a[0:b]} the colon is SQL's own. */
    private static final Pattern PARAMETER = Pattern.compile("(?<=[\\s(]):([a-z_]+)");

    private final Connection connection;
    private final SqlDescription.Catalog queries;

    protected DescribedCatalog(Connection connection, SqlDescription.Catalog queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /** @param row of the description's {@code columns} */
    protected abstract F field(ResultSet row) throws SQLException;

    protected abstract Column column(F field);

    /** @param rowEstimate -1 where unknown */
    public record Description<F>(List<F> fields, long rowEstimate) {}

    @Override
    public List<Relation> models(Listing listing) throws SQLException {
        String among = listing.schemas().isEmpty() ? queries.own() : queries.among();
        Map<String, Object> values = Map.of(
                "schemas", listing.schemas(),
                "search", listing.search(),
                "after_schema", listing.afterSchema(),
                "after_name", listing.afterName(),
                "limit", listing.limit());
        List<Relation> relations = new ArrayList<>();
        try (PreparedStatement statement = prepared(queries.models().replace("{schemas}", among), values)) {
            statement.setFetchSize(listing.limit());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long counted = rows.getLong(4);
                    Long estimate = rows.wasNull() ? null : Long.valueOf(counted);
                    relations.add(new Relation(rows.getString(1), rows.getString(2), rows.getString(3), estimate));
                }
            }
        }
        return relations;
    }

    @Override
    public Optional<List<Column>> columns(String schema, String name) throws SQLException {
        return describe(schema, name)
                .map(description ->
                        description.fields().stream().map(this::column).toList());
    }

    /** Empty where there is no such model or the user may read nothing of it. */
    public Optional<Description<F>> describe(String schema, String name) throws SQLException {
        Map<String, Object> model = Map.of("schema", schema, "name", name);
        long estimate;
        try (PreparedStatement statement = prepared(queries.model(), model);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            long counted = row.getLong(1);
            estimate = row.wasNull() ? -1 : counted;
        }
        List<F> fields = new ArrayList<>();
        try (PreparedStatement statement = prepared(queries.columns(), model);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                fields.add(field(row));
            }
        }
        return Optional.of(new Description<>(fields, estimate));
    }

    /** A list takes as many question marks as it has values. */
    private PreparedStatement prepared(String query, Map<String, Object> values) throws SQLException {
        List<Object> inOrder = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(query);
        String sql = parameter.replaceAll(found -> {
            Object value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException("No query takes :" + found.group(1));
            }
            List<?> all = value instanceof List<?> list ? list : List.of(value);
            inOrder.addAll(all);
            return String.join(", ", Collections.nCopies(all.size(), "?"));
        });
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < inOrder.size(); i++) {
            if (inOrder.get(i) instanceof Integer number) {
                statement.setInt(i + 1, number);
            } else {
                statement.setString(i + 1, String.valueOf(inOrder.get(i)));
            }
        }
        return statement;
    }
}
