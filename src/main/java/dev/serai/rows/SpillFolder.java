package dev.serai.rows;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * Where rows lie for a while that do not fit into memory. Its name has the process's number, so that a later one can tell
 * which folders were left by a process that is gone.
 */
public final class SpillFolder {
    private static final int MOST_ATTEMPTS = 100;
    private static final String PREFIX = "spill-";
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path folder;

    private SpillFolder(Path folder) {
        this.folder = folder;
    }

    /** A name that no other has; removes what processes that are gone left beside it. */
    public static SpillFolder below(Path parent) throws IOException {
        Files.createDirectories(parent);
        removeLeftovers(parent);
        Path folder = parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
        OURS.add(folder);
        return new SpillFolder(folder);
    }

    /** A folder in it, made now. */
    public Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    /** There once somebody made it, as DuckDB does when it needs it. */
    public Path path() {
        return folder;
    }

    /** With all that is in it. */
    public void remove() throws IOException {
        for (int attempt = 1; Files.exists(folder); attempt++) {
            try {
                FileSystemUtils.deleteRecursively(folder);
            } catch (NoSuchFileException | DirectoryNotEmptyException e) {
                // What a process used that has just ended is being removed by somebody else, too.
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
        OURS.remove(folder);
    }

    private static void removeLeftovers(Path parent) throws IOException {
        List<Path> left;
        try (Stream<Path> found = Files.list(parent)) {
            left = found.filter(SpillFolder::isLeft).toList();
        }
        for (Path folder : left) {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static boolean isLeft(Path folder) {
        String[] parts = folder.getFileName().toString().split("-", 3);
        if (OURS.contains(folder) || parts.length != 3 || !PREFIX.equals(parts[0] + "-")) {
            return false;
        }
        long process = Long.parseLong(parts[1]);
        // A process of our number that is not us was here before us.
        return process == ProcessHandle.current().pid()
                || ProcessHandle.of(process).isEmpty();
    }
}
