package dev.serai.api;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Schedules as clients see them; when they fire is the matter of {@code CronTest}. */
class SchedulesOverHttpTest {
    private final HttpCaller admin = RunningSerai.shared().as("admin", "schedules");

    private static Map<String, Object> connector(String cron, String zone) {
        Map<String, Object> body = new HashMap<>(Map.of(
                "name",
                "timed " + Instant.now(),
                "type",
                "postgresql",
                "config",
                Map.of("host", "db.example.com", "database", "shop", "username", "u", "password", "p"),
                "schedule_mode",
                "full",
                "datasets",
                List.of()));
        body.put("schedule_cron", cron);
        body.put("schedule_timezone", zone);
        return body;
    }

    private static List<ZonedDateTime> runs(JsonNode connector, String zone) {
        return StreamSupport.stream(connector.path("next_runs").spliterator(), false)
                .map(JsonNode::asText)
                .peek(text -> assertThat(text).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00Z"))
                .map(text -> Instant.parse(text).atZone(ZoneId.of(zone)))
                .toList();
    }

    @Test
    void theNextFiveRunsAreTold() {
        JsonNode made = admin.post("/api/connectors/bootstrap", connector("30 4 1,15 * fri", "Asia/Kolkata"))
                .expect(201)
                .path("connector");
        String path = "/api/connectors/" + made.path("id").asText();
        List<ZonedDateTime> runs = runs(made, "Asia/Kolkata");
        assertThat(runs).hasSize(5).isSorted().doesNotHaveDuplicates().allSatisfy(run -> {
            assertThat(run.toLocalTime()).hasToString("04:30");
            assertThat(run.getDayOfMonth() == 1
                            || run.getDayOfMonth() == 15
                            || run.getDayOfWeek().getValue() == 5)
                    .isTrue();
            assertThat(run.toInstant())
                    .isAfter(Instant.parse(made.path("created_at").asText()));
        });
        assertThat(admin.get(path).expect(200).path("next_runs")).isEqualTo(made.path("next_runs"));

        JsonNode daily = admin.patch(path, Map.of("schedule_cron", "@Daily", "schedule_timezone", "Pacific/Apia"))
                .expect(200);
        assertThat(daily.path("schedule_cron").asText()).isEqualTo("@Daily");
        assertThat(runs(daily, "Pacific/Apia")).hasSize(5).allSatisfy(run -> assertThat(run.toLocalTime())
                .hasToString("00:00"));
        assertThat(admin.patch(path, Map.of("enabled", false)).expect(200).path("next_runs"))
                .isEmpty();
        assertThat(admin.patch(path, Map.of("enabled", true)).expect(200).path("next_runs"))
                .hasSize(5);
        assertThat(admin.patch(path, "{\"schedule_cron\": null}").expect(200).path("next_runs"))
                .isEmpty();
        admin.delete(path).expect(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 0 * * *   | has 6 fields; a Unix cron expression has five: minute, hour, day of month, month, day of week",
                "0 0 31 2 *    | never fires",
                "@reboot       | is none of @yearly, @monthly, @weekly, @daily, @hourly",
                "60 * * 13 *   | is not a Unix cron expression: the minute 60 is not between 0 and 59; the month 13 is not between 1 and 12",
                "0 0 * * fri-mon | is not a Unix cron expression: the day of week's range fri-mon ends before it begins",
            })
    void whatNeverFiresOrIsNoUnixCronIsRefused(String cron, String message) {
        JsonNode problem =
                admin.post("/api/connectors/bootstrap", connector(cron, "UTC")).expect(422);
        assertThat(problem.at("/errors")).hasSize(1);
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/schedule_cron");
        assertThat(problem.at("/errors/0/message").asText()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CEST", "Europe/Bonn", "europe/berlin", ""})
    void aZoneThatIsNoneIsRefused(String zone) {
        JsonNode problem = admin.post("/api/connectors/bootstrap", connector("@daily", zone))
                .expect(422);
        assertThat(problem.at("/errors")).hasSize(1);
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/schedule_timezone");
    }
}
