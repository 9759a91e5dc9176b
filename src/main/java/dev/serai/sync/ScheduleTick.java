package dev.serai.sync;

import java.time.Clock;
import java.time.Instant;
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
    private final TransactionOperations transactions;
    private final Clock clock;

    ScheduleTick(
            ConnectorSchedules schedules,
            Datasets datasets,
            SyncTerms terms,
            RunStore runs,
            RunLaunch launch,
            SyncKeeper keeper,
            TransactionOperations transactions,
            Clock clock) {
        this.schedules = schedules;
        this.datasets = datasets;
        this.terms = terms;
        this.runs = runs;
        this.launch = launch;
        this.keeper = keeper;
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
        return Objects.requireNonNull(transactions.execute(
                tx -> schedules.claim(due, now, fires.next()) ? runs(due.connector(), fires, now) : Optional.empty()));
    }

    private Optional<ActiveRun> runs(Connector connector, Fires fires, Instant now) {
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
        }
        Optional<ActiveRun> started = Optional.empty();
        for (Instant fire : fires.live()) {
            if (runs.dealtWith(connector.id(), fire)) {
                continue;
            }
            Optional<String> obstacle = obstacle(connector);
            if (obstacle.isPresent()) {
                LOG.warn("The sync of {} scheduled for {} is skipped: {}", connector.slug(), fire, obstacle.get());
                runs.skip(Ids.next("run"), connector, fire, null, obstacle.get(), now);
            } else {
                started = Optional.of(launch.open(RunOrder.scheduled(
                        connector, datasets.ofConnector(connector.project(), connector.id()), fire)));
            }
        }
        return started;
    }

    private Optional<String> obstacle(Connector connector) {
        Optional<String> active = runs.activeOf(connector.id());
        if (active.isPresent()) {
            return Optional.of("The run " + active.get() + " was still going on.");
        }
        try {
            terms.check(connector);
            return Optional.empty();
        } catch (FailureException e) {
            return Optional.of(e.failure().detail());
        }
    }
}
