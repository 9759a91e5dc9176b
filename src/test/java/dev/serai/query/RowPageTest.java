package dev.serai.query;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.lake.TableSnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RowPageTest {
    @TempDir
    static Path folder;

    static QueryBench bench;
    static TableSnapshot table;

    @BeforeAll
    static void start() {
        bench = new QueryBench(folder);
        table = bench.table(
                "t",
                "SELECT range AS id, 'x' || range AS Name FROM range(2500)",
                "SELECT range + 2500 AS id, 'y' AS Name FROM range(10)",
                "SELECT 0 AS id, 'z' AS Name LIMIT 0",
                "SELECT range + 2510 AS id, 'z' AS Name FROM range(490)");
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    private static ResultStream page(List<String> columns, int limit, String cursor) {
        return bench.engine.rows(table, columns, limit, cursor, ResultFormat.JSON);
    }

    @Test
    void givesEveryRowOnceInOrder() {
        for (int limit : new int[] {1000, 500, 999, 3001}) {
            List<Long> ids = new ArrayList<>();
            String cursor = null;
            do {
                ResultStream stream = page(List.of(), limit, cursor);
                cursor = stream.nextCursor().orElse(null);
                JsonNode answer = QueryBench.json(stream);
                answer.get("rows").forEach(row -> ids.add(row.get(0).asLong()));
                assertThat(answer.path("next_cursor").asText(null)).isEqualTo(cursor);
                assertThat(answer.get("truncated").asBoolean()).isEqualTo(cursor != null);
            } while (cursor != null);
            assertThat(ids).hasSize(3000);
            for (int i = 0; i < 3000; i++) {
                assertThat(ids.get(i)).isEqualTo(i);
            }
        }
    }

    @Test
    void givesTheColumnsAskedForInTheirOrder() {
        JsonNode answer = QueryBench.json(page(List.of("NAME", "id"), 1, null));
        assertThat(answer.get("columns").toString())
                .isEqualTo("[{\"name\":\"Name\",\"type\":\"VARCHAR\"},{\"name\":\"id\",\"type\":\"BIGINT\"}]");
        assertThat(answer.get("rows").toString()).isEqualTo("[[\"x0\",0]]");
    }

    @Test
    void namesAllUnknownColumns() {
        FailureException refused =
                catchThrowableOfType(FailureException.class, () -> page(List.of("a", "id", "b"), 1, null));
        assertThat(((Failure.Invalid) refused.failure()).errors())
                .extracting(Fault::message)
                .containsExactly("names a, which is no column", "names b, which is no column");
    }

    @Test
    void tellsTheVersionOfACursor() {
        String cursor = page(List.of(), 10, null).nextCursor().orElseThrow();
        assertThat(bench.engine.version(cursor)).isEqualTo(table.version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "!!!", "ZGF0X290aGVyOjE6MDox", "ZGF0X3Q6MTo5OTow", "ZGF0X3Q6MjowOjA"})
    void refusesACursorThatItDidNotGive(String cursor) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> page(List.of(), 1, cursor));
        assertThat(refused.failure().code()).isEqualTo("bad_cursor");
    }
}
