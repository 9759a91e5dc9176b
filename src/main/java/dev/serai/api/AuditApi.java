package dev.serai.api;

import java.time.Instant;
import java.time.OffsetDateTime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.audit.AuditEntry;
import dev.serai.audit.AuditStore;

/** Who did what in a project, for its admins. */
@Component
public class AuditApi {
    private final AuditStore store;

    AuditApi(AuditStore store) {
        this.store = store;
    }

    record EntryView(
            String id,
            Instant at,
            String actor,
            String via,
            @Nullable String address,
            String action,
            @Nullable String object,
            @Nullable String objectName,
            @Nullable String connectorId,
            String outcome,
            @Nullable String code,
            @Nullable Long durationMs,
            long count,
            ObjectNode details) {
        static EntryView of(AuditEntry entry) {
            return new EntryView(
                    entry.id(),
                    entry.at(),
                    entry.actor(),
                    entry.via(),
                    entry.address(),
                    entry.action(),
                    entry.object(),
                    entry.objectName(),
                    entry.connectorId(),
                    entry.outcome(),
                    entry.code(),
                    entry.durationMs(),
                    entry.count(),
                    entry.details());
        }
    }

    public Answer list(Call call) {
        AuditStore.Filter filter = new AuditStore.Filter(
                call.query().get("actor"),
                call.query().get("action"),
                call.query().get("object"),
                call.query().get("connector_id"),
                time(call, "since"),
                time(call, "until"));
        return Answer.ok(
                store.list(call.project(), filter, call.limit(), call.cursor()).map(EntryView::of));
    }

    private static @Nullable Instant time(Call call, String name) {
        return call.param(name)
                .map(text -> OffsetDateTime.parse(text).toInstant())
                .orElse(null);
    }
}
