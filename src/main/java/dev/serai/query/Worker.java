package dev.serai.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** A process of {@link QueryProgram}; who has it uses it alone. */
final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** The JVM's own share, for what is encoded. */
    private static final int HEAP_MEGABYTES = 128;

    private static final int HEAP_SPENT = 3;
    private static final int KILLED = 128 + 9;
    private static final long PAGE = 4096;

    /** Of Spring Boot's jar that holds jars; only it can load classes from there. */
    private static final String LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";

    private final Process process;
    private final Wire wire;
    private final Path memory;
    private boolean ready;

    private Worker(Process process) {
        this.process = process;
        this.wire = new Wire(process.getInputStream(), process.getOutputStream());
        this.memory = Path.of("/proc", String.valueOf(process.pid()), "statm");
    }

    /** Starts one, without waiting until it is there. */
    static Worker start(Path folder, Sandbox.Limits limits) throws IOException {
        Files.createDirectories(folder);
        ProcessBuilder builder = new ProcessBuilder(command(folder, limits));
        // What Serai was started with, such as its keys, is not for this process; how names of files are spelt is.
        builder.environment().keySet().retainAll(Set.of("LD_LIBRARY_PATH", "SystemRoot", "LANG", "LC_ALL", "LC_CTYPE"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        process.onExit().thenRun(() -> remove(folder));
        return new Worker(process);
    }

    private static List<String> command(Path folder, Sandbox.Limits limits) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+SuppressFatalErrorMessage",
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.io.tmpdir=" + folder,
                "-Dlogback.configurationFile=query-process-logback.xml",
                "-cp",
                System.getProperty("java.class.path")));
        String program = QueryProgram.class.getName();
        if (ClassLoader.getSystemResource(LAUNCHER.replace('.', '/') + ".class") == null) {
            command.add(program);
        } else {
            command.add("-Dloader.main=" + program);
            command.add(LAUNCHER);
        }
        command.add(folder.toString());
        command.add(String.valueOf(limits.threads()));
        command.add(String.valueOf(limits.memoryBytes()));
        command.add(String.valueOf(limits.spillBytes()));
        return command;
    }

    /** Waits until the process is there. */
    void awaitStart() throws IOException {
        if (!ready) {
            wire.receive(Wire.Kind.READY);
            ready = true;
        }
    }

    Wire wire() {
        return wire;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Bytes of its own, without what it shares with files; 0 where the system does not tell. */
    long memory() {
        try {
            String[] pages = Files.readString(memory).split(" ", 4);
            return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE;
        } catch (IOException e) {
            LOG.debug("The memory of a query's process is not known", e);
            return 0;
        }
    }

    /** Whether it ended because its memory was spent: its heap's, or the machine's, where the kernel chose it. */
    boolean endedForMemory() throws InterruptedException {
        return process.waitFor(1, TimeUnit.SECONDS)
                && Set.of(HEAP_SPENT, KILLED).contains(process.exitValue());
    }

    /** Ends it at once, whatever it does; its folder goes with it. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits until it has gone after {@link #kill}. */
    void awaitEnd() throws InterruptedException {
        process.onExit().join();
    }

    private static void remove(Path folder) {
        try {
            if (Files.exists(folder)) {
                FileSystemUtils.deleteRecursively(folder);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("Serai itself, which is stopping, was faster", e);
        } catch (IOException e) {
            LOG.warn("The folder of a query's process could not be removed", e);
        }
    }
}
