package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import dev.serai.lake.Lake;
import dev.serai.rows.SpillFolder;

/** A lake in a folder of its own, shared by all tests of the JVM: their tables have ids that no other has. */
public final class TestLake {
    private static final Lake SHARED = open();

    private TestLake() {}

    public static Lake shared() {
        return SHARED;
    }

    /** A place of the JVM for rows that do not fit into memory. */
    public static SpillFolder spool() {
        try {
            return SpillFolder.below(TestFolder.create("serai-spool"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Lake open() {
        return new Lake(Settings.of(
                Map.of("serai.data-dir", TestFolder.create("serai-lake").toString())));
    }
}
