package dev.serai.lake;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.serai.rows.Cancellation;
import dev.serai.testing.Settings;

/** A process of its own that starts a write, says so by a file, and never ends it. */
final class InterruptedWriter {
    private InterruptedWriter() {}

    /** @param arguments the data folder and the file to make once rows are being written */
    public static void main(String[] arguments) throws Exception {
        Lake lake = new Lake(Settings.of(Map.of("serai.data-dir", arguments[0])));
        Sources.Held held = new Sources.Held();
        Thread telling = new Thread(() -> {
            try {
                held.started.await();
                Files.createFile(Path.of(arguments[1]));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        telling.start();
        lake.replace(
                new TableId("default", "dat_1"),
                held,
                new CommitRequest("run_killed", null, rows -> {}, new Cancellation()));
    }
}
