package dev.serai.lake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Where one write keeps its files until they are committed: a folder below the table that readers pass over, and a lock
 * that the system takes away from a process that died. Whoever comes next finds the lock free and cleans up.
 */
final class StagingArea implements AutoCloseable {
    private static final String FOLDER = "_staging";
    private static final String LOCK = "lock";
    private static final Duration SURELY_LEFT = Duration.ofHours(1);

    /** Areas of this process: asking the system for their locks would make it forget them. */
    private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

    private final Path table;
    private final Path folder;
    private final String id;
    private final FileChannel lock;

    private StagingArea(Path table, Path folder, String id, FileChannel lock) {
        this.table = table;
        this.folder = folder;
        this.id = id;
        this.lock = lock;
    }

    static StagingArea open(Path table) throws IOException {
        String id = UUID.randomUUID().toString();
        OURS.add(id);
        // The lock is held before the folder has a name by which another could find it.
        Path hidden = hidden(table.resolve(FOLDER), "." + id);
        Path folder = hidden.resolveSibling(id);
        FileChannel lock =
                FileChannel.open(hidden.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Files.move(hidden, folder);
        return new StagingArea(table, folder, id, lock);
    }

    private static Path hidden(Path staging, String name) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return Files.createDirectory(Files.createDirectories(staging).resolve(name));
            } catch (NoSuchFileException e) {
                // The last write of before has just removed the empty folder: make it again.
                continue;
            }
        }
        throw new IOException("No folder can be made in " + staging);
    }

    /** Names the write; part of the names of its files. */
    String id() {
        return id;
    }

    Path folder() {
        return folder;
    }

    /** Gives staged files the names they will have in the table, which still does not know them. */
    Path publish(Path staged, int number) throws IOException {
        Path target = table.resolve(String.format("part-%05d-%s.zstd.parquet", number, id));
        Durable.sync(staged);
        Files.move(staged, target);
        return target;
    }

    /** Whether the commit of that version was made by this write. */
    boolean committed(long version) throws IOException {
        Path commit = CommitFiles.path(table, version);
        return Files.exists(commit) && Files.readString(commit).contains(id);
    }

    /**
     * Whether any commit names the write. All are read, as the dead left nothing to rely on: what a file of theirs says
     * may be lost or torn when the machine lost power.
     */
    private static boolean committed(Path table, String id) throws IOException {
        Path log = CommitFiles.folder(table);
        if (!Files.isDirectory(log)) {
            return false;
        }
        List<Path> commits;
        try (Stream<Path> files = Files.list(log)) {
            commits = files.filter(file -> file.toString().endsWith(".json")).toList();
        }
        for (Path commit : commits) {
            if (Files.readString(commit).contains(id)) {
                return true;
            }
        }
        return false;
    }

    /** Removes published files of a write that was not committed. */
    void withdraw() throws IOException {
        // Who deletes a dataset takes its files along, whatever is being written.
        if (Files.exists(table)) {
            withdraw(table, id);
        }
    }

    private static void withdraw(Path table, String id) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            List<Path> published = files.filter(
                            file -> file.getFileName().toString().contains(id))
                    .toList();
            for (Path file : published) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            Durable.deleteTree(folder);
        } finally {
            OURS.remove(id);
        }
        removeEmpty(table);
    }

    /** Removes what writes left behind whose process is gone. */
    static void clean(Path table) throws IOException {
        Path staging = table.resolve(FOLDER);
        if (!Files.isDirectory(staging)) {
            return;
        }
        List<Path> left;
        try (Stream<Path> folders = Files.list(staging)) {
            left = folders.filter(folder -> !OURS.contains(name(folder))).toList();
        }
        for (Path folder : left) {
            if (!folder.getFileName().toString().startsWith(".")) {
                cleanOne(table, folder);
            } else if (Files.getLastModifiedTime(folder)
                    .toInstant()
                    .isBefore(Instant.now().minus(SURELY_LEFT))) {
                Durable.deleteTree(folder);
            }
        }
        removeEmpty(table);
    }

    private static String name(Path folder) {
        String name = folder.getFileName().toString();
        return name.startsWith(".") ? name.substring(1) : name;
    }

    private static void cleanOne(Path table, Path folder) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock ours = free(channel)) {
            if (ours != null) {
                String id = folder.getFileName().toString();
                if (!committed(table, id)) {
                    withdraw(table, id);
                }
                Durable.deleteTree(folder);
            }
        } catch (NoSuchFileException e) {
            // Its owner, or another cleaner, has just removed it.
            return;
        }
    }

    private static @Nullable FileLock free(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void removeEmpty(Path table) throws IOException {
        for (Path folder : List.of(table.resolve(FOLDER), table)) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }
}
