package dev.serai.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.metadata.Times;

/**
 * Who holds which run? A connector has at most one run that is queued or running, which the database itself holds; the
 * process that works on a run renews its lease.
 */
@Component
class RunClaims {
    /** What a holder learns when it renews its lease. */
    enum Lease {
        HELD,
        CANCEL_REQUESTED,
        LOST
    }

    /** A run to be, with the process that will work on it. */
    record Claim(String id, RunOrder order, String holder, Instant now, Duration lease) {}

    /** Whose run it is and when it was asked for. */
    record Origin(String project, Instant asked) {}

    /** A run that nobody has begun yet, and what was ordered. */
    record Waiting(String project, String connectorId, @Nullable String mode, boolean whole) {}

    private static final String ACTIVE = "status in ('queued', 'running')";

    /** How many had failed in a row before, and this one with them; one that was cancelled changes nothing. */
    private static final String FAILURES =
            "case :status when 'succeeded' then 0 else case :status when 'failed' then 1 else 0 end"
                    + " + coalesce((select p.consecutive_failures from runs p where p.connector_id = r.connector_id"
                    + " and p.id < r.id and p.consecutive_failures is not null order by p.id desc limit 1), 0) end";

    /** By the database's clock, as those of replicas may differ. */
    private static final String LEASE_UNTIL =
            "current_timestamp + cast(:lease as double precision) * interval '1' second";

    private final JdbcClient jdbc;

    RunClaims(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws DuplicateKeyException where the connector has a run going on */
    void claim(Claim claim) {
        jdbc.sql(
                        """
                        insert into runs (id, project, connector_id, active_key, run_trigger, started_by, scheduled_for,
                            mode, whole, status, cancel_requested, claimed_by, lease_until, created_at)
                        values (:id, :project, :connector, :connector, :trigger, :by, :scheduled,
                            :mode, :whole, 'queued', false, :holder, %s, :now)
                        """
                                .formatted(LEASE_UNTIL))
                .param("id", claim.id())
                .param("project", claim.order().connector().project())
                .param("connector", claim.order().connector().id())
                .param("trigger", claim.order().trigger())
                .param("by", claim.order().startedBy())
                .param("scheduled", Times.param(claim.order().scheduledFor()))
                .param("mode", claim.order().mode())
                .param("whole", claim.order().whole())
                .param("holder", claim.holder())
                .param("lease", claim.lease().toSeconds())
                .param("now", Times.param(claim.now()))
                .update();
    }

    Lease renew(String id, String holder, Duration lease) {
        int held = jdbc.sql("update runs set lease_until = " + LEASE_UNTIL
                        + " where id = :id and claimed_by = :holder and " + ACTIVE)
                .param("lease", lease.toSeconds())
                .param("id", id)
                .param("holder", holder)
                .update();
        if (held == 0) {
            return Lease.LOST;
        }
        boolean cancel = jdbc.sql("select cancel_requested from runs where id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single();
        return cancel ? Lease.CANCEL_REQUESTED : Lease.HELD;
    }

    boolean isHeldBy(String id, String holder) {
        return jdbc.sql("select count(*) from runs where id = :id and claimed_by = :holder and " + ACTIVE)
                        .param("id", id)
                        .param("holder", holder)
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** Whether the run was still the holder's to begin. */
    boolean started(String id, String holder, Instant now) {
        return jdbc.sql("update runs set status = 'running', started_at = :now where id = :id and claimed_by = :holder"
                                + " and status = 'queued'")
                        .param("now", Times.param(now))
                        .param("id", id)
                        .param("holder", holder)
                        .update()
                == 1;
    }

    /** Ends a run and gives its connector free; false if somebody else had ended it. */
    boolean finished(String id, String holder, String status, @Nullable String reason, Instant now) {
        return jdbc.sql("update runs r set status = :status, reason = :reason, ended_at = :now, active_key = null,"
                                + " lease_until = null, consecutive_failures = " + FAILURES
                                + " where id = :id and claimed_by = :holder and " + ACTIVE)
                        .param("status", status)
                        .param("reason", reason)
                        .param("now", Times.param(now))
                        .param("id", id)
                        .param("holder", holder)
                        .update()
                == 1;
    }

    void requestCancel(String id) {
        jdbc.sql("update runs set cancel_requested = true where id = :id and " + ACTIVE)
                .param("id", id)
                .update();
    }

    /** Runs whose holder has not renewed its lease in time, or is known to be gone. */
    List<String> lapsed(@Nullable String goneHolder) {
        return jdbc.sql("select id from runs where " + ACTIVE
                        + " and (lease_until < current_timestamp or claimed_by = :gone)")
                .param("gone", goneHolder == null ? "" : goneHolder)
                .query(String.class)
                .list();
    }

    /** Takes a lapsed run over, so that exactly one process closes it. */
    boolean takeOver(String id, String newHolder, @Nullable String goneHolder, Duration lease) {
        return jdbc.sql("update runs set claimed_by = :holder, lease_until = " + LEASE_UNTIL + " where id = :id and "
                                + ACTIVE + " and (lease_until < current_timestamp or claimed_by = :gone)")
                        .param("holder", newHolder)
                        .param("lease", lease.toSeconds())
                        .param("id", id)
                        .param("gone", goneHolder == null ? "" : goneHolder)
                        .update()
                == 1;
    }

    Origin origin(String id) {
        return jdbc.sql("select project, created_at from runs where id = :id")
                .param("id", id)
                .query((row, number) ->
                        new Origin(row.getString("project"), Objects.requireNonNull(Times.read(row, "created_at"))))
                .single();
    }

    /** A queued run that nobody asked to cancel, and that another process can begin. */
    Optional<Waiting> waiting(String id) {
        return jdbc.sql("select project, connector_id, mode, whole from runs where id = ? and status = 'queued'"
                        // The file of an upload is gone with the process that had it.
                        + " and not cancel_requested and run_trigger <> 'upload'")
                .param(id)
                .query((row, number) -> new Waiting(
                        row.getString("project"),
                        row.getString("connector_id"),
                        row.getString("mode"),
                        row.getBoolean("whole")))
                .optional();
    }
}
