package dev.serai.query;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.lake.TableSnapshot;
import dev.serai.rows.RowSource;
import dev.serai.settings.SeraiSettings;

/**
 * Runs read-only SQL over datasets in a DuckDB of its own that may open exactly the files of the tables it names, and
 * encodes results. Answers are streams that pull rows as they are read: the first rows come while the rest is computed,
 * a failure midway is an {@link java.io.IOException} from {@code read}, and closing cancels.
 */
@Component
public class QueryEngine implements AutoCloseable {
    private final SqlReader reader = new SqlReader();
    private final Computations computations;

    public QueryEngine(SeraiSettings settings) {
        this.computations = new Computations(settings);
    }

    /**
     * A query over datasets.
     *
     * @param params for {@code ?} or {@code $1}: strings, numbers, booleans, null
     * @param limit rows at most; the JSON answer then says {@code truncated: true}
     */
    public record Request(String sql, List<JsonNode> params, long limit, ResultFormat format) {
        public Request {
            params = List.copyOf(params);
            if (limit < 1) {
                throw new IllegalArgumentException("A query gives at least one row");
            }
        }
    }

    public ResultStream query(Request request, Relations relations) {
        ParsedSql parsed = reader.read(request.sql());
        Parameters.check(parsed, request.params());
        List<NamedTable> tables = NamedTable.resolve(parsed, relations);
        return new DatasetQuery(reader, parsed, tables, request).start(computations);
    }

    /** The version of the table that a cursor of {@link #rows} belongs to. */
    public long version(String cursor) {
        return RowCursor.read(cursor).version();
    }

    /**
     * A page of a table's rows, in the order in which they lie in its files.
     *
     * @param snapshot the version to read; with a cursor the one that {@link #version} tells
     * @param columns to give, in this order; empty: all
     * @param cursor from the page before, or null
     */
    public ResultStream rows(
            TableSnapshot snapshot, List<String> columns, int limit, @Nullable String cursor, ResultFormat format) {
        return RowPage.of(snapshot, columns, limit, cursor).start(computations, format);
    }

    /** The rows of a source as they come, for a connector's own query or preview. Closes the source. */
    public ResultStream encode(RowSource rows, long limit, ResultFormat format) {
        return new SourceAnswer(rows, limit, format).start(computations);
    }

    @Override
    public void close() throws java.sql.SQLException {
        computations.close();
        reader.close();
    }
}
