package dev.serai.connector.sql.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.connector.TestResult;
import dev.serai.connector.sql.Steps;
import dev.serai.testing.MariaDb;
import dev.serai.testing.MySql;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

/** How does one log in to a real MySQL? */
@Tag("full")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MySqlLoginTest {
    private static MySql server;
    private static MariaDb.Database database;

    @BeforeAll
    static void start() {
        server = MySql.start();
        database = server.newDatabase();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Object[] as(String user, Object... more) {
        Object[] changes = new Object[4 + more.length];
        System.arraycopy(new Object[] {"username", user, "password", "p:ss wörd'"}, 0, changes, 0, 4);
        System.arraycopy(more, 0, changes, 4, more.length);
        return changes;
    }

    private static void create(String user, String how) {
        database.executeAsAdmin(
                "CREATE USER " + user + " IDENTIFIED " + how + " BY 'p:ss wörd'''",
                "GRANT SELECT ON " + database.name() + ".* TO " + user);
    }

    private static void works(TestResult result) {
        assertThat(result.ok()).as(result.toString()).isTrue();
    }

    @Test
    void withoutTlsThePasswordTravelsUnderTheServersKeyAndThenByTheServersMemory() {
        create("sha2", "WITH caching_sha2_password");
        Object[] plain = as("sha2", "sslmode", "disable");

        works(MariaConfigs.test(database, plain));
        works(MariaConfigs.test(database, plain));

        // The server forgets, and the key is needed again.
        database.executeAsAdmin("FLUSH PRIVILEGES");
        works(MariaConfigs.test(database, plain));
    }

    @Test
    void withoutTlsAWrongPasswordIsRefusedBothByKeyAndByMemory() {
        create("mistyped", "WITH caching_sha2_password");
        for (String before : new String[] {"full", "fast"}) {
            TestResult wrong = MariaConfigs.test(
                    database, "username", "mistyped", "password", "wr0ng-secret", "sslmode", "disable");
            Steps.failed(wrong, "authenticate", "Access denied");
            assertThat(wrong.toString()).as(before).doesNotContain("wr0ng-secret");
            works(MariaConfigs.test(database, as("mistyped", "sslmode", "disable")));
        }
    }

    @Test
    void withTlsThePasswordTravelsInsideIt() throws IOException {
        create("hidden", "WITH caching_sha2_password");
        String ca = Files.readString(server.data().resolve("ca.pem"));

        works(MariaConfigs.test(database, as("hidden", "sslmode", "require")));
        works(MariaConfigs.test(database, as("hidden", "sslmode", "require")));
        works(MariaConfigs.test(database, as("hidden", "sslmode", "verify-ca", "ssl_ca", ca)));
        Steps.failed(
                MariaConfigs.test(database, as("hidden", "sslmode", "verify-full", "ssl_ca", ca)),
                "tls",
                "another host name");
        Steps.failed(
                MariaConfigs.test(database, "username", "hidden", "password", "wrong", "sslmode", "require"),
                "authenticate",
                "Access denied");
    }

    @Test
    void aUserWhoMustUseTlsIsRefusedWithoutIt() {
        create("strict", "WITH caching_sha2_password");
        database.executeAsAdmin("ALTER USER strict REQUIRE SSL");

        works(MariaConfigs.test(database, as("strict", "sslmode", "prefer")));
        Steps.failed(MariaConfigs.test(database, as("strict", "sslmode", "disable")), "authenticate", "Access denied");
    }

    @Test
    void anAccountThatIsLockedOrExpiredSaysSo() {
        create("locked", "WITH caching_sha2_password");
        create("expired", "WITH caching_sha2_password");
        database.executeAsAdmin("ALTER USER locked ACCOUNT LOCK", "ALTER USER expired PASSWORD EXPIRE");

        Steps.failed(MariaConfigs.test(database, as("locked")), "authenticate", "locked");
        Steps.failed(MariaConfigs.test(database, as("expired")), "authenticate", "password");
    }

    @Test
    void ofOlderWaysToLogInTheServerHasOneThatTheDriverLacks() {
        try (MariaDatabase admin = MariaConfigs.open(database, "username", "admin", "password", "admin")) {
            assertThat(Rows.of(
                                    admin.query(
                                            Map.of(
                                                    "sql",
                                                    "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'AUTHENTICATION' ORDER BY 1")))
                            .values())
                    .extracting(row -> row.get(0))
                    .contains("caching_sha2_password", "sha256_password")
                    .doesNotContain("mysql_native_password");
        }
        create("older", "WITH sha256_password");

        for (String mode : new String[] {"disable", "require"}) {
            Steps.failed(MariaConfigs.test(database, as("older", "sslmode", mode)), "authenticate", "sha256_password");
        }
    }
}
