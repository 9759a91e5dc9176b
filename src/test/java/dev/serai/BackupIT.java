package dev.serai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.PackagedSerai;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The commands of docs/operations.md, on a Serai that is at work and then gone. */
class BackupIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh (\\S+)\\n(.*?)^```$");

    @TempDir
    Path folder;

    private final Postgres.Database source = Postgres.database();

    @Test
    void everythingIsThereAfterARestoreElsewhere() throws Exception {
        source.execute(
                "CREATE TABLE items AS SELECT i AS id, 'item ' || i AS name FROM generate_series(1, 5000) i",
                "CREATE TABLE growing AS SELECT i AS id FROM generate_series(1, 10) i");
        Path before = Files.createDirectories(folder.resolve("before"));
        Path backup = folder.resolve("backup");
        String items;
        String growing;
        JsonNode sums;
        Map<String, String> variables = Map.of(
                "SERAI_ADMIN_PASSWORD",
                PASSWORD,
                "SERAI_REFERENCES",
                "env:SOURCE_*",
                "SOURCE_PASSWORD",
                source.password());
        try (PackagedSerai serai = PackagedSerai.start(before, List.of(), variables)) {
            HttpCaller admin = serai.admin(PASSWORD);
            items = connector(admin, "Items", source.password(), "items");
            growing = connector(admin, "Growing", Map.of("$ref", "env:SOURCE_PASSWORD"), "growing");
            assertThat(synced(admin, items)).isEqualTo("succeeded");
            assertThat(synced(admin, growing)).isEqualTo("succeeded");
            sums = sums(admin);

            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> work = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    source.execute("INSERT INTO growing SELECT max(id) + 1 FROM growing");
                    synced(admin, growing);
                }
            });
            run(
                    "backup",
                    Map.of(
                            "SERAI_DATA_DIR", before.resolve("data").toString(),
                            "BACKUP", backup.toString(),
                            "SERAI", serai.address().toString(),
                            "TOKEN", admin.token()));
            enough.set(true);
            work.get(60, TimeUnit.SECONDS);
            admin.delete("/api/connectors/" + items);
        }
        FileSystemUtils.deleteRecursively(before);

        Path after = Files.createDirectories(folder.resolve("after/elsewhere"));
        Path data = after.resolve("data");
        run("restore", Map.of("SERAI_DATA_DIR", data.toString(), "BACKUP", backup.toString()));
        Map<String, String> variablesAfter =
                Map.of("SERAI_REFERENCES", "env:SOURCE_*", "SOURCE_PASSWORD", source.password());
        try (PackagedSerai serai = PackagedSerai.start(after, List.of(), variablesAfter)) {
            HttpCaller admin = serai.admin(PASSWORD);
            assertThat(sums(admin)).isEqualTo(sums);
            for (String connector : List.of(items, growing)) {
                assertThat(admin.post("/api/connectors/" + connector + "/test", null)
                                .expect(200)
                                .path("ok")
                                .asBoolean())
                        .isTrue();
                assertThat(synced(admin, connector)).isEqualTo("succeeded");
            }
            JsonNode whole = query(admin, "SELECT count(*), count(DISTINCT id), max(id) FROM growing");
            assertThat(whole.path(0).asLong())
                    .isEqualTo(whole.path(2).asLong())
                    .isEqualTo(whole.path(1).asLong());
            assertThat(sums(admin)).isEqualTo(sums);
        }

        Files.delete(data.resolve("sign.key"));
        assertThatThrownBy(() -> PackagedSerai.start(after, List.of(), variablesAfter))
                .hasMessageContaining("The sign key is not the one that this metadata database was used with");
        assertThat(data.resolve("sign.key")).doesNotExist();
    }

    private String connector(HttpCaller admin, String name, Object password, String table) {
        Map<String, Object> config = Map.of(
                "host", source.host(),
                "port", source.port(),
                "database", source.name(),
                "username", source.username(),
                "password", password);
        String id = admin.post("/api/connectors", Map.of("name", name, "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
        admin.post("/api/datasets", Map.of("connector_id", id, "model", "public." + table, "name", table))
                .expect(201);
        return id;
    }

    /** How a sync ended; one that the backup caught is waited for. */
    private static String synced(HttpCaller admin, String connector) {
        HttpCaller.Reply started = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> admin.post("/api/connectors/" + connector + "/sync", null),
                        reply -> reply.status() != 409);
        String run = started.expect(202).path("run_id").asText();
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> admin.get("/api/runs/" + run).expect(200), now -> !now.path("ended_at")
                        .isNull())
                .path("status")
                .asText();
    }

    private static JsonNode sums(HttpCaller admin) {
        return query(admin, "SELECT count(*), sum(id), md5(string_agg(name, ',' ORDER BY id)) FROM items");
    }

    private static JsonNode query(HttpCaller admin, String sql) {
        return admin.post("/api/query", Map.of("sql", sql)).expect(200).at("/rows/0");
    }

    /** What docs/operations.md says there, word for word. */
    private void run(String block, Map<String, String> variables) throws IOException, InterruptedException {
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/operations.md")));
        Map<String, String> commands = new HashMap<>();
        while (blocks.find()) {
            commands.put(blocks.group(1), blocks.group(2));
        }
        assertThat(commands).containsKey(block);
        Path log = folder.resolve(block + ".log");
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", commands.get(block))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        bash.environment().putAll(variables);
        Process process = bash.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", Files.readString(log)).isZero();
    }
}
