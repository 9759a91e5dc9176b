package dev.serai.connector.sql;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.Utils;

import dev.serai.connector.sql.PostgresCatalog.Field;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource;
import dev.serai.rows.RowSource;

/**
 * What is to be read in bulk: a model or a query, as COPY or a binary cursor sends it.
 *
 * @param schema with {@code name} the model; null for a query
 * @param columns in this order; empty for all
 * @param filter an SQL condition
 */
record PostgresRead(
        @Nullable String schema,
        @Nullable String name,
        @Nullable String query,
        List<String> columns,
        @Nullable String filter,
        long limit) {

    /**
     * What is run and what it sends.
     *
     * @param name tells what is read from all else of this source
     * @param copy as the server takes it
     * @param cursor as the driver takes it
     * @param copyMeaning what an error in COPY means
     * @param cursorMeaning what an error in the cursor means
     */
    record Plan(
            String name,
            String copy,
            String cursor,
            List<Field> fields,
            long estimate,
            Function<SQLException, Failure> copyMeaning,
            Function<SQLException, Failure> cursorMeaning) {}

    /** Opens the read: what it will see and of which form its rows are is fixed; they come when asked for. */
    RowSource open(ConnectionPool.Lease lease, CopyRefusals refusals) throws SQLException {
        Plan plan = query == null ? ofModel(lease) : ofQuery(lease, query);
        BulkReading reading = new BulkReading(lease, plan, refusals);
        List<PgCopySource.Field> fields = plan.fields().stream()
                .map(field ->
                        new PgCopySource.Field(field.column(), field.form().wire()))
                .toList();
        return new PgCopySource(fields, plan.estimate(), List.of(reading), reading::stop);
    }

    private Plan ofQuery(ConnectionPool.Lease lease, String text) {
        PostgresStatement statement = PostgresStatement.parse(text, "/query");
        if (!statement.isRelation()) {
            throw PostgresStatement.notReadOnly("/query");
        }
        if (!statement.parameters().isEmpty()) {
            throw new FailureException(Failure.Invalid.of("/query", "must have no parameters, being a dataset's"));
        }
        PostgresQuestion question = PostgresQuestion.copied(lease, statement, "/query", limit);
        PostgresQuestion declared = question.declared();
        return new Plan(
                text,
                question.sql(),
                declared.sql(),
                question.fields(),
                limit == Long.MAX_VALUE ? -1 : limit,
                question::failure,
                declared::failure);
    }

    private Plan ofModel(ConnectionPool.Lease lease) throws SQLException {
        var description = new PostgresCatalog(lease)
                .describe(String.valueOf(schema), String.valueOf(name))
                .orElseThrow(() -> new FailureException(PostgresFailures.source(
                        Layer.READ,
                        "model_missing",
                        "There is no model " + schema + "." + name + " that the user may read.",
                        false)));
        List<Field> fields = chosen(description.fields());
        StringBuilder select = new StringBuilder("SELECT ")
                .append(fields.stream()
                        .map(field -> field.form().copied(quote(field.column().name())))
                        .collect(Collectors.joining(", ")))
                .append(" FROM ")
                .append(quote(String.valueOf(schema)))
                .append('.')
                .append(quote(String.valueOf(name)));
        if (filter != null) {
            select.append(" WHERE (\n").append(expression(filter)).append("\n)");
        }
        if (limit != Long.MAX_VALUE) {
            select.append(" LIMIT ").append(limit);
        }
        String jdbc = PostgresScan.of(select.toString()).jdbc();
        if (filter != null) {
            check(lease, jdbc);
        }
        long estimate = filter == null ? Math.min(description.rowEstimate(), limit) : -1;
        return new Plan(
                schema + "." + name,
                "COPY (" + select + ") TO STDOUT (FORMAT binary)",
                CursorRows.DECLARE + jdbc,
                fields,
                estimate,
                PostgresFailures::of,
                PostgresFailures::of);
    }

    private List<Field> chosen(List<Field> all) {
        if (all.isEmpty()) {
            throw new FailureException(PostgresFailures.source(
                    Layer.READ, "no_columns", "The model " + schema + "." + name + " has no columns.", false));
        }
        if (columns.isEmpty()) {
            return all;
        }
        Map<String, Field> byName = new LinkedHashMap<>();
        all.forEach(field -> byName.put(field.column().name(), field));
        return columns.stream()
                .map(column -> {
                    Field field = byName.get(column);
                    if (field == null) {
                        throw new FailureException(PostgresFailures.source(
                                Layer.READ,
                                "column_missing",
                                "The model " + schema + "." + name + " has no column " + column + ".",
                                false));
                    }
                    return field;
                })
                .toList();
    }

    /** COPY takes several statements at once, so a filter must not be able to end the first one. */
    private static String expression(String filter) {
        PostgresScan scan = PostgresScan.of(filter);
        if (scan.end() < filter.length()
                || !scan.balanced()
                || !scan.parameters().isEmpty()) {
            throw new FailureException(Failure.Invalid.of("/filter", "must be one SQL condition"));
        }
        return filter;
    }

    private static void check(ConnectionPool.Lease lease, String jdbc) {
        try (var prepared = lease.prepareStatement(jdbc)) {
            prepared.getMetaData();
        } catch (SQLException e) {
            Failure failure = e.getSQLState() != null
                            && e.getSQLState().startsWith("42")
                            && !e.getSQLState().equals("42501")
                    ? Failure.Invalid.of("/filter", PostgresFailures.said(e))
                    : PostgresFailures.of(e);
            throw new FailureException(failure, e);
        }
    }

    private static String quote(String identifier) {
        try {
            return Utils.escapeIdentifier(null, identifier).toString();
        } catch (SQLException e) {
            throw new FailureException(Failure.Invalid.of("/model", "must not hold the character 0"), e);
        }
    }
}
