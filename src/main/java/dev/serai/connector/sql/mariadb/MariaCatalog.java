package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import dev.serai.connector.sql.Listing;
import dev.serai.connector.sql.Relation;
import dev.serai.connector.sql.SqlCatalog;
import dev.serai.rows.Column;

/**
 * Which models does a MariaDB or MySQL server have, as far as the user may read them, and of which columns? Its schemas
 * are its databases; what a user may not read the catalog does not show.
 */
final class MariaCatalog implements SqlCatalog {
    /** Names are compared byte by byte: two of them may differ in case alone, where the server's file system does. */
    private static final String MODELS =
            """
            SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_ROWS
            FROM information_schema.TABLES
            WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
              AND TABLE_SCHEMA IN (%s)
              AND TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')
              AND LOCATE(LOWER(?), LOWER(TABLE_NAME)) > 0
              AND (CAST(TABLE_SCHEMA AS BINARY) > CAST(? AS BINARY)
                   OR CAST(TABLE_SCHEMA AS BINARY) = CAST(? AS BINARY)
                      AND CAST(TABLE_NAME AS BINARY) > CAST(? AS BINARY))
            ORDER BY CAST(TABLE_SCHEMA AS BINARY), CAST(TABLE_NAME AS BINARY)
            LIMIT ?
            """;

    private static final String ESTIMATE =
            """
            SELECT TABLE_ROWS FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CAST(TABLE_NAME AS BINARY) = CAST(? AS BINARY)
              AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
            """;

    private static final String COLUMNS =
            """
            SELECT COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, NUMERIC_PRECISION, NUMERIC_SCALE, IS_NULLABLE = 'YES',
                   COLUMN_KEY = 'PRI'
            FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CAST(TABLE_NAME AS BINARY) = CAST(? AS BINARY)
              AND FIND_IN_SET('select', PRIVILEGES) > 0
            ORDER BY ORDINAL_POSITION
            """;

    /** A column and how its values travel. */
    record Field(Column column, MariaTypes.Form form) {}

    /** @param rowEstimate -1 where unknown */
    record Description(List<Field> fields, long rowEstimate) {}

    private final Connection connection;

    MariaCatalog(Connection connection) {
        this.connection = connection;
    }

    /** In the order of schema and name, byte by byte; without schemas those of the connection's database. */
    @Override
    public List<Relation> models(Listing listing) throws SQLException {
        List<String> schemas = listing.schemas();
        String among = schemas.isEmpty() ? "DATABASE()" : String.join(", ", Collections.nCopies(schemas.size(), "?"));
        try (PreparedStatement statement = connection.prepareStatement(MODELS.formatted(among))) {
            int next = 1;
            for (String schema : schemas) {
                statement.setString(next++, schema);
            }
            statement.setString(next++, listing.search());
            statement.setString(next++, listing.afterSchema());
            statement.setString(next++, listing.afterSchema());
            statement.setString(next++, listing.afterName());
            statement.setInt(next, listing.limit());
            List<Relation> relations = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long estimate = rows.getLong(4);
                    relations.add(new Relation(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3).equals("VIEW") ? "view" : "table",
                            rows.wasNull() ? null : estimate));
                }
            }
            return relations;
        }
    }

    @Override
    public Optional<List<Column>> columns(String schema, String name) throws SQLException {
        return describe(schema, name)
                .map(description ->
                        description.fields().stream().map(Field::column).toList());
    }

    /** Empty where there is no such model or the user may read nothing of it. */
    Optional<Description> describe(String schema, String name) throws SQLException {
        try (PreparedStatement statement = asked(ESTIMATE, schema, name);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            long estimate = row.getLong(1);
            boolean unknown = row.wasNull();
            List<Field> fields = fields(schema, name);
            return fields.isEmpty() ? Optional.empty() : Optional.of(new Description(fields, unknown ? -1 : estimate));
        }
    }

    private PreparedStatement asked(String sql, String schema, String name) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setString(1, schema);
        statement.setString(2, name);
        statement.setString(3, name);
        return statement;
    }

    private List<Field> fields(String schema, String name) throws SQLException {
        List<Field> fields = new ArrayList<>();
        try (PreparedStatement statement = asked(COLUMNS, schema, name);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                MariaTypes.Form form =
                        MariaTypes.of(row.getString(2), row.getString(3), (int) row.getLong(4), (int) row.getLong(5));
                fields.add(new Field(
                        new Column(
                                row.getString(1),
                                form.type(),
                                row.getString(2),
                                row.getBoolean(6),
                                row.getBoolean(7),
                                form.watermarkCandidate()),
                        form));
            }
        }
        return fields;
    }
}
