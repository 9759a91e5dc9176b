package dev.serai.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A disk without room, for the lake, for its log, for DuckDB's own files, for the metadata. */
@Tag("full")
class FullDiskTest {
    /** In a name space of its own, so that the disk goes with the process. */
    private static final String ON_A_SMALL_DISK = "mount -t tmpfs -o size=64m small \"$1\" && shift && exec \"$@\"";

    private static Path quiet(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("logback.xml"),
                """
                <configuration>
                  <appender name="err" class="ch.qos.logback.core.ConsoleAppender">
                    <target>System.err</target>
                    <encoder><pattern>%level %logger{0} %msg%n%ex{3}</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="err"/></root>
                </configuration>
                """);
    }

    @Test
    void writesFailWithAReasonLeaveNothingAndGoOnWhenThereIsRoomAgain(@TempDir Path folder) throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        Path large = Files.createDirectory(folder.resolve("large"));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(List.of(
                        "unshare",
                        "--mount",
                        "--map-root-user",
                        "sh",
                        "-c",
                        ON_A_SMALL_DISK,
                        "sh",
                        small.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-Xmx700m",
                        "-Dlogback.configurationFile=" + quiet(folder),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDiskProcess.class.getName(),
                        small.toString(),
                        large.toString()))
                .redirectError(log.toFile())
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(Files.readString(log) + told).isZero();
        assertThat(told.lines().filter(line -> line.matches("[a-z ]+: .*")))
                .as(told)
                .containsExactly(
                        "rows: disk_full true, [[old, 10]], nothing left",
                        "text: disk_full true, [[old, 10]], nothing left",
                        "no room at all: disk_full true, [[old, 10]], nothing left",
                        "lake then: [[next, 20]]",
                        "commit: disk_full true, [[old, 10]], nothing left",
                        "commit then: [[next, 20]]",
                        "spill: disk_full true, [[old, 10]], nothing left",
                        "spill then: [[next, 400000]]");
    }
}
