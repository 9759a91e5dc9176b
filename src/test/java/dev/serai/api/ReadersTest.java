package dev.serai.api;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Readers of a dataset bind viewers everywhere alike; nobody else is bound. */
class ReadersTest {
    private static final String PROJECT = "readers";
    private static final RunningSerai SERAI = RunningSerai.shared();
    private static ApiWorld world;
    private static String id;
    private static String name;

    @BeforeAll
    static void sync() {
        world = new ApiWorld(SERAI, PROJECT);
        id = world.dataset();
        name = world.datasetName();
        world.admin()
                .patch("/api/datasets/" + id, Map.of("readers", List.of("finance", "audit")))
                .expect(200);
    }

    private static boolean sees(HttpCaller who) {
        boolean listed = who.get("/api/datasets")
                .expect(200)
                .path("items")
                .findValuesAsText("id")
                .contains(id);
        for (String path : List.of("", "/rows", "/history")) {
            int status = who.get("/api/datasets/" + id + path).status();
            assertThat(status).as(path).isEqualTo(listed ? 200 : 404);
        }
        HttpCaller.Reply sql = who.post("/api/query", Map.of("sql", "SELECT count(*) AS n FROM " + name));
        assertThat(sql.status()).as(sql.text()).isEqualTo(listed ? 200 : 400);
        return listed;
    }

    @Test
    void aViewerReadsWhatNamesOneOfItsGroups() {
        assertThat(sees(SERAI.as("viewer", PROJECT, "audit", "staff"))).isTrue();
        assertThat(sees(SERAI.as("viewer", PROJECT, "staff"))).isFalse();
        assertThat(sees(SERAI.as("viewer", PROJECT))).isFalse();
    }

    @Test
    void membersAreNotBound() {
        assertThat(sees(SERAI.as("member", PROJECT))).isTrue();
    }

    @Test
    void aForeignDatasetIsToldAsOneThatDoesNotExist() {
        String unknown = SERAI.as("viewer", PROJECT)
                .post("/api/query", Map.of("sql", "SELECT * FROM no_such_dataset"))
                .text()
                .replace("no_such_dataset", name);
        assertThat(SERAI.as("viewer", PROJECT)
                        .post("/api/query", Map.of("sql", "SELECT * FROM " + name))
                        .text())
                .isEqualTo(unknown);
    }

    @Test
    void aChangeThatIsNotSavedIsTestedByAdminsOnly() {
        String path = "/api/connectors/" + world.connector() + "/test";
        world.as("member").post(path, null).expect(200);
        world.as("member").post(path, Map.of("config", Map.of("port", 1))).problem(403);
        assertThat(world.admin()
                        .post(path, Map.of("config", Map.of("port", 1)))
                        .problem(422)
                        .path("code")
                        .asText())
                .isEqualTo("secret_required");
    }
}
