package dev.serai.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which instant is the next one whose wall clock matches? Walks from one change of the zone's offset to the next, and at
 * each of them keeps to crontab's rule.
 *
 * @param everyPassing whether wall clock times that come twice count twice and those left out do not count
 * @param nextLocal the next matching wall clock time after a given one
 */
record Walk(ZoneId zone, boolean everyPassing, Function<LocalDateTime, Optional<LocalDateTime>> nextLocal) {

    Optional<Instant> after(Instant start) {
        ZoneRules rules = zone.getRules();
        ZoneOffset offset = rules.getOffset(start);
        LocalDateTime from = from(rules, start, offset);
        ZoneOffsetTransition change = rules.nextTransition(start);
        while (true) {
            Optional<LocalDateTime> found = nextLocal.apply(from);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Instant candidate = found.get().toInstant(offset);
            if (change == null || candidate.isBefore(change.getInstant())) {
                return Optional.of(candidate);
            }
            if (change.isGap() && !everyPassing && found.get().isBefore(change.getDateTimeAfter())) {
                return Optional.of(change.getInstant());
            }
            from = justBefore(resumeAfter(change));
            offset = change.getOffsetAfter();
            change = rules.nextTransition(change.getInstant());
        }
    }

    /** The wall clock to search after; behind the part of an overlap that has already been. */
    private LocalDateTime from(ZoneRules rules, Instant start, ZoneOffset offset) {
        LocalDateTime local = LocalDateTime.ofInstant(start, offset);
        ZoneOffsetTransition last = rules.previousTransition(start.plusNanos(1));
        if (last == null) {
            return local;
        }
        LocalDateTime resume = justBefore(resumeAfter(last));
        return local.isBefore(resume) ? resume : local;
    }

    private LocalDateTime resumeAfter(ZoneOffsetTransition change) {
        return change.isOverlap() && !everyPassing ? change.getDateTimeBefore() : change.getDateTimeAfter();
    }

    private static LocalDateTime justBefore(LocalDateTime time) {
        return time.minusSeconds(1);
    }
}
