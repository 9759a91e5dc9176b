package dev.serai.connector.sql.mariadb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.connector.TestResult;
import dev.serai.connector.sql.Steps;
import dev.serai.testing.MariaDb;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MariaProbeTest {
    private static final MariaDb.Database DATABASE = MariaDb.database();

    @BeforeAll
    static void create() {
        DATABASE.execute("CREATE TABLE orders (id int PRIMARY KEY)", "INSERT INTO orders VALUES (1)");
    }

    @Test
    void walksEveryStepUpToARow() {
        TestResult result = MariaConfigs.test(DATABASE);

        assertThat(result.ok()).as(result.toString()).isTrue();
        assertThat(Steps.of(result)).containsExactly("resolve", "connect", "tls", "authenticate", "authorize", "read");
        assertThat(Steps.of(MariaConfigs.test(DATABASE, "sslmode", "disable")))
                .containsExactly("resolve", "connect", "authenticate", "authorize", "read");
    }

    @Test
    void anEmptyDatabaseIsNoFault() {
        assertThat(MariaConfigs.test(MariaDb.database()).ok()).isTrue();
    }

    @Test
    void anUnknownHostFailsInResolve() {
        Steps.failed(MariaConfigs.test(DATABASE, "host", "no-such-host.invalid"), "resolve", "host");
    }

    @Test
    void aClosedPortFailsInConnect() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Steps.failed(MariaConfigs.test(DATABASE, "port", port), "connect", "Nobody accepts connections");
    }

    @Test
    void aMutePortTimesOut() throws IOException {
        try (var mute = new ServerSocket(0, 5, InetAddress.getByName("localhost"))) {
            TestResult result = MariaConfigs.test(DATABASE, "port", mute.getLocalPort(), "connect_timeout", 1);

            assertThat(result.category()).isEqualTo("timeout");
            assertThat(result.latencyMs()).isBetween(900L, 5000L);
        }
    }

    @Test
    void aWrongPasswordFailsInAuthenticateAndIsNotTold() {
        for (String mode : new String[] {"prefer", "disable"}) {
            TestResult result = MariaConfigs.test(DATABASE, "password", "wr0ng-secret", "sslmode", mode);

            Steps.failed(result, "authenticate", "Access denied");
            assertThat(result.toString()).doesNotContain("wr0ng-secret");
        }
    }

    @Test
    void aMissingDatabaseFailsInAuthorize() {
        DATABASE.executeAsAdmin("CREATE USER looker IDENTIFIED BY 'x'", "GRANT SELECT ON *.* TO looker");

        Steps.failed(
                MariaConfigs.test(DATABASE, "database", "nowhere", "username", "looker", "password", "x"),
                "authorize",
                "no such database");
    }

    @Test
    void aDatabaseWithoutAnyRightFailsInAuthorize() {
        Steps.failed(MariaConfigs.test(DATABASE, "database", MariaDb.database().name()), "authorize", "denied");
    }

    @Test
    void aRelationThatMayBeSeenButNotReadFailsInAuthorize() {
        MariaDb.Database other = MariaDb.database();
        other.execute("CREATE TABLE t (id int)");
        other.executeAsAdmin("CREATE USER blind IDENTIFIED BY 'x'", "GRANT INSERT ON " + other.name() + ".t TO blind");

        Steps.failed(MariaConfigs.test(other, "username", "blind", "password", "x"), "authorize", "denied");
    }

    @Test
    void aRelationThatFailsToAnswerFailsInRead() {
        MariaDb.Database broken = MariaDb.database();
        broken.execute(
                "CREATE FUNCTION fail() RETURNS int READS SQL DATA BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not today'; RETURN 1; END",
                "CREATE VIEW v AS SELECT 1 FROM DUAL WHERE fail() = 1");

        Steps.failed(MariaConfigs.test(broken), "read", "not today");
    }

    @Test
    void noTlsFailsInTlsWhereTheModeInsistsOnIt() throws IOException {
        byte[] refusal = "\u00ff\u0015\u0004#28000Access denied".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        try (ForgedMariaDb plain = new ForgedMariaDb(true, refusal)) {
            for (String mode : new String[] {"require", "verify-ca", "verify-full"}) {
                Steps.failed(MariaConfigs.test(plain.database(), "sslmode", mode), "tls", "offers no TLS");
            }
            TestResult preferred = MariaConfigs.test(plain.database(), "sslmode", "prefer");
            assertThat(Steps.of(preferred)).containsExactly("resolve", "connect", "authenticate");
            assertThat(preferred.category()).isEqualTo("authenticate");
        }
    }
}
