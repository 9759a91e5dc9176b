package dev.serai.connector.sql.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.connector.TestResult;
import dev.serai.connector.sql.Failures;
import dev.serai.connector.sql.Steps;
import dev.serai.connector.sql.TlsContract;
import dev.serai.rows.RowSource;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Rows;
import dev.serai.testing.SshGate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MariaTlsTest extends TlsContract {

    @TempDir
    static Path folder;

    private static MariaDb server;
    private static MariaDb.Database database;

    @BeforeAll
    static void start() throws IOException {
        SERVER.writeTo(folder);
        Path clients = Files.writeString(folder.resolve("clients.crt"), CLIENT.pem());
        server = MariaDb.start(
                "--ssl-cert=" + folder.resolve("server.crt"),
                "--ssl-key=" + folder.resolve("server.key"),
                "--ssl-ca=" + clients);
        database = server.newDatabase();
        database.executeAsAdmin("CREATE USER shown REQUIRE X509", "GRANT SELECT ON " + database.name() + ".* TO shown");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyModeButDisableEncryptsWhereTheServerOffersIt() {
        assertThat(cipher("disable", null)).isEmpty();
        assertThat(cipher("prefer", null)).startsWith("TLS");
        assertThat(cipher("require", null)).startsWith("TLS");
        assertThat(cipher("verify-ca", SERVER.pem())).startsWith("TLS");
        assertThat(cipher("verify-full", SERVER.pem())).startsWith("TLS");
    }

    @Test
    void aStatementIsKilledUnderTheStrictestModeToo() {
        try (MariaDatabase connector = MariaConfigs.open(database, "sslmode", "verify-full", "ssl_ca", SERVER.pem())) {
            RowSource rows = connector.read(Map.of("query", "SELECT sleep(60)"));
            Thread reader = new Thread(() -> Failures.of(() -> Rows.of(rows)));
            reader.start();
            await().until(() -> sleeping() == 1);

            rows.close();

            await().until(() -> sleeping() == 0);
        }
    }

    private static long sleeping() {
        try (MariaDatabase admin = MariaConfigs.open(database, "username", "admin", "password", "admin")) {
            return Long.parseLong(Rows.of(admin.query(Map.of(
                            "sql",
                            "SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT sleep%'")))
                    .values()
                    .get(0)
                    .get(0));
        }
    }

    @Test
    void throughATunnelItIsTheServersNameThatIsChecked() throws IOException {
        try (SshGate gate = new SshGate()) {
            Map<String, Object> way = gate.config();
            way.putAll(Map.of("sslmode", "verify-full", "ssl_ca", SERVER.pem()));
            assertThat(Steps.of(test(changes(way))))
                    .containsExactly("resolve", "connect", "tunnel", "tls", "authenticate", "authorize", "read");
            way.put("host", "127.0.0.1");
            Steps.failed(test(changes(way)), "tls", "another host name");
            way.put("ssl_ca", STRANGER.pem());
            Steps.failed(test(changes(way)), "tls", "handshake failed");
        }
    }

    private static Object[] changes(Map<String, Object> config) {
        return config.entrySet().stream()
                .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                .toArray();
    }

    @Override
    protected String refusal() {
        return "Access denied";
    }

    @Override
    protected TestResult test(Object... changes) {
        return MariaConfigs.test(database, changes);
    }

    private static String cipher(String mode, String ca) {
        try (MariaDatabase connector = MariaConfigs.open(database, "sslmode", mode, "ssl_ca", ca)) {
            return Rows.of(connector.query(Map.of("sql", "SHOW STATUS LIKE 'Ssl_cipher'")))
                    .values()
                    .get(0)
                    .get(1);
        }
    }
}
