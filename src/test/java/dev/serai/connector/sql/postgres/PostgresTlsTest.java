package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import dev.serai.testing.Postgres;
import dev.serai.testing.Rows;
import dev.serai.testing.SshGate;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresTlsTest extends TlsContract {

    @TempDir
    static Path folder;

    private static Postgres server;
    private static Postgres.Database database;

    @BeforeAll
    static void start() throws IOException {
        SERVER.writeTo(folder);
        Path clients = Files.writeString(folder.resolve("clients.crt"), CLIENT.pem());
        Path access = Files.writeString(
                folder.resolve("access.conf"),
                """
                host all postgres all trust
                hostssl all shown all cert
                host all all all scram-sha-256
                """);
        server = Postgres.start(Map.of(
                "ssl", "on",
                "ssl_cert_file", folder.resolve("server.crt").toString(),
                "ssl_key_file", folder.resolve("server.key").toString(),
                "ssl_ca_file", clients.toString(),
                "hba_file", access.toString()));
        database = server.newDatabase();
        database.execute("CREATE TABLE t AS SELECT ssl FROM pg_stat_ssl WHERE false");
        database.executeAsSuperuser("CREATE ROLE shown LOGIN", "GRANT SELECT ON t TO shown");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void everyModeButDisableEncryptsWhereTheServerOffersIt() {
        assertThat(encrypted("disable", null)).isEqualTo("false");
        assertThat(encrypted("prefer", null)).isEqualTo("true");
        assertThat(encrypted("require", null)).isEqualTo("true");
        assertThat(encrypted("verify-ca", SERVER.pem())).isEqualTo("true");
        assertThat(encrypted("verify-full", SERVER.pem())).isEqualTo("true");
    }

    @Test
    void bothTheTestAndTheReadRefuseWhatTheModeForbids() {
        try (PostgresDatabase connector =
                PostgresConfigs.open(database, "sslmode", "verify-full", "ssl_ca", STRANGER.pem())) {
            assertThat(Failures.of(() -> connector.models(Map.of())).toString()).contains("TLS", "tls_failed");
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

    @Test
    void throughATunnelAClientCertificateLogsInAsWithoutOne() throws IOException {
        try (SshGate gate = new SshGate()) {
            Map<String, Object> way = gate.config();
            way.putAll(Map.of(
                    "username",
                    "shown",
                    "password",
                    "",
                    "sslmode",
                    "verify-full",
                    "ssl_ca",
                    SERVER.pem(),
                    "ssl_client_cert",
                    CLIENT.pem(),
                    "ssl_client_key",
                    CLIENT.key()));
            TestResult shown = test(changes(way));
            assertThat(shown.ok()).as(shown.toString()).isTrue();
            try (PostgresDatabase connector = PostgresConfigs.open(database, changes(way))) {
                assertThat(Rows.of(connector.read(Map.of(
                                        "query", "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()")))
                                .values())
                        .containsExactly(List.of("/CN=shown"));
            }
            assertThat(gate.logins()).as("of the test and of the read").isEqualTo(2);

            way.remove("ssl_client_cert");
            way.remove("ssl_client_key");
            Steps.failed(test(changes(way)), "authenticate", refusal());
        }
    }

    private static Object[] changes(Map<String, Object> config) {
        return config.entrySet().stream()
                .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                .toArray();
    }

    @Override
    protected String refusal() {
        return "certificate";
    }

    @Override
    protected TestResult test(Object... changes) {
        try (PostgresDatabase connector = PostgresConfigs.open(database, changes)) {
            return connector.test();
        }
    }

    private static String encrypted(String mode, String ca) {
        try (PostgresDatabase connector = PostgresConfigs.open(database, "sslmode", mode, "ssl_ca", ca)) {
            return Rows.of(connector.read(Map.of("query", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")))
                    .values()
                    .get(0)
                    .get(0);
        }
    }
}
