package dev.serai.lake;

import java.nio.file.Path;

/** Where the commits of a table lie. */
final class CommitFiles {
    private CommitFiles() {}

    static Path folder(Path table) {
        return table.resolve("_delta_log");
    }

    static Path path(Path table, long version) {
        return folder(table).resolve(String.format("%020d.json", version));
    }
}
