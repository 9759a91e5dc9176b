package dev.serai.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which threads give way to those that answer people? Those that copy data, and the threads they start: Linux keeps a
 * nice value for each thread, which Java cannot set, but {@code renice} can. Elsewhere all threads stay equal.
 */
public final class GivingWay {
    private static final Logger LOG = LoggerFactory.getLogger(GivingWay.class);
    private static final Path SELF = Path.of("/proc/thread-self");
    private static final String NICE = "10";

    private GivingWay() {}

    /** Threads that give way from their first moment on. */
    public static ThreadFactory of(ThreadFactory threads) {
        return task -> threads.newThread(() -> {
            begin();
            task.run();
        });
    }

    /** What starts threads. */
    @FunctionalInterface
    public interface Start<T> {
        T call() throws SQLException;
    }

    /** Does something on a thread that gives way, so that the threads which it starts do too. */
    public static <T> T call(String name, Start<T> start) throws SQLException {
        FutureTask<T> task = new FutureTask<>(start::call);
        of(run -> new Thread(run, name)).newThread(task).start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void begin() {
        if (!Files.isSymbolicLink(SELF)) {
            return;
        }
        try {
            String thread = Files.readSymbolicLink(SELF).getFileName().toString();
            ProcessBuilder program = new ProcessBuilder("renice", "-n", NICE, "-p", thread)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            // What Serai was started with, such as its keys, is not for others.
            program.environment().keySet().retainAll(Set.of("PATH"));
            Process renice = program.start();
            if (!renice.waitFor(1, TimeUnit.SECONDS) || renice.exitValue() != 0) {
                LOG.debug("Thread {} keeps its priority", thread);
            }
        } catch (IOException e) {
            LOG.debug("This machine has no renice", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
