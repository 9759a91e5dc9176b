package dev.serai.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

import dev.serai.access.CallerAuthentication;
import dev.serai.access.Login;
import dev.serai.audit.AuditActor;
import dev.serai.audit.AuditEntry;
import dev.serai.audit.AuditNotes;
import dev.serai.connector.TestResult;
import dev.serai.metadata.Ids;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/**
 * Notes how calls ended that changed nothing: reads, tests, logins, and what failed or was refused. A change that
 * succeeded has its line already, written with it.
 */
@Component
class AuditTrail {
    private static final String HOME = "default";
    private static final String UNKNOWN = "(unknown)";

    private final AuditNotes notes;
    private final Login login;
    private final Clock clock;

    AuditTrail(AuditNotes notes, Login login, Clock clock) {
        this.notes = notes;
        this.login = login;
        this.clock = clock;
    }

    private record Outcome(String word, @Nullable String code) {}

    /** Who makes the request that is being filtered, since now. */
    AuditActor actor(HttpServletRequest request) {
        Instant now = clock.instant();
        return SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication known
                ? new AuditActor(
                        known.caller().project(), known.caller().subject(), known.via(), request.getRemoteAddr(), now)
                : new AuditActor(HOME, AuditActor.NOBODY, AuditActor.NOBODY, request.getRemoteAddr(), now);
    }

    /** @param whole whether the answer was sent to its end */
    void answered(PendingCall pending, Answer answer, boolean whole) {
        Call call = pending.call();
        AuditedCalls.action(call.operation()).ifPresent(action -> {
            Outcome outcome = outcome(answer, whole);
            if (call.operation().equals("login")) {
                noteLogin(call, pending.actor(), outcome, answer.status());
            } else if (AuditedCalls.isRead(call.operation()) || answer.status() >= 400) {
                notes.add(entry(pending.actor(), action, call, outcome));
            }
        });
    }

    /** Somebody who may not do this, or whom nobody knows. */
    void refused(AuditActor actor, Answer answer, String operation) {
        ObjectNode details = Json.newObject();
        if (!operation.isEmpty() && !actor.via().equals(AuditActor.NOBODY)) {
            details.put("operation", operation);
        }
        notes.addAlike(entry(actor, "access.refused", null, null, new Outcome("refused", code(answer)), details));
    }

    private void noteLogin(Call call, AuditActor actor, Outcome outcome, int status) {
        String given = Objects.requireNonNullElse(call.text("username"), "");
        boolean ok = status == 200;
        // A name that nobody has may be a password in the wrong field. Asked only where a password was checked.
        boolean known = ok || status == 401 && login.isKnown(given);
        AuditActor who = new AuditActor(
                HOME, known ? given : UNKNOWN, ok ? "password" : AuditActor.NOBODY, actor.address(), actor.since());
        AuditEntry entry = entry(who, "login", null, null, outcome, Json.newObject());
        if (ok) {
            notes.add(entry);
        } else {
            notes.addAlike(entry);
        }
    }

    private AuditEntry entry(AuditActor actor, String action, Call call, Outcome outcome) {
        String object = call.path().get("id");
        String connector = AuditedCalls.isOfConnector(call.operation()) ? object : null;
        return entry(actor, action, object, connector, outcome, AuditedCalls.details(call));
    }

    private AuditEntry entry(
            AuditActor actor,
            String action,
            @Nullable String object,
            @Nullable String connector,
            Outcome outcome,
            ObjectNode details) {
        Instant now = Times.stored(clock.instant());
        return new AuditEntry(
                Ids.next("aud"),
                actor.project(),
                now,
                actor.subject(),
                actor.via(),
                actor.address(),
                action,
                object,
                null,
                connector,
                outcome.word(),
                outcome.code(),
                Duration.between(actor.since(), now).toMillis(),
                1,
                details);
    }

    private static Outcome outcome(Answer answer, boolean whole) {
        if (answer.status() >= 400) {
            return new Outcome(answer.status() == 401 || answer.status() == 403 ? "refused" : "failed", code(answer));
        } else if (!whole) {
            return new Outcome("failed", "broken_off");
        } else if (answer.body() instanceof TestResult test && !test.ok()) {
            return new Outcome("failed", test.category());
        }
        return new Outcome("ok", null);
    }

    private static @Nullable String code(Answer answer) {
        return answer.body() instanceof Problems.Problem problem ? problem.code() : null;
    }
}
