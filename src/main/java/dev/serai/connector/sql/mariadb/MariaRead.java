package dev.serai.connector.sql.mariadb;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.DescribedCatalog.Description;
import dev.serai.connector.sql.ReadWindow;
import dev.serai.connector.sql.RequestFields;
import dev.serai.connector.sql.SqlFailures;
import dev.serai.connector.sql.StreamedResult;
import dev.serai.connector.sql.mariadb.MariaCatalog.Field;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.rows.JdbcSource;
import dev.serai.rows.JoinedSource;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowSource;

/**
 * What is to be read in bulk: a model or a query.
 *
 * @param schema with {@code name} the model; null for a query
 * @param columns in this order; empty for all
 * @param parallelism over how many connections at most
 */
record MariaRead(
        @Nullable String schema,
        @Nullable String name,
        @Nullable String query,
        List<String> columns,
        @Nullable MariaFilter filter,
        @Nullable ReadWindow window,
        long limit,
        int parallelism) {

    static MariaRead of(JsonNode request) {
        if (!request.hasNonNull("query") && !request.at("/model/name").isTextual()) {
            throw new FailureException(Failure.Invalid.of("/model", "is required where there is no query"));
        }
        String filter = RequestFields.text(request, "filter");
        return new MariaRead(
                RequestFields.text(request.path("model"), "schema"),
                RequestFields.text(request.path("model"), "name"),
                RequestFields.text(request, "query"),
                RequestFields.texts(request.path("columns")),
                filter == null ? null : new MariaFilter(filter),
                ReadWindow.of(request),
                request.path("limit").asLong(Long.MAX_VALUE),
                RequestFields.parallelism(request));
    }

    /** Opens the read: what it will see and of which form its rows are is fixed; they come when asked for. */
    RowSource open(ConnectionPool.Lease lease) throws SQLException {
        return query == null ? ofModel(lease) : ofQuery(lease, query);
    }

    private RowSource ofQuery(ConnectionPool.Lease lease, String text) {
        MariaStatement statement = MariaStatement.parse(text, "/query");
        if (!statement.isRelation()) {
            throw MariaStatement.notReadOnly("/query");
        }
        MariaQuestion question = new MariaQuestion(statement, "/query", List.of(), limit);
        return question.later(lease);
    }

    private RowSource ofModel(ConnectionPool.Lease lease) throws SQLException {
        String table = SplitPlan.table(String.valueOf(schema), String.valueOf(name));
        // What is not there, or not to be read, is missing; of the rest the definition stays from the lock on.
        described(lease);
        lock(lease, table);
        var description = described(lease);
        List<Field> fields = chosen(description.fields());
        StringBuilder select = new StringBuilder("SELECT ")
                .append(fields.stream()
                        .map(field -> field.form()
                                .cast()
                                .formatted(MariaQuestion.quoted(field.column().name())))
                        .collect(Collectors.joining(", ")))
                .append(" FROM ")
                .append(table);
        String all = select.toString();
        StringJoiner conditions = new StringJoiner(" AND ", " WHERE ", "").setEmptyValue("");
        if (filter != null) {
            conditions.add(filter.sql());
        }
        within(description.fields()).ifPresent(conditions::add);
        select.append(conditions);
        if (limit != Long.MAX_VALUE) {
            select.append(" LIMIT ").append(limit);
        }
        String sql = select.toString();
        if (filter != null) {
            filter.check(lease, sql);
        }
        long estimate = conditions.length() == 0 ? Math.min(description.rowEstimate(), limit) : -1;
        Function<SQLException, Failure> meaning = MariaFailures::of;
        List<JdbcSource.Field> read = fields.stream()
                .map(field -> new JdbcSource.Field(field.column(), field.form().castForm()))
                .toList();
        List<RowNote> notes = List.of();
        if (parallelism > 1) {
            SplitTable splitting = new SplitTable(lease, String.valueOf(schema), String.valueOf(name), parallelism);
            KeyReading parallel =
                    splitting.open(all, conditions.toString(), description.rowEstimate(), whyWhole(lease));
            if (parallel != null) {
                return checked(lease, description, parallel).source(read, estimate);
            }
            // It may have begun again, without its lock.
            lock(lease, table);
            confirm(lease, description);
            notes = splitting.notes();
        }
        JdbcSource whole = JdbcSource.bulk(
                read, estimate, StreamedResult.lazy(lease, held -> MariaQuestion.stream(held, sql), meaning));
        return notes.isEmpty() ? whole : new JoinedSource(List.of(whole), estimate, notes, whole::close);
    }

    /** Its snapshots are newer than the description, but from now on nobody changes the table. */
    private KeyReading checked(ConnectionPool.Lease lease, Description<Field> before, KeyReading reading)
            throws SQLException {
        boolean same = false;
        try {
            confirm(lease, before);
            same = true;
        } finally {
            if (!same) {
                reading.stop();
            }
        }
        return reading;
    }

    private void confirm(ConnectionPool.Lease lease, Description<Field> before) throws SQLException {
        if (!described(lease).fields().equals(before.fields())) {
            throw new FailureException(
                    SqlFailures.source(Layer.READ, "conflict", "The model was changed when the read began.", true));
        }
    }

    private Description<Field> described(ConnectionPool.Lease lease) throws SQLException {
        return new MariaCatalog(lease)
                .describe(String.valueOf(schema), String.valueOf(name))
                .orElseThrow(() -> missing("model_missing", "There is no model %s.%s that the user may read."));
    }

    /** Until the transaction ends nobody changes the definition. */
    private static void lock(ConnectionPool.Lease lease, String table) throws SQLException {
        try (Statement statement = lease.createStatement()) {
            statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 0").close();
        }
    }

    private String whyWhole(ConnectionPool.Lease lease) throws SQLException {
        if (limit != Long.MAX_VALUE) {
            return "only some of its rows are wanted";
        }
        if (window != null && window.from() != null) {
            return "only what is new is read, which an index may find better";
        }
        return filter != null && filter.callsStored(lease)
                ? "its filter calls a function of the source's, which may read other tables"
                : "";
    }

    private Optional<String> within(List<Field> fields) {
        ReadWindow wanted = window;
        return wanted == null
                ? Optional.empty()
                : fields.stream()
                        .map(Field::column)
                        .filter(column -> column.name().equals(wanted.column()))
                        .findFirst()
                        .flatMap(new MariaWindow(wanted)::condition);
    }

    private FailureException missing(String code, String text) {
        return new FailureException(SqlFailures.source(Layer.READ, code, text.formatted(schema, name), false));
    }

    private List<Field> chosen(List<Field> all) {
        if (columns.isEmpty()) {
            return all;
        }
        Map<String, Field> byName = new LinkedHashMap<>();
        all.forEach(field -> byName.put(field.column().name(), field));
        List<Field> chosen = new ArrayList<>();
        for (String column : columns) {
            Field field = byName.get(column);
            if (field == null) {
                throw new FailureException(SqlFailures.source(
                        Layer.READ,
                        "column_missing",
                        "The model " + schema + "." + name + " has no column " + column + ".",
                        false));
            }
            chosen.add(field);
        }
        return chosen;
    }
}
