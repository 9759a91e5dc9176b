package dev.serai.sync;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which run gets the next free worker? The one with the fewest of them, and among equals the one that has waited
 * longest: so a run of many datasets takes all workers only while nobody else wants one.
 */
final class Turns {
    private final int workers;
    /** How many workers each run has; the one that has waited longest comes first. */
    private final Map<ActiveRun, Integer> runs = new LinkedHashMap<>();

    private final Set<Turn> taken = new HashSet<>();

    Turns(int workers) {
        this.workers = workers;
    }

    synchronized void enter(ActiveRun run) {
        runs.putIfAbsent(run, 0);
    }

    /** What the next free worker is to do; empty where none is free or there is nothing to do. */
    synchronized Optional<Turn> take() {
        if (taken.size() >= workers) {
            return Optional.empty();
        }
        List<ActiveRun> order = runs.entrySet().stream()
                .sorted(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .toList();
        for (ActiveRun run : order) {
            Optional<Turn> turn = run.next();
            if (turn.isPresent()) {
                count(run, 1);
                taken.add(turn.get());
                return turn;
            }
        }
        return Optional.empty();
    }

    /** Gives the worker back, once. */
    synchronized void done(Turn turn) {
        if (taken.remove(turn)) {
            count(turn.run(), -1);
        }
    }

    /** Whoever got a worker or gave one back waits from then on, and so comes last among equals. */
    private void count(ActiveRun run, int more) {
        Integer its = runs.remove(run);
        if (its != null) {
            runs.put(run, its + more);
        }
    }

    synchronized void leave(ActiveRun run) {
        runs.remove(run);
    }
}
