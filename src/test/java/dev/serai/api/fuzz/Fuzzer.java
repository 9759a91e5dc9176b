package dev.serai.api.fuzz;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import org.instancio.Instancio;
import org.instancio.Select;

import dev.serai.testing.RunningSerai;

/** Runs cases against a server, each from a seed of its own, and makes the failing ones small. */
final class Fuzzer implements AutoCloseable {
    private static final int MOST_SHRINKING = 200;

    private final World world;
    private final ApiFile file;
    private final Judge judge;
    private final Wire wire;
    private final Cases cases;
    private final ServerLog log;
    private final Map<String, Integer> successes = new TreeMap<>();
    private int sent;

    Fuzzer(RunningSerai serai, String project) {
        String yaml = serai.nobody().get("/api/openapi.yaml").text();
        world = new World(serai, project);
        file = new ApiFile(yaml);
        judge = new Judge(yaml, world);
        wire = new Wire(serai.address());
        JsonNode type = world.admin().get("/api/connectors/catalog/postgresql").expect(200);
        cases = new Cases(file, new Values(file, type.path("config_schema")));
        log = new ServerLog(world.secrets());
    }

    /** What is wrong with the case of a seed, and how to see it again; empty for nothing. */
    Optional<String> failure(long seed) {
        Case one = generate(seed);
        List<String> faults = faults(one);
        if (faults.isEmpty()) {
            return Optional.empty();
        }
        Case small = shrunk(one);
        List<String> left = faults(small);
        return Optional.of("-Dserai.fuzz.seed=" + seed + " -Dserai.fuzz.cases=1\n" + small + "\n"
                + String.join("\n", left.isEmpty() ? faults : left));
    }

    private Case generate(long seed) {
        return Instancio.of(Case.class)
                .supply(Select.root(), cases)
                .withSeed(seed)
                .create();
    }

    /** What is wrong with the answers to a case; empty for nothing. */
    private List<String> faults(Case one) {
        log.taken();
        List<String> faults = new ArrayList<>();
        if (one.together()) {
            one.steps().stream()
                    .map(step -> CompletableFuture.supplyAsync(() -> answered(step)))
                    .toList()
                    .forEach(answer -> faults.addAll(answer.join()));
        } else {
            one.steps().forEach(step -> faults.addAll(answered(step)));
        }
        world.tidy();
        faults.addAll(log.taken());
        return faults;
    }

    private List<String> answered(Draft draft) {
        Draft resolved = world.resolved(draft);
        try {
            Wire.Answer answer = wire.send(resolved);
            List<String> faults = judge.faults(draft, resolved, answer);
            note(resolved, draft, answer);
            return faults.stream()
                    .map(fault -> fault + "\n    to   " + resolved + "\n    came " + answer.status() + " "
                            + answer.headers() + " " + cut(answer.text()))
                    .toList();
        } catch (IOException | RuntimeException e) {
            return List.of("no answer: " + e + "\n    to   " + resolved);
        }
    }

    private synchronized void note(Draft resolved, Draft draft, Wire.Answer answer) {
        sent++;
        file.find(resolved.method(), resolved.path()).ifPresent(operation -> {
            world.learn(operation, draft, answer);
            successes.merge(operation.id(), answer.status() < 400 ? 1 : 0, Integer::sum);
        });
    }

    private static String cut(String text) {
        return text.length() <= 2000 ? text : text.substring(0, 2000) + "…";
    }

    /** The smallest failing case that a few tries find. */
    private Case shrunk(Case failing) {
        Case smallest = failing;
        int tries = MOST_SHRINKING;
        for (boolean again = true; again && tries > 0; ) {
            again = false;
            for (Case smaller : Shrinks.of(smallest)) {
                if (tries-- <= 0) {
                    break;
                }
                if (!faults(smaller).isEmpty()) {
                    smallest = smaller;
                    again = true;
                    break;
                }
            }
        }
        return smallest;
    }

    World world() {
        return world;
    }

    int sent() {
        return sent;
    }

    /** How often each operation that was asked for succeeded. */
    Map<String, Integer> successes() {
        return successes;
    }

    @Override
    public void close() {
        log.close();
    }
}
