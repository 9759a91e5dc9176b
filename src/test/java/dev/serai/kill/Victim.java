package dev.serai.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.serai.sync.KilledProcess;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;

/** A running {@link KilledProcess}, and what it told until its end. */
final class Victim {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** What came of a dataset in a run. */
    record Outcome(String run, String dataset, String status, String mode, String version, String reason) {}

    private final Process process;
    private final Path log;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CompletableFuture<Void> told;
    private final Map<String, Phase> phases = new LinkedHashMap<>();
    private final Map<String, String> datasets = new HashMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private String last = "-";
    private int begun;

    /**
     * @param target where it is to be killed
     * @param nth at which time
     * @param runs after which it ends by itself
     */
    Victim(
            Path folder,
            Postgres.Database source,
            MetadataStore metadata,
            Phase target,
            int nth,
            boolean stays,
            int runs) {
        log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(
                metadata == MetadataStore.H2
                        ? List.of("-D" + MetadataStore.FOLDER + "=" + folder.resolve("data"))
                        : metadata.share());
        command.addAll(List.of(
                KilledProcess.class.getName(),
                folder.toString(),
                source.host(),
                String.valueOf(source.port()),
                source.name(),
                source.username(),
                source.password(),
                metadata.name(),
                target.name(),
                String.valueOf(nth),
                String.valueOf(stays),
                String.valueOf(runs)));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        told = CompletableFuture.runAsync(this::listen);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("@ ")) {
                    hear(line.split(" ", 8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            reached.countDown();
        }
    }

    private synchronized void hear(String[] words) {
        switch (words[1]) {
            case "step" -> {
                Phase phase = Phase.valueOf(words[3]);
                if (phase == Phase.BETWEEN) {
                    phases.clear();
                } else {
                    phases.remove("-");
                }
                phases.put(words[2], phase);
                last = words[2];
            }
            case "target" -> reached.countDown();
            case "dataset" -> datasets.put(words[2], words[3]);
            case "begun" -> begun++;
            case "outcome" -> outcomes.add(new Outcome(words[2], words[3], words[4], words[5], words[6], words[7]));
            default -> throw new IllegalStateException(String.join(" ", words));
        }
    }

    /** Waits until it is where it is to be killed, a while longer, and kills it. Gives what it was doing. */
    Map<Phase, Integer> kill(Duration later) throws InterruptedException {
        boolean there = reached.await(LONGEST.toSeconds(), TimeUnit.SECONDS) && process.isAlive();
        if (there) {
            LockSupport.parkNanos(later.toNanos());
        }
        kill();
        told.join();
        assertThat(there).as("%s", tail()).isTrue();
        return doing();
    }

    /** As {@code kill -9} does; what it told before is still read. */
    private void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Waits for its end. */
    void ended() throws InterruptedException {
        boolean ended = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
        kill();
        told.join();
        assertThat(ended && process.exitValue() == 0).as("%s", tail()).isTrue();
    }

    /** How many datasets were in which phase; those that were done only where nothing has happened since. */
    private synchronized Map<Phase, Integer> doing() {
        Map<Phase, Integer> doing = new EnumMap<>(Phase.class);
        phases.forEach((table, phase) -> {
            if (phase != Phase.NOTING || table.equals(last)) {
                doing.merge(phase, 1, Integer::sum);
            }
        });
        return doing;
    }

    /** The datasets' ids by their tables. */
    synchronized Map<String, String> datasets() {
        return Map.copyOf(datasets);
    }

    synchronized List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** Runs that were begun. */
    synchronized int begun() {
        return begun;
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
