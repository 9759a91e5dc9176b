package dev.serai.sync;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import dev.serai.settings.SeraiSettings;

/** Is a run still this process's? It is while its lease is renewed in time. */
@Component
class RunLeases {
    private static final Logger LOG = LoggerFactory.getLogger(RunLeases.class);

    private final RunClaims runs;
    private final Instance instance;
    private final Duration lease;

    RunLeases(RunClaims runs, Instance instance, SeraiSettings settings) {
        this.runs = runs;
        this.instance = instance;
        this.lease = settings.sync().lease();
    }

    /** How long a claim holds without being renewed. */
    Duration length() {
        return lease;
    }

    RunClaims.Lease renew(ActiveRun run) {
        long asked = System.nanoTime();
        RunClaims.Lease answer = runs.renew(run.id(), instance.id(), lease);
        if (answer != RunClaims.Lease.LOST) {
            run.renewed(asked);
        }
        return answer;
    }

    /** Whether the run may be somebody else's soon, as this process could not say that it still works on it. */
    boolean slipping(ActiveRun run) {
        return run.sinceRenewed().compareTo(lease.multipliedBy(2).dividedBy(3)) > 0;
    }

    /** Whether the run is this process's for some time to come; asks where that is in doubt. */
    boolean holds(ActiveRun run) {
        try {
            return !slipping(run) || renew(run) != RunClaims.Lease.LOST;
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Whether run {} is still this process's cannot be told", run.id(), e);
            return false;
        }
    }
}
