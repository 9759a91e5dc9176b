package dev.serai.query;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.query.Prepared.Answer;
import dev.serai.query.Prepared.Statement;

/** One user's statement over the tables it names. */
record DatasetQuery(SqlReader reader, ParsedSql parsed, List<NamedTable> tables, Wire.Ask request) {
    private static final Logger LOG = LoggerFactory.getLogger(DatasetQuery.class);

    /** @param place a folder that is this query's alone */
    ResultStream start(Sandbox.Limits limits, Path place, BufferAllocator memory) {
        SqlPositions positions = new SqlPositions(parsed.text(), 0);
        Set<Path> files = tables.stream()
                .flatMap(table -> table.files().stream())
                .map(Path::of)
                .collect(Collectors.toSet());
        Prepared prepared = Prepared.of(
                new Computation(error -> DuckDbFailures.of(error, positions, limits)),
                place,
                memory,
                folder -> Sandbox.locked(limits, folder, files));
        List<ResultColumn> columns = prepared.computation().use(() -> columns(prepared.sandbox()));
        String sql =
                prepared.computation().use(() -> Plans.limited(inner(), columns, request.format(), request.limit()));
        return prepared.answer(
                new Statement(sql, statement -> Parameters.bind(statement, request.params()), true),
                new Answer(columns, request.format(), request.limit(), null));
    }

    /** Lets DuckDB check the user's own text, so that what is wrong with it points into it. */
    private List<ResultColumn> columns(Sandbox sandbox) throws SQLException, IOException {
        for (NamedTable table : tables) {
            define(sandbox, table);
        }
        try (PreparedStatement statement = sandbox.connection().prepareStatement(parsed.text())) {
            List<ResultColumn> columns = Plans.columns(statement);
            if (parsed.parameters() == 0 || columns.stream().noneMatch(ResultColumn::unknown)) {
                return columns;
            }
        }
        // A type may depend on a parameter's value; then only an execution tells it.
        try (PreparedStatement statement =
                sandbox.connection().prepareStatement("SELECT * FROM (" + inner() + "\n) LIMIT 0")) {
            Parameters.bind(statement, request.params());
            try (ResultSet none = statement.executeQuery()) {
                return Plans.columns(none.getMetaData());
            }
        }
    }

    private static void define(Sandbox sandbox, NamedTable table) {
        try {
            sandbox.define(table.path(), table.select());
        } catch (SQLException e) {
            LOG.error("The files of a table cannot be read: {}", table.path(), e);
            throw new FailureException(
                    new Failure.Internal("The rows of a dataset cannot be read. The log has the cause."), e);
        }
    }

    /** The text as it stands if it can stand in brackets, else as DuckDB writes it. */
    private String inner() throws SQLException, IOException {
        String text = parsed.text().strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return reader.isOneStatement("SELECT * FROM (" + text + "\n)") ? text : stripped(reader.print(parsed));
    }

    private static String stripped(String printed) {
        return printed.endsWith(";") ? printed.substring(0, printed.length() - 1) : printed;
    }
}
