package dev.serai.connector.sql.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.ConnectionPool;
import dev.serai.connector.sql.DescribedCatalog;
import dev.serai.connector.sql.ReadWindow;
import dev.serai.connector.sql.SqlFailures;
import dev.serai.connector.sql.postgres.PostgresCatalog.Field;
import dev.serai.connector.sql.postgres.PostgresWindow.Bounds;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource;
import dev.serai.rows.RowNote;
import dev.serai.rows.RowSource;

/**
 * What is to be read in bulk: a model or a query, as COPY or a binary cursor sends it.
 *
 * @param schema with {@code name} the model; null for a query
 * @param columns in this order; empty for all
 * @param filter an SQL condition
 * @param window which part of the rows; null for all
 * @param parallelism over how many connections at most
 */
record PostgresRead(
        @Nullable String schema,
        @Nullable String name,
        @Nullable String query,
        List<String> columns,
        @Nullable String filter,
        long limit,
        @Nullable ReadWindow window,
        int parallelism) {

    /**
     * What is run and what it sends.
     *
     * @param name tells what is read from all else of this source
     * @param copy as the server takes it
     * @param cursor as the driver takes it
     * @param copyMeaning what an error in COPY means
     * @param cursorMeaning what an error in the cursor means
     * @param position as {@link dev.serai.rows.BatchSource#position()}
     * @param split how to read it in parts, or why not
     */
    record Plan(
            String name,
            String copy,
            String cursor,
            List<Field> fields,
            long estimate,
            Function<SQLException, Failure> copyMeaning,
            Function<SQLException, Failure> cursorMeaning,
            @Nullable String position,
            Split split) {}

    /**
     * How a model is read in parts.
     *
     * @param relation quoted
     * @param whyNot why not; empty where it may be
     */
    record Split(String schema, String name, String relation, String select, List<String> conditions, String whyNot) {
        static Split not(String why) {
            return new Split("", "", "", "", List.of(), why);
        }

        Split unconditional() {
            return new Split(schema, name, relation, select, List.of(), whyNot);
        }

        /** @param from what stands behind FROM */
        String copy(String from, String within) {
            return "COPY (" + select + " FROM " + from + " WHERE "
                    + Stream.concat(conditions.stream(), Stream.of(within)).collect(Collectors.joining(" AND "))
                    + ") TO STDOUT (FORMAT binary)";
        }
    }

    /** Opens the read: what it will see and of which form its rows are is fixed; they come when asked for. */
    RowSource open(ConnectionPool.Lease lease, CopyRefusals refusals) throws SQLException {
        Plan plan = plan(lease);
        if (parallelism == 1) {
            return whole(lease, plan, refusals, List.of());
        }
        SplitRead splitting = new SplitRead(lease, plan, parallelism, refusals);
        ParallelReading parallel = splitting.open();
        if (parallel != null) {
            return source(plan, parallel.parts(), parallel::stop);
        }
        if (splitting.isSpoilt()) {
            lease.beginAgain();
            plan = plan(lease);
        }
        return whole(lease, plan, refusals, splitting.notes());
    }

    private static RowSource whole(ConnectionPool.Lease lease, Plan plan, CopyRefusals refusals, List<RowNote> notes) {
        BulkReading reading = new BulkReading(lease, plan, refusals, notes);
        return source(plan, List.of(reading), reading::stop);
    }

    private static RowSource source(Plan plan, List<? extends PgCopySource.Partition> partitions, Runnable onClose) {
        List<PgCopySource.Field> fields = plan.fields().stream()
                .map(field ->
                        new PgCopySource.Field(field.column(), field.form().wire()))
                .toList();
        return new PgCopySource(fields, plan.estimate(), List.copyOf(partitions), onClose, plan.position());
    }

    Plan plan(ConnectionPool.Lease lease) throws SQLException {
        return query == null ? ofModel(lease) : ofQuery(lease, query);
    }

    private Plan ofQuery(ConnectionPool.Lease lease, String text) throws SQLException {
        PostgresStatement statement = PostgresStatement.parse(text, "/query");
        if (!statement.isRelation()) {
            throw PostgresStatement.notReadOnly("/query");
        }
        if (!statement.parameters().isEmpty()) {
            throw new FailureException(Failure.Invalid.of("/query", "must have no parameters, being a dataset's"));
        }
        PostgresQuestion asked = TruncatedTables.seen(
                lease, () -> PostgresQuestion.described(lease, statement, "/query", List.of(), limit));
        Bounds bounds = asked.bounds(lease, window);
        PostgresQuestion question = asked.copied(bounds.condition());
        PostgresQuestion declared = asked.declared(bounds.condition());
        return new Plan(
                text,
                question.sql(),
                declared.sql(),
                question.fields(),
                limit == Long.MAX_VALUE || bounds.condition() != null ? -1 : limit,
                question::failure,
                declared::failure,
                bounds.position(),
                Split.not("a query has no blocks of its own"));
    }

    private Plan ofModel(ConnectionPool.Lease lease) throws SQLException {
        String relation = quote(String.valueOf(schema)) + "." + quote(String.valueOf(name));
        DescribedCatalog.Description<Field> description = TruncatedTables.held(lease, relation, () -> described(lease));
        List<Field> fields = chosen(description.fields());
        String select = fields.stream()
                .map(field -> field.form().copied(quote(field.column().name())))
                .collect(Collectors.joining(", ", "SELECT ", ""));
        String from = " FROM " + relation;
        List<String> conditions = new ArrayList<>();
        if (filter != null) {
            PostgresFilter condition = new PostgresFilter(filter);
            from += " WHERE " + condition.sql();
            conditions.add(condition.sql());
            condition.check(lease, PostgresScan.of(select + from).jdbc());
        }
        Bounds bounds = bounds(lease, description.fields(), from);
        if (bounds.condition() != null) {
            from += (filter == null ? " WHERE " : " AND ") + "(" + bounds.condition() + ")";
            conditions.add("(" + bounds.condition() + ")");
        }
        String all = select + from + (limit == Long.MAX_VALUE ? "" : " LIMIT " + limit);
        boolean whole = filter == null && bounds.condition() == null;
        return new Plan(
                schema + "." + name,
                "COPY (" + all + ") TO STDOUT (FORMAT binary)",
                CursorRows.DECLARE + PostgresScan.of(all).jdbc(),
                fields,
                whole ? Math.min(description.rowEstimate(), limit) : -1,
                PostgresFailures::of,
                PostgresFailures::of,
                bounds.position(),
                split(bounds, relation, select, conditions));
    }

    private Split split(Bounds bounds, String relation, String select, List<String> conditions) {
        if (limit != Long.MAX_VALUE) {
            return Split.not("only some of its rows are wanted");
        }
        if (window != null && window.from() != null && bounds.condition() != null) {
            return Split.not("only what is new is read, which an index may find better");
        }
        return new Split(String.valueOf(schema), String.valueOf(name), relation, select, conditions, "");
    }

    private DescribedCatalog.Description<Field> described(ConnectionPool.Lease lease) throws SQLException {
        return new PostgresCatalog(lease)
                .describe(String.valueOf(schema), String.valueOf(name))
                .orElseThrow(() -> new FailureException(SqlFailures.source(
                        Layer.READ,
                        "model_missing",
                        "There is no model " + schema + "." + name + " that the user may read.",
                        false)));
    }

    private Bounds bounds(ConnectionPool.Lease lease, List<Field> all, String from) throws SQLException {
        if (window == null) {
            return Bounds.NONE;
        }
        if (window.column().equals(TransactionWindow.COLUMN)) {
            return TransactionWindow.of(lease, String.valueOf(schema), String.valueOf(name))
                    .bounds(window);
        }
        Field field = all.stream()
                .filter(one -> one.column().name().equals(window.column()))
                .findFirst()
                .orElseThrow(() -> PostgresWindow.noColumn(window));
        String column = quote(window.column());
        return new PostgresWindow(lease, window, field, column)
                .bounds(PostgresScan.of("SELECT " + column + " AS w" + from).jdbc());
    }

    private List<Field> chosen(List<Field> all) {
        if (all.isEmpty()) {
            throw new FailureException(SqlFailures.source(
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
                        throw new FailureException(SqlFailures.source(
                                Layer.READ,
                                "column_missing",
                                "The model " + schema + "." + name + " has no column " + column + ".",
                                false));
                    }
                    return field;
                })
                .toList();
    }

    static String quote(String identifier) {
        return PostgresVendor.DESCRIPTION.quoted(identifier);
    }
}
