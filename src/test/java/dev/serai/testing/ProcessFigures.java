package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux says of a running process. */
public record ProcessFigures(long pid) {

    /** Memory that it has now, in megabytes. */
    public long megabytes() {
        return status("VmRSS:");
    }

    /** The most memory it had since it started or {@link #forgetPeak()} was called, in megabytes. */
    public long peakMegabytes() {
        return status("VmHWM:");
    }

    public void forgetPeak() {
        try {
            Files.writeString(of("clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time of all its threads so far. */
    public Duration cpu() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    private long status(String name) {
        try (var lines = Files.lines(of("status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path of(String file) {
        return Path.of("/proc", String.valueOf(pid), file);
    }
}
