package dev.serai.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import dev.serai.metadata.Ids;
import dev.serai.metadata.Times;

/**
 * Notes changes, each in its own transaction: where one of the two fails there is neither. Who makes the change is who
 * {@linkplain #enter entered} this thread; where nobody did, Serai itself.
 */
@Component
public class AuditLog {
    private final AuditStore store;
    private final Clock clock;
    private final ThreadLocal<@Nullable AuditActor> acting = new ThreadLocal<>();

    public AuditLog(JdbcClient jdbc, Clock clock) {
        this.store = new AuditStore(jdbc);
        this.clock = clock;
    }

    /** What this thread does from now on is done for this caller, until {@link #leave}. */
    public void enter(AuditActor actor) {
        acting.set(actor);
    }

    public void leave() {
        acting.remove();
    }

    /**
     * A change that is being made in the present transaction.
     *
     * @param details names of fields, never values of secrets
     */
    public void changed(
            String project,
            String action,
            String object,
            @Nullable String name,
            @Nullable String connectorId,
            ObjectNode details) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A change without a transaction cannot be audited: " + action);
        }
        Instant now = Times.stored(clock.instant());
        AuditActor known = acting.get();
        AuditActor actor =
                known == null ? new AuditActor(project, AuditActor.ITSELF, AuditActor.ITSELF, null, now) : known;
        store.add(new AuditEntry(
                Ids.next("aud"),
                project,
                now,
                actor.subject(),
                actor.via(),
                actor.address(),
                action,
                object,
                name,
                connectorId,
                "ok",
                null,
                Duration.between(actor.since(), now).toMillis(),
                1,
                details));
    }
}
