package dev.serai.connector.sql.postgres;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SyncOverHttp;

import static org.assertj.core.api.Assertions.assertThat;

/** A dataset's {@code parallelism} from the API to the rows in the lake. */
class ParallelOverHttpTest {
    private static final HttpCaller ADMIN = RunningSerai.shared().as("admin", "parallel");

    @Test
    void aTableIsReadOverTwoConnectionsAndAViewSaysThatItIsNot() {
        Postgres.Database database = Postgres.database();
        database.execute(
                "CREATE TABLE parcels AS SELECT i AS id, i % 1000 AS amount, repeat('x', 100) AS filler"
                        + " FROM generate_series(1, 200000) i",
                "CREATE VIEW heavy AS SELECT id, amount FROM parcels WHERE amount >= 500", "ANALYZE");
        JsonNode run = SyncOverHttp.from(database, ADMIN)
                .table("parcels", "parcels", 2)
                .table("heavy", "heavy", 2)
                .run();

        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("succeeded");
        assertThat(of(run, "parcels").path("rows_read").asInt()).isEqualTo(200_000);
        assertThat(of(run, "parcels").path("warnings")).isEmpty();
        assertThat(of(run, "heavy").path("warnings").findValuesAsText("code")).containsExactly("fewer_connections");
        assertThat(of(run, "heavy").path("warnings").toString()).contains("1 of 2 connections");
        assertThat(rows("SELECT count(*), count(DISTINCT id), sum(amount), min(filler) = max(filler) FROM parcels"))
                .isEqualTo("[[200000,200000,\"99900000\",true]]");
        assertThat(rows("SELECT count(*), count(DISTINCT id) FROM heavy")).isEqualTo("[[100000,100000]]");
    }

    private static JsonNode of(JsonNode run, String dataset) {
        for (JsonNode one : run.path("datasets")) {
            if (one.path("name").asText().equals(dataset)) {
                return one;
            }
        }
        throw new AssertionError(run.toString());
    }

    private static String rows(String sql) {
        return ADMIN.post("/api/query", Map.of("sql", sql))
                .expect(200)
                .path("rows")
                .toString();
    }
}
