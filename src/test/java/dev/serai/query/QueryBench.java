package dev.serai.query;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serai.lake.TableId;
import dev.serai.lake.TableSnapshot;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.testing.Settings;

/** Tables of real Parquet files that DuckDB writes, and an engine to query them. */
final class QueryBench implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** The most rows that can be asked for. */
    static final long ALL = 100_000_000;

    final Path folder;
    final QueryEngine engine;
    private final Map<String, TableSnapshot> tables = new HashMap<>();

    QueryBench(Path folder, String... settings) {
        this.folder = folder;
        Map<String, String> properties = new HashMap<>(Map.of("serai.data-dir", folder.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        this.engine = new QueryEngine(Settings.of(properties));
    }

    /** Makes a table of one file for each SELECT. */
    TableSnapshot table(String name, String... selects) {
        List<TableSnapshot.DataFile> files = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        long rows = 0;
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            for (String select : selects) {
                Path file = folder.resolve(name + "-" + files.size() + ".parquet");
                statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
                try (ResultSet count = statement.executeQuery("SELECT count(*) FROM '" + file + "'")) {
                    count.next();
                    rows += count.getLong(1);
                    files.add(new TableSnapshot.DataFile(file, count.getLong(1), Files.size(file)));
                }
            }
            try (ResultSet shape = statement.executeQuery(selects[0])) {
                for (int i = 1; i <= shape.getMetaData().getColumnCount(); i++) {
                    columns.add(Column.of(
                            shape.getMetaData().getColumnName(i),
                            type(shape.getMetaData().getColumnTypeName(i))));
                }
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        TableSnapshot snapshot = new TableSnapshot(
                new TableId("default", "dat_" + name),
                1,
                Instant.EPOCH,
                columns,
                files,
                rows,
                0,
                null,
                null,
                null,
                QueryBench::scan);
        tables.put(name.toLowerCase(Locale.ROOT), snapshot);
        return snapshot;
    }

    private static String scan(List<TableSnapshot.DataFile> files) {
        List<String> paths = files.stream().map(file -> "'" + file.path() + "'").toList();
        return "SELECT * FROM read_parquet([" + String.join(", ", paths) + "])";
    }

    private static LogicalType type(String duckdb) {
        return Arrays.stream(LogicalType.Kind.values())
                .filter(kind -> kind != LogicalType.Kind.DECIMAL && kind.name().equals(duckdb))
                .findFirst()
                .map(LogicalType::of)
                .orElse(LogicalType.of(LogicalType.Kind.VARCHAR));
    }

    Relations relations() {
        return name -> Optional.ofNullable(tables.get(name.toLowerCase(Locale.ROOT)));
    }

    ResultStream open(String sql, ResultFormat format, long limit, Object... params) {
        List<JsonNode> values =
                Arrays.stream(params).<JsonNode>map(JSON::valueToTree).toList();
        return engine.query(
                new QueryEngine.Request(sql, values, limit, format), relations(), "somebody", Asker.PATIENT);
    }

    String text(String sql, ResultFormat format, Object... params) {
        return text(open(sql, format, 1000, params));
    }

    static String text(ResultStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode json(String sql, Object... params) {
        return json(open(sql, ResultFormat.JSON, 1000, params));
    }

    static JsonNode json(ResultStream stream) {
        try {
            return JSON.readTree(text(stream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows alone, as JSON text. */
    String rows(String sql, Object... params) {
        return json(sql, params).get("rows").toString();
    }

    static long drain(InputStream stream) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            total += count;
        }
        return total;
    }

    @Override
    public void close() {
        engine.close();
    }
}
