package dev.serai.rows.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.JsonColumns;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.SqlText;
import dev.serai.rows.TextColumns;
import dev.serai.rows.TextSource;

/** Which SQL reads a file, by its layout? */
final class FileOpening {
    /** DuckDB may give the line end before it, too. */
    private static final String PLAIN = "ltrim(csv_line, chr(10) || chr(13))";

    private final Connection duckdb;
    private final FileSource source;
    private final Path staging;

    FileOpening(Connection duckdb, FileSource source, Path staging) {
        this.duckdb = duckdb;
        this.source = source;
        this.staging = staging;
    }

    Opened open() throws SQLException {
        try {
            FileLayout layout = source.layout();
            if (layout instanceof FileLayout.Numbered numbered) {
                return numbered(numbered);
            }
            if (layout instanceof FileLayout.Objects objects) {
                return source.table().isEmpty() ? objects(objects) : fitting(objects);
            }
            return separated((FileLayout.Separated) layout);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Opened separated(FileLayout.Separated layout) throws SQLException, IOException {
        FoundDialect dialect = FoundDialect.find(duckdb, source.file(), layout.dialect());
        List<String> names = dialect.names();
        if (names.isEmpty()) {
            return new Opened(List.of(), Opened.NOTHING, null, dialect.words(), dialect);
        }
        ValueForm form = new ValueForm(layout.dialect().comma());
        List<Column> said = layout.columns();
        if (!said.isEmpty() && said.size() != names.size()) {
            throw new FailureException(Failure.Invalid.of(
                    "/columns", "must be " + names.size() + ", as many as the file has, and not " + said.size()));
        }
        List<Column> columns = said.isEmpty()
                ? new FileColumns(duckdb, dialect.rows(false), names, source.exact(), form).find(source.table())
                : FileColumns.into(source.table(), said);
        if (!said.isEmpty() || source.exact() && !source.table().isEmpty()) {
            FoundDialect numbered = dialect.numbered(staging.resolve("numbered.text"));
            List<Column> text = names.stream()
                    .map(name -> Column.of(name, LogicalType.of(Kind.VARCHAR)))
                    .toList();
            FittingRows rows = new FittingRows(numbered.rows(true), numbered.rows(false), names, text, columns, form);
            String broken = FoundDialect.rejected(
                    "CAST(regexp_extract(any_value(" + PLAIN + "), '^[0-9]+') AS BIGINT)",
                    "regexp_replace(any_value(" + PLAIN + "), '^[0-9]+.', '', 's')",
                    "");
            String rejected = "(FROM " + rows.bad() + " UNION ALL FROM " + broken + ")";
            return new Opened(columns, rows.good(), () -> rejected, dialect.words(), dialect);
        }
        String values = IntStream.range(0, names.size())
                .mapToObj(i -> form.checked(
                                SqlText.identifier(names.get(i)), columns.get(i).type())
                        + " AS " + SqlText.identifier(columns.get(i).name()))
                .collect(Collectors.joining(", "));
        return new Opened(
                columns,
                "(SELECT " + values + " FROM " + dialect.rows(true) + ")",
                () -> FoundDialect.rejected(
                        "any_value(numbers.line)",
                        "any_value(" + PLAIN + ")",
                        " JOIN " + LineNumbers.of(duckdb, source.file(), staging.resolve("numbers.text"))
                                + " AS numbers ON numbers.place = line_byte_position"),
                dialect.words(),
                dialect);
    }

    private Opened numbered(FileLayout.Numbered layout) {
        if (layout.columns().isEmpty()) {
            return new Opened(List.of(), Opened.NOTHING, null, layout.words(), null);
        }
        List<Column> given = layout.columns();
        List<Column> wanted = FileColumns.into(source.table(), given);
        // Names of their own: those of the file may be anything, and the same twice.
        List<String> names =
                IntStream.range(0, given.size()).mapToObj(i -> "c" + i).toList();
        List<String> all = new ArrayList<>(List.of(FittingRows.LINE));
        all.addAll(names);
        String own = FoundDialect.ownRows(source.file(), all);
        FittingRows rows = new FittingRows(own, own, names, given, wanted, ValueForm.POINT);
        return new Opened(wanted, rows.good(), rows.all() ? null : rows::bad, layout.words(), null);
    }

    private Opened fitting(FileLayout.Objects layout) throws SQLException, IOException {
        FileSource fitting = new FittingObjects(source.table()).of(source, layout, staging);
        return new FileOpening(duckdb, fitting, staging).objects((FileLayout.Objects) fitting.layout());
    }

    private Opened objects(FileLayout.Objects layout) throws SQLException, IOException {
        String rejected = Files.size(layout.rejected()) == 0
                ? Opened.NONE
                : "(SELECT line, \"column\", reason, raw FROM read_json("
                        + SqlText.literal(layout.rejected().toString())
                        + ", format='newline_delimited', columns={line: 'BIGINT', \"column\": 'VARCHAR',"
                        + " reason: 'VARCHAR', raw: 'VARCHAR'}, maximum_object_size=" + (64 << 20) + "))";
        TextColumns found = Files.size(source.file()) == 0
                ? new TextColumns(List.of(), Opened.NOTHING)
                : new JsonColumns(duckdb, TextSource.Format.NDJSON, source.file()).find(source.table());
        if (found.columns().isEmpty()) {
            return new Opened(List.of(), Opened.NOTHING, () -> rejected, layout.words(), null);
        }
        List<Column> wanted = new ArrayList<>();
        List<Column> table = FileColumns.into(source.table(), found.columns());
        for (int i = 0; i < table.size(); i++) {
            Column its = table.get(i);
            Column own = found.columns().get(i);
            boolean widens = its.type().kind() == Kind.VARCHAR
                    || its.type().kind() == Kind.DOUBLE && own.type().kind() == Kind.BIGINT;
            wanted.add(widens ? its : Column.of(its.name(), own.type()));
        }
        String values = IntStream.range(0, wanted.size())
                .mapToObj(
                        i -> "CAST(" + SqlText.identifier(found.columns().get(i).name()) + " AS "
                                + wanted.get(i).type().duckdb() + ") AS "
                                + SqlText.identifier(wanted.get(i).name()))
                .collect(Collectors.joining(", "));
        return new Opened(
                wanted,
                "(SELECT " + values + " FROM " + found.relation() + ")",
                () -> rejected,
                layout.words(),
                null,
                found.warnings());
    }
}
