package dev.serai.connector;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.rows.SpillFolder;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

class SpoolFolderTest {
    /** Larger than any process number. */
    private static final String GONE = "4194305";

    @Test
    void keepsLargeAnswersBelowTheDataFolder() {
        RunningSerai serai = RunningSerai.shared();

        File spool = serai.bean(CamelContext.class).getStreamCachingStrategy().getSpoolDirectory();

        assertThat(spool.toPath()).startsWith(serai.folder().resolve("data/tmp/connector"));
        assertThat(spool).isDirectory();
    }

    @Test
    void aStartRemovesWhatACrashLeft(@TempDir Path place) throws Exception {
        SpillFolder living = SpillFolder.below(place);
        Path left = Files.createDirectories(place.resolve("spill-" + GONE + "-x/camel"));
        Files.writeString(left.resolve("cos1.tmp"), "rows");
        Path own = Files.writeString(living.folder("rows").resolve("rows.ndjson"), "rows");
        Path other = Files.createDirectories(place.resolve(
                "spill-" + ProcessHandle.current().parent().orElseThrow().pid() + "-x"));

        SpillFolder next = SpillFolder.below(place);

        assertThat(left.getParent()).doesNotExist();
        assertThat(own).as("of this process").exists();
        assertThat(other).as("of a process that lives").exists();
        living.remove();
        next.remove();
        assertThat(own).doesNotExist();
    }
}
