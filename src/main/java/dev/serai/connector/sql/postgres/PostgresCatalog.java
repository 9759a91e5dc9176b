package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.serai.connector.sql.Listing;
import dev.serai.connector.sql.Relation;
import dev.serai.connector.sql.SqlCatalog;
import dev.serai.rows.Column;

/** Which models does a PostgreSQL database have, as far as the user may read them, and of which columns? */
final class PostgresCatalog implements SqlCatalog {
    private static final String MODELS =
            """
            SELECT n.nspname, c.relname, c.relkind::text,
                   CASE WHEN c.reltuples >= 0 THEN c.reltuples::int8 END
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND NOT c.relispartition
              AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
              AND CASE WHEN pg_catalog.cardinality(?::text[]) > 0
                       THEN n.nspname::text = ANY (?::text[])
                       ELSE n.nspname = 'public' OR pg_catalog.pg_has_role(n.nspowner, 'USAGE')
                  END
              AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
              AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
              AND pg_catalog.strpos(pg_catalog.lower(c.relname), pg_catalog.lower(?::text)) > 0
              AND (n.nspname, c.relname) > (?::name, ?::name)
            ORDER BY n.nspname, c.relname
            LIMIT ?
            """;

    private static final String RELATION =
            """
            SELECT c.oid, CASE WHEN c.reltuples >= 0 THEN c.reltuples::int8 ELSE -1 END
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ?::text AND c.relname = ?::text AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
              AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
            """;

    /** A domain may be one over another domain; what counts is the type at the end and what any of them demands. */
    private static final String COLUMNS =
            """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                   CASE WHEN n.nspname = 'pg_catalog' OR b.typname = 'citext' THEN b.typname ELSE '' END,
                   base.typmod, pg_catalog.format_type(base.type, base.typmod),
                   NOT a.attnotnull AND NOT base.required,
                   EXISTS (SELECT FROM pg_catalog.pg_index i
                           WHERE i.indrelid = a.attrelid AND i.indisprimary
                             AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
            FROM pg_catalog.pg_attribute a
            CROSS JOIN LATERAL (
              WITH RECURSIVE domains (type, typmod, required, depth) AS (
                SELECT a.atttypid, a.atttypmod, false, 0
                UNION ALL
                SELECT t.typbasetype, t.typtypmod, d.required OR t.typnotnull, d.depth + 1
                FROM domains d JOIN pg_catalog.pg_type t ON t.oid = d.type AND t.typtype = 'd')
              SELECT type, typmod, required FROM domains ORDER BY depth DESC LIMIT 1) base
            JOIN pg_catalog.pg_type b ON b.oid = base.type
            JOIN pg_catalog.pg_namespace n ON n.oid = b.typnamespace
            WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
              AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
            ORDER BY a.attnum
            """;

    /** A column and how its values travel. */
    record Field(Column column, PostgresTypes.Form form) {}

    private final Connection connection;

    PostgresCatalog(Connection connection) {
        this.connection = connection;
    }

    /** In the order of schema and name, byte by byte. */
    @Override
    public List<Relation> models(Listing listing) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MODELS)) {
            var schemas = connection.createArrayOf("text", listing.schemas().toArray());
            statement.setArray(1, schemas);
            statement.setArray(2, schemas);
            statement.setString(3, listing.search());
            statement.setString(4, listing.afterSchema());
            statement.setString(5, listing.afterName());
            statement.setInt(6, listing.limit());
            statement.setFetchSize(listing.limit());
            List<Relation> relations = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    relations.add(new Relation(
                            rows.getString(1),
                            rows.getString(2),
                            kind(rows.getString(3)),
                            rows.getObject(4, Long.class)));
                }
            }
            return relations;
        }
    }

    private static String kind(String relkind) {
        return switch (relkind) {
            case "p" -> "partitioned_table";
            case "v" -> "view";
            case "m" -> "materialized_view";
            case "f" -> "foreign_table";
            default -> "table";
        };
    }

    /** @param rowEstimate -1 where unknown */
    record Description(List<Field> fields, long rowEstimate) {}

    @Override
    public Optional<List<Column>> columns(String schema, String name) throws SQLException {
        return describe(schema, name)
                .map(description ->
                        description.fields().stream().map(Field::column).toList());
    }

    /** Empty where there is no such model or the user may read nothing of it. */
    Optional<Description> describe(String schema, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELATION)) {
            statement.setString(1, schema);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Description(fields(row.getLong(1)), row.getLong(2)))
                        : Optional.empty();
            }
        }
    }

    private List<Field> fields(long relation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, relation);
            List<Field> fields = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    PostgresTypes.Form form = PostgresTypes.of(row.getString(3), row.getInt(4));
                    fields.add(new Field(
                            new Column(
                                    row.getString(1),
                                    form.type(),
                                    // Whoever sorts these texts has to see that they are numbers.
                                    row.getString(form.isEndless() ? 5 : 2),
                                    row.getBoolean(6),
                                    row.getBoolean(7),
                                    form.watermarkCandidate()),
                            form));
                }
            }
            return fields;
        }
    }
}
