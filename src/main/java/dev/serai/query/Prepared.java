package dev.serai.query;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** A computation that has its DuckDB. */
record Prepared(Computation computation, Sandbox sandbox, BufferAllocator memory) {

    /** Gives the computation a DuckDB and Arrow memory, which it then holds. */
    static Prepared of(Computation computation, Path place, BufferAllocator memory, Opening opening) {
        return computation.use(() -> {
            BufferAllocator own = computation.hold(memory.newChildAllocator("query", 0, Long.MAX_VALUE));
            Sandbox sandbox = computation.hold(opening.open(place));
            computation.onStop(sandbox::interrupt);
            return new Prepared(computation, sandbox, own);
        });
    }

    /** Runs a SELECT whose columns are known and answers with its rows. */
    ResultStream answer(Statement statement, Answer answer) {
        ComputedStream stream = computation.use(() -> {
            Utf8Buffer out = new Utf8Buffer();
            var batches = computation.start(() -> statement.prepare(sandbox), statement.repeatable(), memory);
            Encoder encoder = Encoder.of(
                    answer.format(),
                    answer.columns(),
                    batches.getVectorSchemaRoot(),
                    batches,
                    answer.nextCursor(),
                    out);
            return new ComputedStream(computation, batches, encoder, out, answer);
        });
        return stream.begin();
    }

    /** Opens a DuckDB that may use a folder. */
    interface Opening {
        Sandbox open(Path place) throws SQLException, IOException;
    }

    /**
     * SQL with the values of its parameters.
     *
     * @param repeatable whether it can be run again
     */
    record Statement(String sql, Binder binder, boolean repeatable) {
        Statement(String sql) {
            this(sql, prepared -> {}, true);
        }

        PreparedStatement prepare(Sandbox sandbox) throws SQLException {
            PreparedStatement prepared = sandbox.connection().prepareStatement(sql);
            binder.bind(prepared);
            return prepared;
        }
    }

    /** Sets parameters. */
    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** How an answer looks. */
    record Answer(List<ResultColumn> columns, ResultFormat format, long limit, @Nullable String nextCursor) {}
}
