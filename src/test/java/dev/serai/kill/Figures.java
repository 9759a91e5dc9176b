package dev.serai.kill;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a harness saw.
 *
 * @param runs begun, those that were killed counted
 * @param transactions that were committed at the source meanwhile
 * @param brokenReads sessions that the source ended in the middle of a read
 * @param versions of all datasets, each read
 * @param versionRows rows of all versions
 * @param compared rows compared with the source's in the end, by each of two readers
 */
record Figures(
        List<KillHarness.Killed> killed,
        int runs,
        List<Victim.Outcome> outcomes,
        long transactions,
        long brokenReads,
        long versions,
        long versionRows,
        long compared) {

    /** Datasets that were in a phase when their process was killed. */
    Map<Phase, Integer> datasetsByPhase() {
        Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
        killed.forEach(kill -> kill.doing().forEach((phase, count) -> phases.merge(phase, count, Integer::sum)));
        return phases;
    }

    /** Kills that hit at least one dataset in a phase. */
    Map<Phase, Integer> killsByPhase() {
        Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
        killed.forEach(kill -> kill.doing().keySet().forEach(phase -> phases.merge(phase, 1, Integer::sum)));
        return phases;
    }

    private Map<String, Integer> endings() {
        Map<String, Integer> endings = new TreeMap<>();
        outcomes.forEach(outcome -> endings.merge(
                outcome.status() + " "
                        + (outcome.status().equals("succeeded")
                                ? outcome.mode()
                                : outcome.reason().replaceFirst(" .*", "")),
                1,
                Integer::sum));
        return endings;
    }

    @Override
    public String toString() {
        return "kills " + killed.size() + " " + killsByPhase() + " (datasets in each phase " + datasetsByPhase()
                + ")\nruns " + runs
                + ", datasets that ended " + endings() + "\ntransactions at the source " + transactions
                + ", reads it broke off "
                + brokenReads + "\nversions read " + versions + " with " + versionRows
                + " rows\nrows compared in the end "
                + compared + ", by two readers";
    }
}
