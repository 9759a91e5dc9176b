package dev.serai.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.serai.metadata.Ids;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/**
 * How often did the same happen within a minute? The first is told at once, the number of the others when the minute is
 * over. So many kinds are told apart at a time; what is beyond counts as from many addresses.
 */
final class AlikeCounter {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int KINDS = 200;
    private static final String MANY = "(many)";

    private final Consumer<AuditEntry> told;
    private final Map<List<@Nullable String>, Count> counts = new LinkedHashMap<>();

    AlikeCounter(Consumer<AuditEntry> told) {
        this.told = told;
    }

    private record Count(AuditEntry first, long more) {}

    synchronized void add(AuditEntry entry) {
        flush(entry.at(), false);
        AuditEntry kind = counts.containsKey(key(entry)) || counts.size() < KINDS ? entry : fromMany(entry);
        Count count = counts.get(key(kind));
        if (count == null) {
            told.accept(kind);
            counts.put(key(kind), new Count(kind, 0));
        } else {
            counts.put(key(kind), new Count(count.first(), count.more() + 1));
        }
    }

    /** Tells what is a minute old, or all. */
    synchronized void flush(Instant now, boolean all) {
        Iterator<Count> kinds = counts.values().iterator();
        while (kinds.hasNext()) {
            Count count = kinds.next();
            if (all || !now.isBefore(count.first().at().plus(MINUTE))) {
                kinds.remove();
                if (count.more() > 0) {
                    told.accept(copy(
                            count.first(),
                            now,
                            count.first().actor(),
                            count.first().address(),
                            count.more()));
                }
            }
        }
    }

    private static AuditEntry fromMany(AuditEntry entry) {
        return copy(entry, entry.at(), MANY, MANY, 1);
    }

    private static List<@Nullable String> key(AuditEntry entry) {
        return Arrays.asList(
                entry.project(),
                entry.actor(),
                entry.via(),
                entry.address(),
                entry.action(),
                entry.outcome(),
                entry.code(),
                entry.details().path("operation").asText());
    }

    private static AuditEntry copy(AuditEntry entry, Instant at, String actor, @Nullable String address, long count) {
        boolean many = actor.equals(MANY);
        return new AuditEntry(
                Ids.next("aud"),
                many ? "default" : entry.project(),
                Times.stored(at),
                actor,
                many ? AuditActor.NOBODY : entry.via(),
                address,
                entry.action(),
                null,
                null,
                null,
                entry.outcome(),
                entry.code(),
                null,
                count,
                many ? Json.newObject() : entry.details());
    }
}
