package dev.serai.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Every operation of the OpenAPI file, by each role, from its own and from another project, compared with the file. */
class OperationsTest {
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static final ContractJudge JUDGE = new ContractJudge(SERAI);
    private static final List<String> ROLES = List.of("none", "viewer", "member", "admin");
    private static final ApiWorld HERE = new ApiWorld(SERAI, "operations-here");
    private static final HttpCaller ELSEWHERE = SERAI.as("admin", "operations-elsewhere");
    private static final Map<String, Drive> DRIVES = drives(HERE);

    /** Calls an operation as it is meant to be called; whatever the call needs is made before, by an admin. */
    @FunctionalInterface
    private interface Drive {
        Reply by(HttpCaller caller);
    }

    static Stream<Arguments> operations() {
        return JUDGE.operations().values().stream().map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void answersItsRolesAsDeclaredAndRefusesTheOthers(ContractJudge.Declared operation) {
        Drive drive = DRIVES.get(operation.id());
        assertThat(drive).as("no drive for %s", operation.id()).isNotNull();
        for (String role : ROLES) {
            Reply reply = JUDGE.check(drive.by(role.equals("none") ? SERAI.nobody() : caller(operation, role)));
            if (ROLES.indexOf(role) >= ROLES.indexOf(operation.role())) {
                assertThat(reply.status())
                        .as("%s by %s: %s", operation.id(), role, reply.text())
                        .isIn(operation.success());
            } else {
                reply.problem(role.equals("none") ? 401 : 403);
            }
        }
    }

    /** What concerns all projects is for admins of the installation's own. */
    private static HttpCaller caller(ContractJudge.Declared operation, String role) {
        return List.of("rotate", "backupMetadata").contains(operation.id()) ? SERAI.as(role, "default") : HERE.as(role);
    }

    static Stream<Arguments> operationsOnOne() {
        return JUDGE.operations().values().stream()
                .filter(operation -> operation.path().contains("{id}"))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("operationsOnOne")
    void hidesWhatBelongsToAnotherProject(ContractJudge.Declared operation) {
        assertThat(JUDGE.check(DRIVES.get(operation.id()).by(ELSEWHERE))
                        .problem(404)
                        .path("code")
                        .asText())
                .isEqualTo("not_found");
    }

    @ParameterizedTest
    @MethodSource("operationsOnOne")
    void malformedIdsAreUnknown(ContractJudge.Declared operation) {
        for (String id : List.of("x", "con_", "..", "%27%20or%201=1", "%00", "%F0%9F%92%A9", "a".repeat(2000))) {
            String path = operation.path().replace("{id}", id).replace("{model}", "m");
            Reply reply = DRIVES.get(operation.id()).by(HERE.admin().instead(path));
            assertThat(reply.status())
                    .as("%s with id %s: %s", operation.id(), id, reply.text())
                    .isIn(400, 404);
            assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
        }
    }

    private static Map<String, Drive> drives(ApiWorld world) {
        Map<String, Drive> drives = new HashMap<>();
        access(drives, world);
        connectors(drives, world);
        runs(drives, world);
        datasets(drives, world);
        return drives;
    }

    private static void access(Map<String, Drive> drives, ApiWorld world) {
        Map<String, Object> token = Map.of("name", "robot", "roles", List.of("viewer"), "expires_in", 60);
        drives.put("getOpenapi", who -> who.get("/api/openapi.yaml"));
        drives.put(
                "login",
                who -> who.post(
                        "/api/auth/login", Map.of("username", "admin", "password", RunningSerai.ADMIN_PASSWORD)));
        drives.put("listTokens", who -> who.get("/api/auth/tokens"));
        drives.put("mintToken", who -> who.post("/api/auth/tokens", token));
        drives.put("revokeToken", who -> {
            String id = world.admin()
                    .post("/api/auth/tokens", token)
                    .expect(201)
                    .path("id")
                    .asText();
            return who.delete("/api/auth/tokens/" + id);
        });
        drives.put(
                "listAudit",
                who -> who.get(
                        "/api/audit?action=connector&since=2026-01-01T00:00:00Z&until=2100-01-01T00:00:00Z&limit=5"));
        drives.put("backupMetadata", who -> who.post("/api/admin/backup", null));
        drives.put("rotate", who -> who.post("/api/admin/rotate", null));
        drives.put("listConnectorTypes", who -> who.get("/api/connectors/catalog"));
        drives.put("getConnectorType", who -> who.get("/api/connectors/catalog/postgres"));
        drives.put("listCatalogProblems", who -> who.get("/api/connectors/catalog/problems"));
        drives.put(
                "validateConfig",
                who -> who.put("/api/connectors/catalog/postgresql/validate", Map.of("config", Map.of("port", "x"))));
    }

    private static void connectors(Map<String, Drive> drives, ApiWorld world) {
        String one = "/api/connectors/" + world.connector();
        drives.put("listConnectors", who -> who.get("/api/connectors?enabled=true&search=items"));
        drives.put(
                "createConnector",
                who -> who.post(
                        "/api/connectors",
                        Map.of("name", ApiWorld.unique("C "), "type", "postgres", "config", world.config())));
        drives.put(
                "bootstrapConnector",
                who -> who.post(
                        "/api/connectors/bootstrap",
                        Map.of(
                                "name", ApiWorld.unique("B "),
                                "type", "postgresql",
                                "config", world.config(),
                                "schedule_cron", "0 3 * * 1",
                                "datasets",
                                        List.of(
                                                Map.of("model", "public.items"),
                                                Map.of(
                                                        "model", "public.items",
                                                        "name", ApiWorld.unique("b_"),
                                                        "lookback", "PT1H",
                                                        "schema_policy", "evolve",
                                                        "detect_deletes", "soft",
                                                        "parallelism", 3,
                                                        "columns", List.of("id"),
                                                        "filter", "id > 0",
                                                        "readers", List.of("press")),
                                                Map.of("query", "select 1 as one", "name", ApiWorld.unique("b_"))))));
        drives.put("getConnector", who -> who.get(one));
        drives.put("patchConnector", who -> who.patch(one, Map.of("description", "Changed")));
        drives.put("deleteConnector", who -> who.delete("/api/connectors/" + world.newConnector()));
        drives.put("testConnector", who -> who.post(one + "/test", null));
        drives.put(
                "testUnsavedConnector",
                who -> who.post("/api/connectors/test", Map.of("type", "postgresql", "config", world.config())));
        drives.put("listTestsOfConnector", who -> who.get(one + "/tests"));
        drives.put("listTests", who -> who.get("/api/connector-tests"));
        drives.put("listModels", who -> who.get(one + "/models?refresh=true"));
        drives.put("getModel", who -> who.get(one + "/models/public.items"));
        drives.put("previewModel", who -> who.get(one + "/models/public.items/preview?limit=5"));
        drives.put(
                "queryConnector",
                who -> who.post(
                        one + "/query",
                        Map.of("sql", "SELECT * FROM items WHERE id > $1", "params", List.of(200), "limit", 7)));
    }

    private static String form(String name, String value) {
        return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static void runs(Map<String, Drive> drives, ApiWorld world) {
        String one = "/api/connectors/" + world.connector();
        String files = world.admin()
                .post("/api/connectors", Map.of("name", ApiWorld.unique("Files "), "type", "csv", "config", Map.of()))
                .expect(201)
                .path("id")
                .asText();
        drives.put("uploadToConnector", who -> {
            world.idle(files);
            return who.post(
                    "/api/connectors/" + files + "/upload",
                    form("dataset", "uploaded") + form("file", "a,b\n1,2\n") + "--x--\r\n",
                    "Content-Type",
                    "multipart/form-data; boundary=x");
        });
        drives.put(
                "previewUpload",
                who -> who.post(
                        "/api/connectors/" + files + "/upload/preview",
                        form("file", "a,b\n1,2\n") + "--x--\r\n",
                        "Content-Type",
                        "multipart/form-data; boundary=x"));
        drives.put("syncConnector", who -> {
            world.idle(world.connector());
            return who.post(one + "/sync", Map.of("mode", "full"));
        });
        drives.put("syncDataset", who -> {
            world.idle(world.connector());
            return who.post("/api/datasets/" + world.dataset() + "/sync", null);
        });
        drives.put("listRunsOfConnector", who -> who.get(one + "/runs"));
        drives.put("listRuns", who -> who.get("/api/runs?limit=2"));
        drives.put("getRun", who -> who.get("/api/runs/" + world.run()));
        drives.put("streamRunEvents", who -> who.get("/api/runs/" + world.run() + "/events"));
        drives.put("listSyncHealth", who -> who.get("/api/health/syncs?stale=false&limit=2"));
        drives.put("cancelRun", who -> {
            String slow = world.newConnector();
            world.newDataset(
                    slow,
                    Map.of("query", "SELECT 1 AS id, pg_sleep(60)::text AS slept", "name", ApiWorld.unique("slow")));
            String run = world.admin()
                    .post("/api/connectors/" + slow + "/sync", null)
                    .expect(202)
                    .path("run_id")
                    .asText();
            Reply reply = who.post("/api/runs/" + run + "/cancel", null);
            world.admin().post("/api/runs/" + run + "/cancel", null);
            return reply;
        });
    }

    private static void datasets(Map<String, Drive> drives, ApiWorld world) {
        String one = "/api/datasets/" + world.dataset();
        drives.put("listDatasets", who -> who.get("/api/datasets"));
        drives.put(
                "createDataset",
                who -> who.post(
                        "/api/datasets",
                        Map.of(
                                "connector_id", world.connector(),
                                "model", "public.items",
                                "name", ApiWorld.unique("made"))));
        drives.put("getDataset", who -> who.get(one));
        drives.put("patchDataset", who -> who.patch(one, Map.of("primary_key", List.of("id"))));
        drives.put(
                "deleteDataset",
                who -> who.delete("/api/datasets/"
                        + world.newDataset(
                                world.connector(), Map.of("model", "public.items", "name", ApiWorld.unique("gone")))));
        drives.put("readRows", who -> who.get(one + "/rows?limit=5&columns=name,id"));
        drives.put("listVersions", who -> who.get(one + "/history"));
        Map<String, Object> watermark = new HashMap<>();
        watermark.put("value", null);
        drives.put("setWatermark", who -> who.put(one + "/watermark", watermark));
        drives.put(
                "query",
                who -> who.post(
                        "/api/query", Map.of("sql", "SELECT count(*) AS n FROM " + world.datasetName(), "limit", 10)));
    }
}
