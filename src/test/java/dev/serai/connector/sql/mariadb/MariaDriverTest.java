package dev.serai.connector.sql.mariadb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.sql.Failures;
import dev.serai.connector.sql.Steps;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Rows;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** What neither a config nor a server can make MariaDB's driver do. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MariaDriverTest {

    @Test
    void sendsNoFileToAServerThatAsksForOne(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("private"), "private-content");
        byte[] demand = ("\u00fb" + file).getBytes(StandardCharsets.ISO_8859_1);
        try (ForgedMariaDb server = new ForgedMariaDb(false, demand);
                MariaDatabase database = MariaConfigs.open(server.database())) {
            assertThat(catchThrowable(() -> Rows.of(database.query(Map.of("sql", "SELECT 1")))))
                    .isNotNull();

            assertThat(server.told()).contains("utf8mb4").doesNotContain("private-content");
        }
    }

    @Test
    void tellsNoPasswordToAServerThatAsksForIt() throws Exception {
        for (String way : List.of("mysql_clear_password", "dialog")) {
            byte[] demand = ("\u00fe" + way + "\0Password: ").getBytes(StandardCharsets.ISO_8859_1);
            try (ForgedMariaDb server = new ForgedMariaDb(true, demand)) {
                Steps.failed(MariaConfigs.test(server.database(), "sslmode", "disable"), "authenticate", "log in");

                assertThat(server.told()).contains("reader").doesNotContain("hush-hush");
            }
        }
    }

    @Test
    void takesTheDatabasesNameForNothingButAName() {
        MariaDb.Database database = MariaDb.database();
        String name = "a?allowLocalInfile=true&b/c,d%2F`é'\":@";
        String quoted = MariaQuestion.quoted(name);
        database.executeAsAdmin(
                "CREATE DATABASE " + quoted,
                "CREATE TABLE " + quoted + ".t AS SELECT 7 AS n",
                "GRANT ALL ON " + quoted + ".* TO " + database.username());
        try (MariaDatabase connector = MariaConfigs.open(database, "database", name)) {
            assertThat(connector.models(Map.of()).at("/items/0/schema").asText())
                    .isEqualTo(name);
            assertThat(Rows.of(connector.query(Map.of("sql", "SELECT n, DATABASE() FROM t")))
                            .values())
                    .containsExactly(List.of("7", name));
        }
    }

    @Test
    void connectsToNoAddressThatIsForbidden() {
        MariaDb.Database database = MariaDb.database();
        var egress = new EgressPolicy(Settings.of(Map.of("serai.egress.private", "deny")));
        try (MariaDatabase connector = new MariaDatabase(MariaConfigs.config(database), egress)) {
            Steps.failed(connector.test(), "resolve", "not allowed");
            assertThat(Failures.of(() -> connector.models(Map.of())).code()).isEqualTo("address_denied");
        }
    }
}
