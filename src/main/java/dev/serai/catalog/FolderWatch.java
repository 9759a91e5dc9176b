package dev.serai.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which files of a folder there are now, again whenever that changes.
 *
 * <p>It looks every second instead of asking the operating system for events: those do not come through on network
 * and container mounts. A change is told once it has lasted from one look to the next, so that a file is not read while
 * it is being written.
 */
public final class FolderWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FolderWatch.class);
    private static final long EVERY_MILLIS = 1000;
    private static final long MAX_BYTES = 1_000_000;

    private final Path folder;
    private final String suffix;
    private final ScheduledExecutorService looking;
    private Map<String, String> told;
    private Map<String, String> seen;

    /**
     * @param suffix of the names that count, such as {@code .kamelet.yaml}
     */
    public FolderWatch(Path folder, String suffix) {
        this.folder = folder;
        this.suffix = suffix;
        this.seen = Map.of();
        this.told = read();
        this.seen = told;
        this.looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "watch-" + folder.getFileName());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The texts by file name, sorted, as they were when the watch was made. */
    public synchronized Map<String, String> files() {
        return told;
    }

    /** Starts to look; {@code changed} is given all texts by file name, on a thread of the watch. */
    public void start(Consumer<Map<String, String>> changed) {
        looking.scheduleWithFixedDelay(
                () -> {
                    try {
                        look(changed);
                    } catch (RuntimeException e) {
                        // An exception would end the schedule without a word.
                        log.warn("Could not take over the changes in {}", folder, e);
                    }
                },
                EVERY_MILLIS,
                EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private synchronized void look(Consumer<Map<String, String>> changed) {
        Map<String, String> now = read();
        boolean lasts = now.equals(seen);
        seen = now;
        if (lasts && !now.equals(told)) {
            told = now;
            changed.accept(now);
        }
    }

    /** What there is now; what there was where the folder cannot be listed, for that is not the same as empty. */
    private Map<String, String> read() {
        Map<String, String> texts = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return texts;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(suffix) && !name.startsWith(".") && !Files.isDirectory(file)) {
                    texts.put(name, text(file));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("Cannot list {}: {}", folder, e.getMessage());
            return seen;
        }
        return texts;
    }

    /** What cannot be read counts as an empty text: its reader reports it. */
    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                log.warn("{} is larger than {} bytes and counts as empty", file, MAX_BYTES);
                return "";
            }
            return Files.readString(file);
        } catch (IOException e) {
            log.warn("{} cannot be read and counts as empty: {}", file, e.toString());
            return "";
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
