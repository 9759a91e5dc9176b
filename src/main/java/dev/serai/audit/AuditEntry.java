package dev.serai.audit;

import java.time.Instant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit.
 *
 * @param action such as {@code connector.change}
 * @param outcome {@code ok}, {@code failed} or {@code refused}
 * @param code of the problem, or a test's category
 * @param durationMs until the line was written
 * @param count how many alike this line stands for
 */
public record AuditEntry(
        String id,
        String project,
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

    public AuditEntry {
        actor = Words.kept(actor, 200);
        via = Words.kept(via, 200);
        address = Words.keptOrNull(address, 100);
        object = Words.keptOrNull(object, 100);
        objectName = Words.keptOrNull(objectName, 400);
        connectorId = Words.keptOrNull(connectorId, 40);
        code = Words.keptOrNull(code, 100);
    }
}
