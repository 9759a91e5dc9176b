package dev.serai.connector.file;

import java.util.List;
import java.util.Map;

import dev.serai.connector.TestResult;

/** What stands behind a connector whose rows come by upload: there is nothing to reach, only a config to read. */
public final class UploadedFiles {
    private static final List<String> FIELDS = List.of("delimiter", "encoding", "header", "quote");

    private final Map<String, Object> config;

    public UploadedFiles(Map<String, Object> config) {
        this.config = config;
        // What is said of files is read with each upload; a config that cannot be had is to be noticed here.
        FIELDS.forEach(config::get);
    }

    /** Whether its config can be had; there are no steps on the way to nowhere. */
    public TestResult test() {
        FIELDS.forEach(config::get);
        return new TestResult(true, 0, null, null, List.of());
    }
}
