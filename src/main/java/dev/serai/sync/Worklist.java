package dev.serai.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What of a run is still to do, what is being done, and what came of it? Every dataset ends exactly once, whoever gets
 * there first: its worker, or the one who stops the run.
 */
final class Worklist {
    private enum Preparation {
        TO_DO,
        GOING_ON,
        PAUSED,
        DONE
    }

    private final Deque<DatasetSync> waiting = new ArrayDeque<>();
    private final Map<String, DatasetSync> working = new LinkedHashMap<>();
    private final Map<String, DatasetSync> paused = new LinkedHashMap<>();
    private final Set<String> settling = new HashSet<>();
    private final Map<String, RunDataset> results = new LinkedHashMap<>();
    private Preparation stage = Preparation.TO_DO;
    private boolean closed;
    private ActiveRun.@Nullable Stop stop;

    synchronized void add(DatasetSync sync, RunDataset queued) {
        results.put(queued.datasetId(), queued);
        waiting.add(sync);
    }

    synchronized int size() {
        return results.size();
    }

    /** Everything to do is known now. */
    synchronized void prepared() {
        stage = Preparation.DONE;
    }

    /** What to do next, which is the caller's from then on; empty where there is nothing or the run was stopped. */
    synchronized Optional<Turn> next(ActiveRun its) {
        if (stop != null) {
            return Optional.empty();
        }
        if (stage == Preparation.TO_DO) {
            stage = Preparation.GOING_ON;
            return Optional.of(new Turn(its, null));
        }
        DatasetSync sync = stage == Preparation.DONE ? waiting.poll() : null;
        if (sync == null) {
            return Optional.empty();
        }
        working.put(sync.dataset().id(), sync);
        return Optional.of(new Turn(its, sync));
    }

    /** Lets the preparation wait until it is {@link #resume}d; false where the run was stopped. */
    synchronized boolean pause() {
        if (stop == null) {
            stage = Preparation.PAUSED;
        }
        return stop == null;
    }

    synchronized void resume() {
        if (stage == Preparation.PAUSED) {
            stage = Preparation.TO_DO;
        }
    }

    /**
     * Lets a dataset wait for another attempt until it is {@link #resume}d.
     *
     * @return false where it has ended, or the run was stopped
     */
    synchronized boolean pause(DatasetSync again, RunDataset meanwhile) {
        if (stop != null || working.remove(again.dataset().id()) == null) {
            return false;
        }
        paused.put(again.dataset().id(), again);
        results.put(meanwhile.datasetId(), meanwhile);
        return true;
    }

    /** Makes a dataset that waits the next one to work on. */
    synchronized void resume(String datasetId) {
        DatasetSync sync = paused.remove(datasetId);
        if (sync != null) {
            waiting.addFirst(sync);
        }
    }

    /**
     * Notes an outcome; false where the dataset had ended before, and then the outcome does not count. The run does not
     * end before {@link #settled} says that the outcome was written down.
     */
    synchronized boolean end(RunDataset outcome) {
        settling.add(outcome.datasetId());
        working.remove(outcome.datasetId());
        RunDataset before = results.get(outcome.datasetId());
        if (before == null || before.ended()) {
            return false;
        }
        results.put(outcome.datasetId(), outcome);
        return true;
    }

    synchronized void settled(RunDataset outcome) {
        settling.remove(outcome.datasetId());
    }

    /** Takes over how a dataset ended by what was found when that was written down. */
    synchronized void correct(RunDataset outcome) {
        results.put(outcome.datasetId(), outcome);
    }

    synchronized RunDataset result(String datasetId) {
        RunDataset result = results.get(datasetId);
        if (result == null) {
            throw new IllegalArgumentException("Not of this run: " + datasetId);
        }
        return result;
    }

    /** How many datasets are still to be worked on, now or once more. */
    synchronized int waiting() {
        long open = results.values().stream().filter(result -> !result.ended()).count();
        return (int) Math.max(0, open - working.size());
    }

    synchronized List<RunDataset> results() {
        return List.copyOf(results.values());
    }

    /** Stops the run; the first reason counts. Gives those datasets that nobody works on. */
    synchronized List<DatasetSync> stop(ActiveRun.Stop why) {
        if (stop == null) {
            stop = why;
            stage = stage == Preparation.GOING_ON ? stage : Preparation.DONE;
        }
        List<DatasetSync> dropped = new ArrayList<>(paused.values());
        dropped.addAll(waiting);
        paused.clear();
        dropped.forEach(sync -> settling.add(sync.dataset().id()));
        waiting.clear();
        return dropped;
    }

    synchronized Optional<ActiveRun.Stop> stopped() {
        return Optional.ofNullable(stop);
    }

    synchronized List<DatasetSync> working() {
        return List.copyOf(working.values());
    }

    /** Goes on without those that do not stop when asked to. */
    synchronized void abandon(List<DatasetSync> those) {
        those.forEach(sync -> working.remove(sync.dataset().id(), sync));
        stage = Preparation.DONE;
    }

    /** Whether nothing is left to do; true for exactly one caller, who ends the run. */
    synchronized boolean close() {
        boolean idle = waiting.isEmpty() && paused.isEmpty() && working.isEmpty() && settling.isEmpty();
        if (closed || !idle || stage != Preparation.DONE) {
            return false;
        }
        closed = true;
        return true;
    }

    synchronized boolean closed() {
        return closed;
    }

    /** The end could not be written; somebody is to try again. */
    synchronized void reopen() {
        closed = false;
    }
}
