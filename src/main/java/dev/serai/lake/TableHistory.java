package dev.serai.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;

/** Tells a table's versions from its commits, as far back as the log is kept. */
final class TableHistory {
    private static final Pattern COMMIT = Pattern.compile("\\d{20}\\.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path table;

    TableHistory(Path table) {
        this.table = table;
    }

    /** Newest first; empty where there is no table. */
    List<TableVersion> versions() throws IOException {
        Path folder = CommitFiles.folder(table);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> commits;
        try (Stream<Path> files = Files.list(folder)) {
            commits = files.filter(file ->
                            COMMIT.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
        List<TableVersion> versions = new ArrayList<>();
        List<Column> columns = List.of();
        for (Path commit : commits) {
            Commit read = read(commit);
            List<String> changes = List.of();
            if (read.columns != null) {
                changes = versions.isEmpty() ? List.of() : SchemaChanges.between(columns, read.columns);
                columns = read.columns;
            }
            versions.add(new TableVersion(
                    version(commit),
                    Instant.ofEpochMilli(read.millis),
                    read.operation,
                    read.runId,
                    read.rows,
                    changes));
        }
        Collections.reverse(versions);
        return List.copyOf(versions);
    }

    private static long version(Path commit) {
        return Long.parseLong(commit.getFileName().toString().substring(0, 20));
    }

    private static Commit read(Path file) throws IOException {
        Commit commit = new Commit();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                commit.add(JSON.readTree(line));
            }
        }
        return commit;
    }

    private static final class Commit {
        private long millis;
        private String operation = "";
        private @Nullable String runId;
        private long rows;
        private @Nullable List<Column> columns;

        void add(JsonNode action) throws IOException {
            if (action.has("commitInfo")) {
                millis = action.at("/commitInfo/timestamp").asLong();
                operation = action.at("/commitInfo/operation").asText();
            } else if (action.has("txn")) {
                runId = action.at("/txn/appId").asText();
            } else if (action.has("metaData")) {
                columns = DeltaSchema.columns(KernelInternals.schema(
                        action.at("/metaData/schemaString").asText()));
            } else if (action.has("add")) {
                rows += JSON.readTree(action.at("/add/stats").asText("{}"))
                        .path("numRecords")
                        .asLong();
            }
        }
    }
}
