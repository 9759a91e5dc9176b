package dev.serai.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Postgres;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MetadataDatabaseTest {

    @ParameterizedTest
    @EnumSource
    void makesTheSameTablesOnBothDatabases(MetadataStore store) throws Exception {
        assertThat(columnsOf(store))
                .isEqualTo(columnsOf(MetadataStore.POSTGRESQL))
                .hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource
    void migratingAgainChangesNothing(MetadataStore store) {
        SeraiSettings settings = store.newSettings();
        assertThat(migrate(settings)).isPositive();
        assertThat(migrate(settings)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void keepsInstantsTextAndBytesAsTheyAre(MetadataStore store) {
        Instant now = Times.stored(Instant.parse("2026-10-25T00:59:59.123456789Z"));
        byte[] bytes = {0, -1, 39, 92};
        JdbcClient jdbc = store.jdbc();
        String name = store.newProject();
        jdbc.sql("insert into instance (name, content, updated_at) values (?, ?, ?)")
                .params(name, bytes, Times.param(now))
                .update();
        jdbc.sql("select * from instance where name = ?").param(name).query(row -> {
            assertThat(row.getBytes("content")).isEqualTo(bytes);
            assertThat(Times.readPresent(row, "updated_at")).isEqualTo(now).isEqualTo("2026-10-25T00:59:59.123456Z");
        });
        assertThat(jdbc.sql("select 'a''\\b' || cast(? as text)")
                        .param("{\"ключ\":\"\uD83D\uDC2B\"}")
                        .query(String.class)
                        .single())
                .isEqualTo("a'\\b{\"ключ\":\"\uD83D\uDC2B\"}");
    }

    @ParameterizedTest
    @EnumSource
    void reportsADuplicateAsSuch(MetadataStore store) {
        String name = store.newProject();
        String insert = "insert into instance (name, content, updated_at) values (?, ?, current_timestamp)";
        store.jdbc().sql(insert).params(name, new byte[1]).update();
        assertThatThrownBy(
                        () -> store.jdbc().sql(insert).params(name, new byte[1]).update())
                .isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void saysThatAnotherProcessUsesTheFile(@TempDir Path folder) throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(holder.inputReader().lines().filter("open"::equals).findFirst())
                    .isPresent();
            assertThatThrownBy(() -> MetadataDatabase.open(below(folder)))
                    .isInstanceOfSatisfying(FailureException.class, e -> {
                        assertThat(e.failure().code()).isEqualTo("metadata_in_use");
                        assertThat(new StartFailureAnalyzer()
                                        .analyze(new IllegalStateException(e))
                                        .getDescription())
                                .contains("Another process")
                                .contains("SERAI_DATA_DIR");
                    });
        } finally {
            holder.destroy();
            holder.waitFor();
        }
        MetadataDatabase.open(below(folder)).close();
    }

    @Test
    void whatWasCommittedOutlivesAKilledProcess(@TempDir Path folder) throws Exception {
        migrate(below(folder));
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(killed.waitFor()).isEqualTo(137);
        try (HikariDataSource pool = MetadataDatabase.open(below(folder))) {
            assertThat(JdbcClient.create(pool)
                            .sql("select name from instance")
                            .query(String.class)
                            .list())
                    .containsExactly("last");
        }
    }

    @Test
    void saysWhyTheDatabaseCannotBeReached() {
        Postgres.Database database = Postgres.database();
        assertThatThrownBy(() -> MetadataDatabase.open(Settings.of(Map.of(
                        "serai.metadata.url", database.url(),
                        "serai.metadata.username", database.username(),
                        "serai.metadata.password", "not-the-password"))))
                .isInstanceOf(FailureException.class)
                .hasMessageStartingWith("metadata_unreachable: ")
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("not-the-password");
    }

    @Test
    void refusesOtherDatabases() {
        assertThatThrownBy(() -> MetadataDatabase.open(
                        Settings.of(Map.of("serai.metadata.url", "jdbc:mysql://localhost/x?password=hush"))))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("SERAI_METADATA_URL")
                .hasMessageNotContaining("hush");
    }

    @Test
    void saysThatTheDataDirCannotBeMade(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> MetadataDatabase.open(below(file)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("SERAI_DATA_DIR cannot be used");
    }

    private static SeraiSettings below(Path folder) {
        return Settings.of(Map.of("serai.data-dir", folder.toString()));
    }

    private static int migrate(SeraiSettings settings) {
        try (HikariDataSource pool = MetadataDatabase.open(settings)) {
            return Flyway.configure().dataSource(pool).load().migrate().migrationsExecuted;
        }
    }

    private static List<String> columnsOf(MetadataStore store) throws Exception {
        List<String> found = new ArrayList<>();
        try (var connection = store.dataSource().getConnection()) {
            DatabaseMetaData meta = connection.getMetaData();
            try (ResultSet row = meta.getColumns(null, "public", "%", "%")) {
                while (row.next()) {
                    found.add(row.getString("TABLE_NAME") + "." + row.getString("COLUMN_NAME") + " "
                            + row.getString("IS_NULLABLE"));
                }
            }
        }
        return found.stream()
                .filter(column -> !column.startsWith("flyway_"))
                .sorted()
                .toList();
    }

    /** A process that ends without a word once it has committed. */
    static final class Killed {
        public static void main(String[] args) {
            JdbcClient.create(MetadataDatabase.open(below(Path.of(args[0]))))
                    .sql("insert into instance (name, content, updated_at) values ('last', ?, current_timestamp)")
                    .param(new byte[1])
                    .update();
            Runtime.getRuntime().halt(137);
        }
    }

    /** Another process that holds a data directory until it is ended. */
    static final class Holder {
        public static void main(String[] args) throws IOException {
            try (HikariDataSource pool = MetadataDatabase.open(below(Path.of(args[0])))) {
                System.out.println("open");
                System.in.read();
            }
        }
    }
}
