package dev.serai.api.fuzz;

import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

/**
 * What the requests are about: a project that they work in and another one, each with a connector to a real database, a
 * synced dataset and somebody of each role. What a case makes is removed after it.
 */
final class World {
    static final List<String> CALLERS =
            List.of("admin", "member", "viewer", "none", "forged", "revoked", "stranger", "owner");
    private static final Pattern PLACEHOLDER = Pattern.compile("@\\{([a-z.]+)}");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** In the names of all that the other project has: no answer to this one may show it. */
    static final String FOREIGN = "quetzal";

    private final RunningSerai serai;
    private final String project;
    private final Postgres.Database database = Postgres.database();
    private final Postgres.Database foreignDatabase = Postgres.database();
    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, String> known = new HashMap<>();
    private final Map<String, HttpCaller> made = new LinkedHashMap<>();
    private final Map<String, HttpCaller> runs = new LinkedHashMap<>();
    private final HttpCaller admin;
    private final HttpCaller stranger;

    World(RunningSerai serai, String project) {
        this.serai = serai;
        this.project = project;
        String foreignProject = FOREIGN + "-" + project;
        this.admin = serai.as("admin", project);
        this.stranger = serai.as("admin", foreignProject);
        for (String role : List.of("admin", "member", "viewer")) {
            tokens.put(role, serai.token(role, project));
        }
        tokens.put("owner", serai.token("admin", "default"));
        tokens.put("stranger", serai.token("admin", foreignProject));
        tokens.put(
                "forged", tokens.get("admin").substring(0, tokens.get("admin").length() - 9) + "AAAAAAAAA");
        String revoked = serai.token("admin", project);
        tokens.put("revoked", revoked);
        fill("", admin, database, "own", "items");
        // What requests name is kept and read out again, there or not; so the mark is in nothing that they name.
        fill("foreign.", stranger, foreignDatabase, FOREIGN, "their_items");
        JsonNode list = admin.get("/api/auth/tokens").expect(200).path("items");
        admin.delete("/api/auth/tokens/" + list.path(0).path("id").asText()).expect(204);
        known.put("project", project);
        known.put(
                "cursor",
                admin.get("/api/auth/tokens?limit=1")
                        .expect(200)
                        .path("next_cursor")
                        .asText("none"));
        known.put("password.admin", RunningSerai.ADMIN_PASSWORD);
    }

    private void fill(String prefix, HttpCaller who, Postgres.Database source, String mark, String table) {
        source.execute(
                "CREATE TABLE " + table
                        + " (id bigint PRIMARY KEY, name text, price numeric(10,2), big numeric, at timestamptz, tags text[], doc jsonb)",
                "INSERT INTO " + table
                        + " SELECT i, '" + mark + " ' || i, i / 4.0, 'NaN', now(), ARRAY['a', NULL], '{\"a\": [1]}'"
                        + " FROM generate_series(1, 50) i");
        String connector = who.post(
                        "/api/connectors",
                        Map.of("name", mark + " source", "type", "postgresql", "config", config(source)))
                .expect(201)
                .path("id")
                .asText();
        known.put(prefix + "connector", connector);
        known.put(prefix + "table", "public." + table);
        known.put(prefix + "dataset", dataset(who, connector, table));
        known.put(prefix + "datasetname", table);
        String run = who.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        known.put(prefix + "run", run);
        ended(who, run);
        known.put(
                prefix + "token",
                who.get("/api/auth/tokens")
                        .expect(200)
                        .path("items")
                        .path(0)
                        .path("id")
                        .asText("none"));
        known.put(
                prefix + "model",
                who.get("/api/connectors/" + connector + "/models")
                        .expect(200)
                        .path("items")
                        .path(0)
                        .path("id")
                        .asText());
    }

    private static String dataset(HttpCaller who, String connector, String table) {
        return who.post("/api/datasets", Map.of("connector_id", connector, "model", "public." + table, "name", table))
                .expect(201)
                .path("id")
                .asText();
    }

    private static void ended(HttpCaller who, String run) {
        Awaitility.await()
                .dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !List.of("queued", "running")
                        .contains(who.get("/api/runs/" + run)
                                .expect(200)
                                .path("status")
                                .asText()));
    }

    URI address() {
        return serai.address();
    }

    RunningSerai serai() {
        return serai;
    }

    HttpCaller admin() {
        return admin;
    }

    HttpCaller stranger() {
        return stranger;
    }

    /** What was there from the start still does what it is for. */
    void works() {
        admin.get("/api/connectors/" + known.get("connector") + "/models?refresh=true")
                .expect(200);
        String run = admin.post("/api/datasets/" + known.get("dataset") + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
        ended(admin, run);
        JsonNode answer = admin.post("/api/query", Map.of("sql", "SELECT count(*) FROM " + known.get("datasetname")))
                .expect(200);
        if (answer.at("/rows/0/0").asInt() != 50) {
            throw new AssertionError("The dataset has other rows: " + answer);
        }
    }

    /** How many connections the source has. */
    int connections() {
        try (Connection connection = database.connectAsSuperuser();
                PreparedStatement count =
                        connection.prepareStatement("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = ?")) {
            count.setString(1, database.name());
            try (ResultSet result = count.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What no answer may ever show. */
    List<String> secrets() {
        List<String> secrets =
                new ArrayList<>(List.of(database.password(), foreignDatabase.password(), RunningSerai.ADMIN_PASSWORD));
        secrets.addAll(tokens.values());
        return secrets;
    }

    private static Map<String, Object> config(Postgres.Database source) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("host", source.host());
        config.put("port", source.port());
        config.put("database", source.name());
        config.put("username", source.username());
        config.put("password", source.password());
        return config;
    }

    Map<String, Object> config() {
        return config(database);
    }

    /** The token of a caller; empty for none. The owner is an admin of the whole installation. */
    String token(String caller) {
        return tokens.getOrDefault(caller, "");
    }

    /** The draft with what its placeholders stand for. */
    Draft resolved(Draft draft) {
        boolean changes = List.of("DELETE", "PATCH", "PUT").contains(draft.method());
        Draft spared = !changes
                ? draft
                : draft.withTarget(
                        draft.target().replace("@{connector}", "@{spare}").replace("@{dataset}", "@{spareset}"));
        Draft filled = spared.mapped(text -> PLACEHOLDER.matcher(text).replaceAll(match -> {
            String value = value(match.group(1));
            return Matcher.quoteReplacement(value == null ? match.group() : value);
        }));
        String token = token(draft.caller());
        return token.isEmpty() || filled.has("Authorization")
                ? filled
                : filled.with("Authorization", "Bearer " + token);
    }

    private String value(String name) {
        return switch (name) {
            case "unique" -> "n" + NUMBER.incrementAndGet();
            case "spare" -> remembered("spare");
            case "spareset" -> remembered("spareset");
            case "sparetoken" -> remembered("sparetoken");
            case "host" -> database.host();
            case "port" -> String.valueOf(database.port());
            case "database" -> database.name();
            case "username" -> database.username();
            case "password" -> database.password();
            default -> known.get(name);
        };
    }

    /** Something that a case may change and delete; it lasts for one case. */
    private synchronized String remembered(String name) {
        String present = known.get(name);
        if (present == null) {
            present = make(name);
            known.put(name, present);
        }
        return present;
    }

    private String make(String name) {
        if (name.equals("spareset")) {
            return admin.post(
                            "/api/datasets",
                            Map.of(
                                    "connector_id",
                                    remembered("spare"),
                                    "model",
                                    "public.items",
                                    "name",
                                    value("unique")))
                    .expect(201)
                    .path("id")
                    .asText();
        }
        if (name.equals("sparetoken")) {
            return admin.post("/api/auth/tokens", Map.of("name", "spare", "roles", List.of("viewer"), "expires_in", 60))
                    .expect(201)
                    .path("id")
                    .asText();
        }
        String id = admin.post(
                        "/api/connectors", Map.of("name", value("unique"), "type", "postgresql", "config", config()))
                .expect(201)
                .path("id")
                .asText();
        made.put("/api/connectors/" + id, admin);
        return id;
    }

    /** Takes note of what an answer says was made: later steps of its case may name it. */
    synchronized void learn(ApiFile.Operation operation, Draft draft, Wire.Answer answer) {
        if (answer.status() != 201 && answer.status() != 202) {
            return;
        }
        JsonNode body = Judge.json(answer);
        HttpCaller who = draft.caller().equals("stranger") ? stranger : admin;
        String location = answer.header("location");
        if (!location.isEmpty() && answer.status() == 201) {
            made.put(location, who);
        }
        switch (operation.id()) {
            case "createConnector" -> note("made.connector", body.path("id"));
            case "bootstrapConnector" -> {
                note("made.connector", body.at("/connector/id"));
                note("made.dataset", body.at("/datasets/0/id"));
            }
            case "createDataset" -> note("made.dataset", body.path("id"));
            case "mintToken" -> note("made.token", body.path("id"));
            case "syncConnector", "syncDataset" -> {
                note("made.run", body.path("run_id"));
                runs.put(body.path("run_id").asText(), who);
            }
            default -> {}
        }
    }

    private void note(String name, JsonNode id) {
        if (id.isTextual()) {
            known.put(name, id.asText());
        }
    }

    /** Removes what a case has made. */
    void tidy() {
        runs.forEach((run, who) -> {
            who.post("/api/runs/" + run + "/cancel", null);
            ended(who, run);
        });
        runs.clear();
        made.forEach((path, who) -> who.delete(path));
        made.clear();
        for (String name : List.of(
                "spare", "spareset", "sparetoken", "made.connector", "made.dataset", "made.token", "made.run")) {
            known.remove(name);
        }
    }
}
