package dev.serai.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

import dev.serai.testing.RunningSerai;

/** The processes of one Serai's queries, as the system sees them. */
record QueryProcesses(RunningSerai serai) {
    private static final long PAGE = 4096;

    List<ProcessHandle> all() {
        String folder = serai.folder().toString();
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(child -> child.info().commandLine().orElse("").contains(folder))
                .toList();
    }

    /** Bytes of their own that all together hold. */
    long memory() {
        return all().stream().mapToLong(process -> memory(process.pid())).sum();
    }

    private static long memory(long process) {
        try {
            String[] pages =
                    Files.readString(Path.of("/proc/" + process + "/statm")).split(" ");
            return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            // It ended while it was read.
            return 0;
        }
    }

    /** What their folders hold, without the libraries that each unpacks at its start. */
    List<Path> files() throws IOException {
        Path folder = serai.folder().resolve("data/tmp/query");
        try (var found = Files.find(folder, 9, (path, attributes) -> attributes.isRegularFile())) {
            return found.filter(path -> !path.toString().matches(".*(libduckdb_java|jnilib-).*"))
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            return List.of(folder);
        }
    }
}
