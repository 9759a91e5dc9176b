package dev.serai.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorSchedules;
import dev.serai.connector.ConnectorSchedules.Due;
import dev.serai.dataset.Datasets;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Ids;
import dev.serai.metadata.Times;

/**
 * Starts what schedules order: the bean of the route {@code schedule}, called once a minute by one of the replicas. Each
 * fire is claimed together with the run it becomes, so that it is dealt with once, whoever is called and dies.
 */
@Component
public class ScheduleTick {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleTick.class);

    private final ConnectorSchedules schedules;
    private final Datasets datasets;
    private final SyncTerms terms;
    private final RunStore runs;
    private final RunLaunch launch;
    private final SyncKeeper keeper;
    private final SyncMetrics metrics;
    private final TransactionOperations transactions;
    private final Clock clock;

    ScheduleTick(
            ConnectorSchedules schedules,
            Datasets datasets,
            SyncTerms terms,
            RunStore runs,
            RunLaunch launch,
            SyncKeeper keeper,
            SyncMetrics metrics,
            TransactionOperations transactions,
            Clock clock) {
        this.schedules = schedules;
        this.datasets = datasets;
        this.terms = terms;
        this.runs = runs;
        this.launch = launch;
        this.keeper = keeper;
        this.metrics = metrics;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Deals with every fire up to now. One connector that cannot be dealt with keeps no other from its run. */
    public void run() {
        if (!keeper.open()) {
            return;
        }
        keeper.closeLapsed(null);
        Instant now = Times.stored(clock.instant());
        for (Due due : schedules.due(now)) {
            try {
                fire(due, now);
            } catch (RuntimeException e) {
                LOG.error(
                        "The schedule of {} could not be dealt with; the next tick tries again",
                        due.connector().slug(),
                        e);
            }
        }
    }

    private void fire(Due due, Instant now) {
        Optional<ActiveRun> run;
        try {
            run = claimed(due, now);
        } catch (DuplicateKeyException e) {
            // Somebody started a sync by hand in between; this time it is seen.
            run = claimed(due, now);
        }
        run.ifPresent(launch::begin);
    }

    private Optional<ActiveRun> claimed(Due due, Instant now) {
        Fires fires = Fires.until(now, due.fire(), due.cron(), due.zone());
        // Counted once it is true.
        List<Runnable> counts = new ArrayList<>();
        Optional<ActiveRun> run =
                Objects.requireNonNull(transactions.execute(tx -> schedules.claim(due, now, fires.next())
                        ? runs(due.connector(), fires, now, counts)
                        : Optional.empty()));
        counts.forEach(Runnable::run);
        return run;
    }

    private Optional<ActiveRun> runs(Connector connector, Fires fires, Instant now, List<Runnable> counts) {
        if (fires.lastMissed() != null && !runs.dealtWith(connector.id(), fires.lastMissed())) {
            LOG.warn("{} scheduled syncs of {} were missed while nobody was there", fires.missed(), connector.slug());
            runs.skip(
                    Ids.next("run"),
                    connector,
                    fires.lastMissed(),
                    fires.missed(),
                    "Serai was not running at "
                            + (fires.missed() == 1 ? "one scheduled time." : fires.missed() + " scheduled times."),
                    now);
            counts.add(() -> metrics.skipped(connector.type(), SyncMetrics.Skip.MISSED, fires.missed()));
        }
        Optional<ActiveRun> started = Optional.empty();
        for (Instant fire : fires.live()) {
            if (runs.dealtWith(connector.id(), fire)) {
                continue;
            }
            counts.add(() -> metrics.fired(Duration.between(fire, now)));
            Optional<Obstacle> obstacle = obstacle(connector);
            if (obstacle.isPresent()) {
                String reason = obstacle.get().reason();
                LOG.warn("The sync of {} scheduled for {} is skipped: {}", connector.slug(), fire, reason);
                runs.skip(Ids.next("run"), connector, fire, null, reason, now);
                counts.add(
                        () -> metrics.skipped(connector.type(), obstacle.get().kind(), 1));
            } else {
                started = Optional.of(launch.open(RunOrder.scheduled(
                        connector, datasets.ofConnector(connector.project(), connector.id()), fire)));
            }
        }
        return started;
    }

    private record Obstacle(SyncMetrics.Skip kind, String reason) {}

    private Optional<Obstacle> obstacle(Connector connector) {
        Optional<String> active = runs.activeOf(connector.id());
        if (active.isPresent()) {
            return Optional.of(
                    new Obstacle(SyncMetrics.Skip.OVERLAP, "The run " + active.get() + " was still going on."));
        }
        try {
            terms.check(connector);
            return Optional.empty();
        } catch (FailureException e) {
            return Optional.of(
                    new Obstacle(SyncMetrics.Skip.REFUSED, e.failure().detail()));
        }
    }
}
