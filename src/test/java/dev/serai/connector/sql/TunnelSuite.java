package dev.serai.connector.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.rows.ReadProgress;
import dev.serai.rows.RowScan;
import dev.serai.rows.RowSource;
import dev.serai.testing.SshGate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What every SQL type has to be able to do through an SSH server: the same as without one, with every connection. */
public abstract class TunnelSuite {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int ROWS = 1_000_000;

    private SshGate gate;

    /** As the catalog hands it on. */
    protected abstract Map<String, Object> config();

    protected abstract SqlDatabase open(Map<String, Object> config);

    protected abstract RowSource read(SqlDatabase database, String sql);

    /** Numbers from 1, each with a text of some length. */
    protected abstract String numbers(int count);

    /** Sleeps for a minute. */
    protected abstract String sleep();

    /** How many sleep right now. */
    protected abstract int sleeping() throws SQLException;

    /** How many connections of the config's user the server has right now. */
    protected abstract int connected() throws SQLException;

    @BeforeEach
    void openGate() {
        gate = new SshGate();
    }

    @AfterEach
    void closeGate() throws IOException {
        gate.close();
    }

    private Map<String, Object> tunnelled() {
        Map<String, Object> config = new HashMap<>(config());
        config.putAll(gate.config());
        return config;
    }

    private SqlDatabase open() {
        return open(tunnelled());
    }

    @Test
    void testsStepByStepAndLeavesNothingOpen() {
        try (SqlDatabase database = open()) {
            assertThat(Steps.of(database.test()))
                    .startsWith("resolve", "connect", "tunnel")
                    .endsWith("authenticate", "authorize", "read");
            await().atMost(SOON).until(() -> gate.sessions() == 0);
        }
    }

    @Test
    void aServerThatIsAnotherFailsTheStepTunnelAndEverythingElse() {
        Map<String, Object> config = tunnelled();
        config.put("ssh_host_key", SshGate.line(SshGate.ecdsa().getPublic()));
        try (SqlDatabase database = open(config)) {
            Steps.failed(database.test(), "tunnel", SshGate.fingerprint(SshGate.HOST_KEY));
            Failure failure = Failures.of(() -> database.models(Map.of()));
            assertThat(failure.code()).isEqualTo("ssh_host_key_mismatch");
            assertThat(failure.retryable()).isFalse();
            assertThat(gate.logins()).isZero();
        }
    }

    @Test
    void discoversReadsAndAsksThroughOneSessionThatEndsWithIt() throws Exception {
        try (SqlDatabase database = open()) {
            assertThat(database.models(Map.of()).path("items").isArray()).isTrue();
            assertThat(sum(read(database, numbers(ROWS)))).isEqualTo((long) ROWS * (ROWS + 1) / 2);
            try (Connection one = database.getConnection();
                    Connection two = database.getConnection()) {
                assertThat(gate.connections()).isEqualTo(2);
                assertThat(one.isValid(5) && two.isValid(5)).isTrue();
            }
            assertThat(gate.logins()).isEqualTo(1);
            assertThat(gate.sessions()).isEqualTo(1);
        }
        await().atMost(SOON).until(() -> gate.sessions() == 0);
    }

    @Test
    void goesNoOtherWayWhereForwardingIsProhibited() {
        gate.prohibitForwarding();
        try (SqlDatabase database = open()) {
            Steps.failed(database.test(), "tunnel", "does not let this user connect on");
            assertThat(Failures.of(() -> read(database, numbers(1))).code()).isEqualTo("ssh_forwarding_prohibited");
        }
    }

    @Test
    void stopsAtTheServerWhatIsNotWantedAnyMore() {
        try (SqlDatabase database = open()) {
            RowSource rows = read(database, sleep());
            Thread reader = new Thread(() -> Failures.of(() -> sum(rows)));
            reader.start();
            await().atMost(SOON).until(() -> sleeping() == 1);

            rows.close();

            await().atMost(SOON).until(() -> sleeping() == 0);
            assertThat(gate.logins()).isEqualTo(1);
        }
    }

    @Test
    void aReadWhoseServerGoesAwayFailsAndTheNextOneWorks() throws Exception {
        try (SqlDatabase database = open()) {
            RowSource rows = read(database, sleep());
            Thread cutter = new Thread(() -> {
                await().atMost(SOON).until(() -> sleeping() == 1);
                cutGate();
            });
            cutter.start();
            Failure failure = Failures.of(() -> sum(rows));
            cutter.join();
            assertThat(failure).isInstanceOfSatisfying(Failure.Source.class, source -> {
                assertThat(source.layer()).as(source.toString()).isEqualTo(Layer.TUNNEL);
                assertThat(source.code()).isEqualTo("ssh_connection_lost");
                assertThat(source.retryable()).isTrue();
            });
            assertThat(Failures.of(() -> read(database, numbers(1))).retryable())
                    .isTrue();

            gate.comeBack();
            assertThat(sum(read(database, numbers(3)))).isEqualTo(6);
        }
    }

    /** The one connection of the pool is what the reads afterwards need. */
    @Test
    void aReadThatIsCutBetweenItsRowsFailsKeepsNothingAndTheNextOneReadsThemAll() throws Exception {
        Map<String, Object> config = tunnelled();
        config.put("pool_size", 1);
        try (SqlDatabase database = open(config)) {
            AtomicBoolean cut = new AtomicBoolean();
            RowSource rows = read(database, numbers(ROWS));
            Failure failure = Failures.of(() -> sum(rows, soFar -> {
                if (soFar > 0 && cut.compareAndSet(false, true)) {
                    cutGate();
                }
            }));
            assertThat(failure).isInstanceOfSatisfying(Failure.Source.class, source -> {
                assertThat(source.layer()).as(source.toString()).isEqualTo(Layer.TUNNEL);
                assertThat(source.code()).isEqualTo("ssh_connection_lost");
                assertThat(source.retryable()).isTrue();
            });
            assertThat(gate.sessions()).isZero();
            await().atMost(SOON).until(() -> connected() == 0);

            gate.comeBack();
            assertThat(sum(read(database, numbers(ROWS)))).isEqualTo((long) ROWS * (ROWS + 1) / 2);
            assertThat(gate.logins()).isEqualTo(2);
            assertThat(gate.sessions()).isEqualTo(1);
            assertThat(connected()).isEqualTo(1);
        }
        await().atMost(SOON).until(() -> gate.sessions() == 0 && connected() == 0);
    }

    /** To stop a statement at the server takes another connection, which is not to be had then. */
    @Test
    void aReadThatIsStoppedWhileTheServerIsAwayGivesItsPlaceBack() throws Exception {
        Map<String, Object> one = tunnelled();
        one.put("pool_size", 1);
        one.put("max_overflow", 0);
        try (SqlDatabase database = open(one)) {
            RowSource rows = read(database, numbers(ROWS));
            AtomicBoolean stopped = new AtomicBoolean();
            // Which of the two the reader hears of first, the cut or its own stop, is not its to choose.
            Failures.of(() -> sum(rows, count -> {
                if (stopped.compareAndSet(false, true)) {
                    cutGate();
                    rows.close();
                }
            }));
            assertThat(stopped).isTrue();

            gate.comeBack();
            assertThat(sum(read(database, numbers(3)))).isEqualTo(6);
        }
    }

    private void cutGate() {
        try {
            gate.cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sum(RowSource source) throws SQLException {
        return sum(source, rows -> {});
    }

    private static long sum(RowSource source, ReadProgress progress) throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                RowScan scan = RowScan.open(duckdb, source, Path.of(System.getProperty("java.io.tmpdir")), progress)) {
            try (ResultSet row = statement.executeQuery("SELECT sum(n) FROM " + scan.relation())) {
                row.next();
                return row.getLong(1);
            } catch (SQLException e) {
                throw scan.failure(e);
            }
        }
    }
}
