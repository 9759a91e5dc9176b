package dev.serai.types;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import dev.serai.testing.DeltaReader;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** A database with tables of all types, a connector to it, and the datasets after one sync of all of them. */
final class TypeWorld {
    private static final RunningSerai SERAI = RunningSerai.shared();

    private final String project;
    private final HttpCaller admin;
    private final Source source;
    private final Map<String, String> datasets = new HashMap<>();
    private @Nullable String connector;
    private @Nullable JsonNode run;

    TypeWorld(String project, Source source) {
        this.project = project;
        this.source = source;
        this.admin = SERAI.as("admin", project);
    }

    static TypeWorld of(String project, Postgres.Database database) {
        return new TypeWorld(
                project,
                new Source(
                        "postgresql",
                        "public",
                        Map.of(
                                "host", database.host(),
                                "port", database.port(),
                                "database", database.name(),
                                "username", database.username(),
                                "password", database.password()),
                        database::execute,
                        database::executeAsSuperuser));
    }

    static TypeWorld of(String project, MariaDb.Database database) {
        return of(project, "mariadb", database);
    }

    /** @param type of the connector */
    static TypeWorld of(String project, String type, MariaDb.Database database) {
        return new TypeWorld(
                project,
                new Source(
                        type,
                        database.name(),
                        Map.of(
                                "host", database.host(),
                                "port", database.port(),
                                "database", database.name(),
                                "username", database.username(),
                                "password", database.password()),
                        database::execute,
                        database::executeAsAdmin));
    }

    /**
     * Where the tables are.
     *
     * @param type of the connector
     * @param schema of the tables
     */
    record Source(String type, String schema, Map<String, Object> config, Run owner, Run superuser) {}

    /** Runs statements. */
    interface Run {
        void execute(String... statements);
    }

    /** The name of a table's model. */
    String model(TypeFamily family) {
        return source.schema() + "." + family.name();
    }

    /** The name of a family's column in its table. */
    static String column(int index) {
        return "v" + index;
    }

    /** One table with a column for each type, as many rows as the longest list of values, and one of NULLs alone. */
    void make(TypeFamily family) {
        family.types().forEach(type -> source.superuser().execute(type.needs().toArray(String[]::new)));
        List<String> columns = new ArrayList<>(List.of("n int"));
        int rows = 0;
        for (int i = 0; i < family.types().size(); i++) {
            columns.add(column(i) + " " + family.types().get(i).sql());
            rows = Math.max(rows, family.types().get(i).values().size());
        }
        source.owner().execute("CREATE TABLE " + family.name() + " (" + String.join(", ", columns) + ")");
        for (int row = 0; row <= rows; row++) {
            int at = row;
            List<String> values = family.types().stream()
                    .map(type ->
                            at < type.values().size() ? type.values().get(at).sql() : "NULL")
                    .toList();
            source.owner()
                    .execute("INSERT INTO " + family.name() + " VALUES (" + row + ", " + String.join(", ", values)
                            + ")");
        }
    }

    /** Syncs these tables into datasets of their names. */
    JsonNode sync(Map<String, String> datasetByModel) {
        JsonNode made = admin.post(
                        "/api/connectors",
                        Map.of(
                                "name",
                                "types",
                                "type",
                                source.type(),
                                "output_schemas",
                                List.of(source.schema()),
                                "config",
                                source.config()))
                .expect(201);
        connector = "/api/connectors/" + made.path("id").asText();
        datasetByModel.forEach((model, name) -> datasets.put(
                name,
                admin.post(
                                "/api/datasets",
                                Map.of("connector_id", made.path("id").asText(), "model", model, "name", name))
                        .expect(201)
                        .path("id")
                        .asText()));
        String id =
                admin.post(connector + "/sync", null).expect(202).path("run_id").asText();
        JsonNode ended = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> admin.get("/api/runs/" + id).expect(200), now -> !List.of("queued", "running")
                        .contains(now.path("status").asText()));
        assertThat(ended.path("status").asText()).as(ended.toPrettyString()).isEqualTo("succeeded");
        run = ended;
        return ended;
    }

    /** How many values of which column became NULL, by code. */
    Map<String, Long> warnings(String dataset, String column) {
        Map<String, Long> counts = new TreeMap<>();
        items(run, "datasets")
                .filter(one -> one.path("name").asText().equals(dataset))
                .flatMap(one -> items(one, "warnings"))
                .filter(warning -> warning.path("column").asText().equals(column))
                .forEach(warning -> counts.put(
                        warning.path("code").asText(), warning.path("count").asLong()));
        return counts;
    }

    /** The codes of warnings that are about no column. */
    List<String> notes(String dataset) {
        return items(run, "datasets")
                .filter(one -> one.path("name").asText().equals(dataset))
                .flatMap(one -> items(one, "warnings"))
                .filter(warning -> !warning.hasNonNull("column"))
                .map(warning -> warning.path("code").asText())
                .toList();
    }

    JsonNode model(String name) {
        return admin.get(connector + "/models/" + name).expect(200);
    }

    JsonNode preview(String name) {
        return admin.get(connector + "/models/" + name + "/preview?limit=50").expect(200);
    }

    /** In the source's own SQL. */
    JsonNode asked(String sql) {
        return admin.post(connector + "/query", Map.of("sql", sql)).expect(200);
    }

    /** In DuckDB's SQL over the datasets. */
    JsonNode queried(String sql) {
        return admin.post("/api/query", Map.of("sql", sql)).expect(200);
    }

    JsonNode dataset(String name) {
        return admin.get("/api/datasets/" + datasets.get(name)).expect(200);
    }

    /** As Delta Kernel's own engine reads them; in no order. */
    List<List<@Nullable Object>> delta(String name) {
        Path folder = SERAI.folder().resolve("data/lake").resolve(project).resolve(String.valueOf(datasets.get(name)));
        try {
            return DeltaReader.rows(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One column of an answer of rows, each value as its text. */
    static List<@Nullable String> values(JsonNode answer, int column) {
        return items(answer, "rows")
                .map(row -> row.path(column).isNull() ? null : row.path(column).asText())
                .toList();
    }

    static List<String> texts(JsonNode answer, String list, String field) {
        return items(answer, list).map(item -> item.path(field).asText()).toList();
    }

    private static java.util.stream.Stream<JsonNode> items(@Nullable JsonNode node, String list) {
        assertThat(node).isNotNull();
        JsonNode found = node.path(list);
        return IntStream.range(0, found.size()).mapToObj(found::get);
    }
}
