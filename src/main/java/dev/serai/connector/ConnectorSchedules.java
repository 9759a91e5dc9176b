package dev.serai.connector;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.metadata.Times;
import dev.serai.schedule.Cron;

/** When are the schedules of connectors due? What was found is kept with the connector, so that each fire is seen once. */
@Component
public class ConnectorSchedules {
    private static final String SCHEDULED = " where enabled and schedule_cron is not null";

    private static final Duration WRONG = Duration.ofDays(1);
    private static final Logger LOG = LoggerFactory.getLogger(ConnectorSchedules.class);

    private final JdbcClient jdbc;

    public ConnectorSchedules(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A connector whose schedule fires.
     *
     * @param fire the earliest time that was not dealt with
     */
    public record Due(Connector connector, Instant fire) {
        public Cron cron() {
            return Cron.of(String.valueOf(connector.scheduleCron()));
        }

        public ZoneId zone() {
            return zoneOf(connector);
        }
    }

    /** The zone that a connector's schedule is meant in. */
    static ZoneId zoneOf(Connector connector) {
        return ZoneId.of(connector.scheduleTimezone() == null ? "UTC" : connector.scheduleTimezone());
    }

    /**
     * A connector whose schedule is in force.
     *
     * @param since when it got this schedule, or was switched on again with it
     */
    public record Scheduled(Connector connector, Instant since) {}

    /** Those of these connectors that are synced by a schedule, by their ids. */
    public Map<String, Scheduled> inForce(Collection<String> connectorIds) {
        return connectorIds.isEmpty()
                ? Map.of()
                : jdbc
                        .sql(ConnectorRow.SELECT + SCHEDULED + " and id in (:ids)")
                        .param("ids", connectorIds)
                        .query((row, number) -> {
                            Connector connector = ConnectorRow.read(row, number);
                            Instant since = Times.read(row, "schedule_since");
                            return new Scheduled(connector, since == null ? connector.createdAt() : since);
                        })
                        .list()
                        .stream()
                        .collect(Collectors.toMap(found -> found.connector().id(), Function.identity()));
    }

    /**
     * When the connector's schedule fires next after an instant; nothing where it has none, is switched off or the schedule
     * cannot be understood any more.
     */
    public static List<Instant> fires(Connector connector, Instant after, int count) {
        String cron = connector.scheduleCron();
        if (cron == null || !connector.enabled()) {
            return List.of();
        }
        try {
            return Cron.of(cron).next(zoneOf(connector), after, count);
        } catch (IllegalArgumentException | DateTimeException e) {
            LOG.debug("The schedule of {} cannot be understood any more", connector.slug(), e);
            return List.of();
        }
    }

    /** Those of all projects that are due, the longest due first. */
    public List<Due> due(Instant now) {
        correct(now);
        plan();
        return jdbc.sql(ConnectorRow.SELECT + SCHEDULED + " and next_fire <= ? order by next_fire, id")
                .param(Times.param(now))
                .query((row, number) -> new Due(ConnectorRow.read(row, number), Times.readPresent(row, "next_fire")))
                .list();
    }

    /** What was dealt with far in the future was so by a clock that had been set wrong; it must not silence the schedule. */
    private void correct(Instant now) {
        jdbc.sql("update data_connectors set schedule_after = ?, next_fire = null where schedule_after > ?")
                .params(Times.param(now), Times.param(now.plus(WRONG)))
                .update();
    }

    /** Works out the next fire where a schedule was changed; one that cannot be worked out keeps no other from firing. */
    private void plan() {
        // A replica of an older version leaves no schedule_after.
        jdbc.sql("select p.*, coalesce(p.schedule_after, p.updated_at) as since from (" + ConnectorRow.SELECT
                        + SCHEDULED + " and next_fire is null) p")
                .query((row, number) -> new Due(ConnectorRow.read(row, number), Times.readPresent(row, "since")))
                .list()
                .forEach(this::plan);
    }

    private void plan(Due changed) {
        try {
            changed.cron().next(changed.zone(), changed.fire()).ifPresent(next -> jdbc.sql(
                            "update data_connectors set next_fire = ? where id = ?"
                                    + " and next_fire is null and coalesce(schedule_after, updated_at) = ?")
                    .params(Times.param(next), changed.connector().id(), Times.param(changed.fire()))
                    .update());
        } catch (IllegalArgumentException | DateTimeException e) {
            LOG.error(
                    "The schedule of {} cannot be understood any more",
                    changed.connector().slug(),
                    e);
        }
    }

    /**
     * Claims everything that is due up to an instant; false where another process has, or the schedule was changed.
     *
     * @param next the first fire after it
     */
    public boolean claim(Due due, Instant upTo, Instant next) {
        // A changed schedule may be due at the same time, but not at the same times after it.
        return jdbc.sql("update data_connectors set schedule_after = ?, next_fire = ? where id = ? and next_fire = ?"
                                + " and schedule_cron = ? and schedule_timezone is not distinct from ?")
                        .params(
                                Times.param(upTo),
                                Times.param(next),
                                due.connector().id(),
                                Times.param(due.fire()),
                                due.connector().scheduleCron(),
                                due.connector().scheduleTimezone())
                        .update()
                == 1;
    }
}
