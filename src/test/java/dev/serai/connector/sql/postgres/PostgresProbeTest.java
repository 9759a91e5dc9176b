package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.connector.sql.Steps;
import dev.serai.testing.Postgres;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PostgresProbeTest {
    private static final Postgres.Database DATABASE = Postgres.database();

    @BeforeAll
    static void create() {
        DATABASE.execute("CREATE TABLE orders (id int PRIMARY KEY)", "INSERT INTO orders VALUES (1)");
    }

    @Test
    void walksEveryStepUpToARow() {
        TestResult result = test();

        assertThat(result.ok()).isTrue();
        assertThat(result.error()).isNull();
        assertThat(result.category()).isNull();
        assertThat(Steps.of(result)).containsExactly("resolve", "connect", "authenticate", "authorize", "read");
        assertThat(result.steps()).allMatch(step -> step.latencyMs() >= 0 && step.ok());
    }

    @Test
    void anEmptyDatabaseIsNoFault() {
        Postgres.Database empty = Postgres.database();

        assertThat(test(empty).ok()).isTrue();
    }

    @Test
    void anUnknownHostFailsInResolve() {
        Steps.failed(test("host", "no-such-host.invalid"), "resolve", "host");
    }

    @Test
    void anAddressThatEgressForbidsFailsInResolve() {
        var egress = new EgressPolicy(Settings.of(Map.of("serai.egress.private", "deny")));
        try (var database = new PostgresDatabase(PostgresConfigs.config(DATABASE), egress)) {
            Steps.failed(database.test(), "resolve", "not allowed");
        }
    }

    @Test
    void aClosedPortFailsInConnect() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Steps.failed(test("port", port), "connect", "Nobody accepts connections");
    }

    @Test
    void aMutePortTimesOutWhereverTheAnswerIsMissed() throws IOException {
        try (var mute = new ServerSocket(0, 5, InetAddress.getByName("localhost"))) {
            TestResult tls = test("port", mute.getLocalPort(), "connect_timeout", 1);
            assertThat(tls.category()).isEqualTo("timeout");
            assertThat(Steps.of(tls)).containsExactly("resolve", "connect", "tls");

            TestResult plain = test("port", mute.getLocalPort(), "connect_timeout", 1, "sslmode", "disable");
            assertThat(plain.category()).isEqualTo("timeout");
            assertThat(Steps.of(plain)).containsExactly("resolve", "connect", "authenticate");
            assertThat(plain.latencyMs()).isBetween(900L, 5000L);
        }
    }

    @Test
    @Tag("full")
    void aMutePortIsGivenUpWithinFifteenSecondsHoweverPatientTheConfig() throws IOException {
        try (var mute = new ServerSocket(0, 5, InetAddress.getByName("localhost"))) {
            TestResult result = test("port", mute.getLocalPort(), "connect_timeout", 300, "sslmode", "require");

            assertThat(result.category()).isEqualTo("timeout");
            assertThat(result.latencyMs()).isLessThan(16_000);
        }
    }

    @Test
    void aWrongPasswordFailsInAuthenticateAndIsNotTold() {
        TestResult result = test("password", "wr0ng-secret");

        Steps.failed(result, "authenticate", "password authentication failed");
        assertThat(result.toString()).doesNotContain("wr0ng-secret");
    }

    @Test
    void aMissingPasswordFailsInAuthenticate() {
        Steps.failed(test("password", ""), "authenticate", "password");
    }

    @Test
    void aMissingDatabaseFailsInAuthorize() {
        TestResult result = test("database", "nowhere");

        Steps.failed(result, "authorize", "nowhere");
        assertThat(Steps.of(result)).containsExactly("resolve", "connect", "authenticate", "authorize");
    }

    @Test
    void aDatabaseWithoutTheRightToConnectFailsInAuthorize() {
        Postgres.Database other = Postgres.database();
        other.executeAsSuperuser("REVOKE CONNECT ON DATABASE " + other.name() + " FROM PUBLIC");

        Steps.failed(test("database", other.name()), "authorize", "permission denied");
    }

    @Test
    void noRightToReadAnythingFailsInAuthorize() {
        DATABASE.executeAsSuperuser("CREATE ROLE blind LOGIN PASSWORD 'blind'");

        Steps.failed(test("username", "blind", "password", "blind"), "authorize", "Grant it");
    }

    @Test
    void aRelationThatFailsToAnswerFailsInRead() {
        Postgres.Database broken = Postgres.database();
        broken.execute("CREATE VIEW broken AS SELECT 1/(SELECT 0) AS x FROM generate_series(1, 2)");
        broken.execute("CREATE FUNCTION fail() RETURNS int LANGUAGE plpgsql AS $$BEGIN RAISE 'not today'; END$$");
        broken.execute("DROP VIEW broken", "CREATE VIEW broken AS SELECT x FROM fail() AS x");

        Steps.failed(test(broken), "read", "not today");
    }

    @Test
    void noTlsUnderRequireFailsInTls() {
        for (String mode : List.of("require", "verify-ca", "verify-full")) {
            Steps.failed(test("sslmode", mode), "tls", "offers no TLS");
        }
    }

    private static TestResult test(Object... changes) {
        return test(DATABASE, changes);
    }

    private static TestResult test(Postgres.Database server, Object... changes) {
        try (PostgresDatabase database = PostgresConfigs.open(server, changes)) {
            return database.test();
        }
    }
}
