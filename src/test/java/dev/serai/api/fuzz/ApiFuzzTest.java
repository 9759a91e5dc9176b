package dev.serai.api.fuzz;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is asked, and in whatever state: an answer as the OpenAPI file says, and a server that is as well as before.
 *
 * <p>A failure names a seed: {@code -Dserai.fuzz.seed=… -Dserai.fuzz.cases=1} runs that one case again.
 */
class ApiFuzzTest {
    private static final Logger log = LoggerFactory.getLogger(ApiFuzzTest.class);
    private static final int CASES = 1500;
    private static final int ENOUGH = Integer.getInteger("serai.fuzz.failures", 3);

    /** The same cases each time, so that a change is judged by what it changes; the soak takes others each time. */
    private static final long SEED = 20_261_123;

    /** On a busy machine there are fewer cases, and no failure. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @Test
    void everyAnswerIsAsTheFileSays() {
        run("fuzz", SEED, Integer.getInteger("serai.fuzz.cases", CASES), LONGEST);
    }

    @Test
    @Tag("soak")
    void everyAnswerIsAsTheFileSaysForLong() {
        Map<String, Integer> successes = run(
                "fuzz-soak",
                new Random().nextInt(Integer.MAX_VALUE),
                Integer.MAX_VALUE,
                Duration.ofMinutes(Integer.getInteger("serai.fuzz.minutes", 10)));
        assertThat(successes).as("an operation that no request got through to").doesNotContainValue(0);
    }

    /** How often each operation succeeded. */
    private static Map<String, Integer> run(String project, long seed, int cases, Duration longest) {
        long first = Long.getLong("serai.fuzz.seed", seed);
        log.info("Fuzzing from seed {}", first);
        Instant end = Instant.now().plus(longest);
        List<String> failures = new ArrayList<>();
        try (Fuzzer fuzzer = new Fuzzer(RunningSerai.shared(), project)) {
            Health health = new Health(fuzzer.world());
            for (int i = 0;
                    i < cases && failures.size() < ENOUGH && Instant.now().isBefore(end);
                    i++) {
                if (i % 5000 == 2000) {
                    health.memory();
                }
                fuzzer.failure(first + i).ifPresent(failures::add);
            }
            log.info("{} requests, successes {}", fuzzer.sent(), fuzzer.successes());
            assertThat(failures).as("from seed %d", first).isEmpty();
            health.check();
            return fuzzer.successes();
        }
    }
}
