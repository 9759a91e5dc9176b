package dev.serai.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ScheduledExecutorService;

import org.apache.arrow.memory.RootAllocator;

import dev.serai.failure.Failure;
import dev.serai.metadata.Ids;
import dev.serai.rows.SpillFolder;

/**
 * What the computations of SQL of ours share, which run in Serai's own process: the slots, the memory, the clock that
 * ends them, the place to spill.
 */
final class Computations {
    private static final int PAGES = 4;
    private static final int SOURCES = 16;
    private static final int PAGE_PARTS = 2;
    private static final int SOURCE_PARTS = 4;

    private final Slots pages = new Slots(PAGES);
    private final Slots sources = new Slots(SOURCES);
    private final RootAllocator memory = new RootAllocator();
    private final Duration timeout;
    private final SpillFolder spill;
    private final Sandbox.Limits limits;
    private final ScheduledExecutorService clock;

    Computations(QueryLimits limits, SpillFolder spill, ScheduledExecutorService clock) {
        this.timeout = limits.time();
        this.limits = limits.sandbox();
        this.spill = spill;
        this.clock = clock;
    }

    /** For SQL of ours over the files. */
    Prepared page(Collection<Path> files) {
        Sandbox.Limits own = limits.part(PAGE_PARTS);
        return prepare(
                pages,
                new Failure.TimedOut(
                        "The rows took longer than " + QueryLimits.shown(timeout) + " (SERAI_QUERY_TIMEOUT)."),
                own,
                place -> Sandbox.locked(own, place, files));
    }

    /** For SQL of ours over rows that come from a far system. */
    Prepared source() {
        Sandbox.Limits own = limits.part(SOURCE_PARTS);
        return prepare(
                sources,
                new Failure.Source(
                        Failure.Layer.READ,
                        "timeout",
                        "The source's answer took longer than " + QueryLimits.shown(timeout)
                                + " (SERAI_QUERY_TIMEOUT).",
                        true),
                own,
                place -> Sandbox.open(own, Files.createDirectories(place)));
    }

    /** Stops a computation whose asker leaves, until the watch is closed: from then on it is written to. */
    Watch watch(Asker asker, Computation computation) {
        return new Watch(asker, computation, clock);
    }

    private Prepared prepare(Slots slots, Failure late, Sandbox.Limits own, Prepared.Opening opening) {
        Computation computation = new Computation(error -> DuckDbFailures.of(error, SqlPositions.NONE, own));
        computation.hold(slots.take(""));
        Prepared prepared = Prepared.of(computation, spill.path().resolve(Ids.next("tmp")), memory, opening);
        computation.limit(timeout, clock, late);
        return prepared;
    }

    static SpillFolder spillFolder(Path parent) {
        try {
            SpillFolder folder = SpillFolder.below(parent.toAbsolutePath());
            Files.createDirectories(folder.path());
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
