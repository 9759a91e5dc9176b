package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.quartz.CronTrigger;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.impl.matchers.GroupMatcher;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.metadata.Times;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduledSyncTest {
    private final RunningSerai serai = RunningSerai.shared();

    @Test
    void quartzKeepsOneTickInTheMetadataDatabase() throws SchedulerException {
        Scheduler quartz = serai.bean(Scheduler.class);
        assertThat(quartz.isStarted()).isTrue();
        assertThat(quartz.getMetaData().isJobStoreSupportsPersistence()).isTrue();
        assertThat(quartz.getMetaData().isJobStoreClustered()).isTrue();
        Set<JobKey> jobs = quartz.getJobKeys(GroupMatcher.anyGroup());
        assertThat(jobs).hasSize(1);
        List<? extends Trigger> triggers =
                quartz.getTriggersOfJob(jobs.iterator().next());
        assertThat(triggers).hasSize(1);
        assertThat(((CronTrigger) triggers.get(0)).getCronExpression()).isEqualTo("0 * * * * ?");
    }

    @Test
    void aScheduleSyncsItsConnector() throws Exception {
        Postgres.Database source = Postgres.database();
        source.execute("CREATE TABLE public.timed AS SELECT 1 AS n");
        HttpCaller admin = serai.admin();
        JsonNode made = admin.post(
                        "/api/connectors/bootstrap",
                        Map.of(
                                "name",
                                "timed " + Instant.now(),
                                "type",
                                "postgresql",
                                "config",
                                Map.of(
                                        "host", source.host(),
                                        "port", source.port(),
                                        "database", source.name(),
                                        "username", source.username(),
                                        "password", source.password(),
                                        "sslmode", "disable"),
                                "schedule_cron",
                                "* * * * *",
                                "schedule_mode",
                                "full",
                                "datasets",
                                List.of(Map.of("model", "public.timed"))))
                .expect(201);
        String id = made.at("/connector/id").asText();
        assertThat(made.at("/connector/next_runs")).hasSize(5);
        try {
            Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);
            serai.bean(JdbcClient.class)
                    .sql("update data_connectors set schedule_after = ?, next_fire = null where id = ?")
                    .params(Times.param(minute.minusSeconds(1)), id)
                    .update();
            Scheduler quartz = serai.bean(Scheduler.class);
            quartz.triggerJob(
                    quartz.getJobKeys(GroupMatcher.anyGroup()).iterator().next());
            JsonNode run = Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(
                            () -> admin.get("/api/connectors/" + id + "/runs")
                                    .expect(200)
                                    .at("/items/0"),
                            first -> first.path("status").asText().equals("succeeded"));
            assertThat(run.path("trigger").asText()).isEqualTo("schedule");
            assertThat(Instant.parse(run.path("scheduled_for").asText())).isAfterOrEqualTo(minute);
            assertThat(run.at("/datasets/0/rows_written").asLong()).isEqualTo(1);
        } finally {
            admin.delete("/api/connectors/" + id).expect(204);
        }
    }
}
