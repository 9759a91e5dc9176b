package dev.serai.connector;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.metadata.Json;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectorSchedulesTest {
    private static final Instant TWO = Instant.parse("2026-11-23T14:00:00Z");

    private static ObjectNode json(String text) {
        return Json.object(text.replace('\'', '"'));
    }

    private static List<Instant> due(ConnectorFixture fixture, ConnectorSchedules schedules, Instant now) {
        return schedules.due(now).stream()
                .filter(due -> due.connector().project().equals(fixture.project))
                .map(ConnectorSchedules.Due::fire)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void aScheduleCountsFromItsLastChange(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        ConnectorSchedules schedules = new ConnectorSchedules(database.jdbc());
        Connector made = fixture.create("timed");
        assertThat(due(fixture, schedules, TWO)).isEmpty();

        patch(fixture, made, "{'schedule_cron':'0 13 * * *'}");
        assertThat(due(fixture, schedules, Instant.parse("2026-11-23T12:59:59Z")))
                .isEmpty();
        assertThat(due(fixture, schedules, TWO)).containsExactly(Instant.parse("2026-11-23T13:00:00Z"));

        patch(fixture, made, "{'description':'the schedule is as before'}");
        assertThat(due(fixture, schedules, TWO)).hasSize(1);
        patch(fixture, made, "{'schedule_timezone':'Europe/Berlin'}");
        assertThat(due(fixture, schedules, TWO)).isEmpty();
        patch(fixture, made, "{'schedule_cron':'0 14 * * *'}");
        assertThat(due(fixture, schedules, TWO)).containsExactly(Instant.parse("2026-11-23T13:00:00Z"));

        patch(fixture, made, "{'enabled':false}");
        assertThat(due(fixture, schedules, TWO)).isEmpty();
        patch(fixture, made, "{'enabled':true,'schedule_timezone':null}");
        assertThat(due(fixture, schedules, TWO)).containsExactly(TWO);
        patch(fixture, made, "{'schedule_cron':null}");
        assertThat(due(fixture, schedules, TWO)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aFireIsClaimedOnce(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        ConnectorSchedules schedules = new ConnectorSchedules(database.jdbc());
        Connector made = fixture.create("timed");
        patch(fixture, made, "{'schedule_cron':'0 * * * *'}");
        ConnectorSchedules.Due due = schedules.due(TWO).stream()
                .filter(one -> one.connector().id().equals(made.id()))
                .findFirst()
                .orElseThrow();
        assertThat(due.fire()).isEqualTo(Instant.parse("2026-11-23T13:00:00Z"));
        Instant next = Instant.parse("2026-11-23T15:00:00Z");
        assertThat(schedules.claim(due, TWO, next)).isTrue();
        assertThat(schedules.claim(due, TWO, next)).isFalse();
        assertThat(due(fixture, schedules, TWO)).isEmpty();
        assertThat(due(fixture, schedules, next)).containsExactly(next);

        patch(fixture, made, "{'schedule_cron':'30 * * * *'}");
        ConnectorSchedules.Due seen = new ConnectorSchedules.Due(made, next);
        assertThat(schedules.claim(seen, next, next.plusSeconds(60))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aFireOfAScheduleThatWasChangedMeanwhileIsNotClaimed(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        ConnectorSchedules schedules = new ConnectorSchedules(database.jdbc());
        Connector made = fixture.create("timed");
        patch(fixture, made, "{'schedule_cron':'0 * * * *'}");
        ConnectorSchedules.Due seen = schedules.due(TWO).stream()
                .filter(one -> one.connector().id().equals(made.id()))
                .findFirst()
                .orElseThrow();
        patch(fixture, made, "{'schedule_cron':'0 13 * * *'}");
        assertThat(due(fixture, schedules, TWO)).containsExactly(seen.fire());
        assertThat(schedules.claim(seen, TWO, Instant.parse("2026-11-23T15:00:00Z")))
                .isFalse();
        patch(fixture, made, "{'schedule_cron':null}");
    }

    @ParameterizedTest
    @EnumSource
    void aClockThatWasSetFarForwardSilencesNoSchedule(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        ConnectorSchedules schedules = new ConnectorSchedules(database.jdbc());
        Connector made = fixture.create("timed");
        patch(fixture, made, "{'schedule_cron':'0 * * * *'}");
        ConnectorSchedules.Due seen = schedules.due(TWO).stream()
                .filter(one -> one.connector().id().equals(made.id()))
                .findFirst()
                .orElseThrow();
        Instant wrong = Instant.parse("2036-11-23T14:00:00Z");
        assertThat(schedules.claim(seen, wrong, wrong.plusSeconds(3600))).isTrue();

        assertThat(due(fixture, schedules, TWO)).isEmpty();
        Instant next = TWO.plusSeconds(3600);
        assertThat(due(fixture, schedules, next)).containsExactly(next);
        patch(fixture, made, "{'schedule_cron':null}");
    }

    private static void patch(ConnectorFixture fixture, Connector connector, String patch) {
        fixture.connectors.patch(fixture.project, connector.id(), json(patch));
    }
}
