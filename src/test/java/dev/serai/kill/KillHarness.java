package dev.serai.kill;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.serai.testing.MetadataStore;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;

/** Has processes sync a source that goes on changing, kills one after the other, and looks at what there is in the end. */
final class KillHarness {
    /** A killed process and what it was doing. */
    record Killed(Phase target, Map<Phase, Integer> doing) {}

    /** How long after a process came to a phase it is killed, on average, unless it stays there. */
    private static final Map<Phase, Duration> LATER = new EnumMap<>(Map.of(
            Phase.OPENING, Duration.ofMillis(3),
            Phase.READING, Duration.ofMillis(2),
            Phase.KEYS, Duration.ofMillis(2),
            Phase.MERGING, Duration.ofMillis(15),
            Phase.BEFORE_COMMIT, Duration.ofMillis(1),
            Phase.COMMITTED, Duration.ofMillis(8),
            Phase.NOTING, Duration.ofMillis(2),
            Phase.BETWEEN, Duration.ofMillis(4)));

    /** How a dataset fails whose session the source has ended. */
    private static final String BROKEN_OFF = "(connection_lost|unavailable) .*";

    private final Path folder;
    private final MetadataStore metadata;
    private final Random random;
    private final List<Kind> kinds = Kind.all();
    private final Postgres.Database source = Postgres.database();
    private final List<Killed> killed = new ArrayList<>();
    private final List<Victim.Outcome> outcomes = new ArrayList<>();
    private int runs;

    KillHarness(Path folder, MetadataStore metadata, long seed) {
        this.folder = folder;
        this.metadata = metadata;
        this.random = new Random(seed);
    }

    /**
     * @param kills processes killed
     * @param leastRuns runs begun, those that were killed counted
     */
    Figures run(int kills, int leastRuns) throws SQLException, InterruptedException {
        SourceWriters writers = new SourceWriters(source, kinds, random);
        try (writers) {
            for (int kill = 0; kill < kills; kill++) {
                kill(phase(kill), (leastRuns - runs) / (kills - kill));
            }
            if (runs < leastRuns - 1) {
                ended(leastRuns - 1 - runs);
            }
        }
        Victim last = ended(2);
        Map<String, String> datasets = last.datasets();
        kinds.stream()
                .filter(kind -> !kind.whole())
                .forEach(kind -> goesOn(kind, String.valueOf(datasets.get(kind.table()))));
        LakeJudge judge = new LakeJudge(folder, source, datasets);
        LakeJudge.Found found = judge.judge(kinds, last.outcomes());
        return new Figures(
                killed,
                runs,
                outcomes,
                writers.committed(),
                writers.brokenReads(),
                found.versions(),
                found.rows(),
                found.compared());
    }

    /** Each phase in turn. */
    private static Phase phase(int kill) {
        List<Phase> phases = List.of(Phase.values()).stream()
                .filter(phase -> phase != Phase.KEYS
                        || Kind.all().stream().anyMatch(kind -> !kind.deletes().equals("none")))
                .toList();
        return phases.get(kill % phases.size());
    }

    private void kill(Phase target, int perKill) throws InterruptedException {
        int each = target == Phase.BETWEEN ? 2 : target == Phase.KEYS ? 2 : kinds.size();
        int most = Math.max(1, each * (2 * Math.max(1, perKill) - 1));
        boolean stays = random.nextBoolean();
        Victim victim =
                new Victim(folder, source, metadata, target, 1 + random.nextInt(most), stays, Integer.MAX_VALUE);
        double later = stays
                ? 0
                : -Math.log(1 - random.nextDouble()) * LATER.get(target).toNanos();
        killed.add(new Killed(target, victim.kill(Duration.ofNanos((long) later))));
        note(victim);
    }

    private Victim ended(int count) throws InterruptedException {
        Victim victim = new Victim(folder, source, metadata, Phase.BETWEEN, Integer.MAX_VALUE, false, count);
        victim.ended();
        note(victim);
        return victim;
    }

    private void note(Victim victim) {
        runs += victim.begun();
        assertThat(victim.outcomes())
                .filteredOn(outcome -> !outcome.status().equals("succeeded"))
                .allMatch(outcome -> outcome.reason().matches(BROKEN_OFF));
        outcomes.addAll(victim.outcomes());
    }

    /** Once there are rows no run begins anew, whatever happened to those before. */
    private void goesOn(Kind kind, String dataset) {
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.dataset().equals(dataset)
                        && outcome.status().equals("succeeded")
                        && outcome.mode().equals("full"))
                .as(kind.table())
                .hasSizeLessThanOrEqualTo(1);
    }
}
