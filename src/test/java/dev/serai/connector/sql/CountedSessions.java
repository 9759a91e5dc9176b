package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.failure.Failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a connector's connections are at the server itself: every test counts the sessions of the connector's user there. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class CountedSessions {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<Connection> held = Collections.synchronizedList(new ArrayList<>());

    /** A connector to a database whose user nobody else is. */
    protected abstract SqlDatabase open(Object... config);

    /** How many sessions that user has. */
    protected abstract int sessions();

    /** A query for the number of the session that asks it. */
    protected abstract String ownSession();

    /** Gives that user another password than the connector has. */
    protected abstract void changePassword();

    /** How often the server has refused anybody's password since it was started. */
    protected abstract long refusedPasswords();

    protected abstract void stopServer();

    protected abstract void startServer();

    /** Connections that a thread of its own asks for. */
    private final class Asker {
        private final CompletableFuture<ConnectionPool.Lease> answer = new CompletableFuture<>();
        private final Thread thread;

        private Asker(SqlDatabase connector) {
            thread = new Thread(() -> {
                try {
                    ConnectionPool.Lease connection = connector.opened(lease -> lease);
                    held.add(connection);
                    answer.complete(connection);
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            thread.start();
        }

        private Asker waiting() {
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            assertThat(answer).isNotDone();
            return this;
        }

        private ConnectionPool.Lease served() {
            return answer.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
        }

        private Failure failure() {
            assertThat(answer).failsWithin(SOON);
            return Failures.of(() -> {
                throw answer.handle((connection, e) -> e).join();
            });
        }
    }

    @AfterEach
    void giveAllBack() throws SQLException {
        for (Connection connection : List.copyOf(held)) {
            connection.close();
        }
    }

    private List<Connection> burst(SqlDatabase connector, int size) {
        List<Asker> askers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            askers.add(new Asker(connector));
        }
        return askers.stream().<Connection>map(Asker::served).toList();
    }

    private static void giveBack(List<Connection> connections) throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }

    private long session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ownSession())) {
            row.next();
            return row.getLong(1);
        }
    }

    private long nextSession(SqlDatabase connector) throws SQLException {
        try (Connection connection = connector.getConnection()) {
            return session(connection);
        }
    }

    private void awaitSessions(int expected) {
        await().untilAsserted(() -> assertThat(sessions()).isEqualTo(expected));
    }

    @Test
    void hasNoneBeforeItsFirstCallTwentyInABurstAndFiveAfterIt() throws SQLException {
        try (SqlDatabase connector = open()) {
            assertThat(sessions()).isZero();

            List<Connection> all = burst(connector, 20);
            assertThat(sessions()).isEqualTo(20);
            giveBack(all);
            awaitSessions(5);

            giveBack(burst(connector, 5));
            awaitSessions(5);
        }
        awaitSessions(0);
    }

    @Test
    void opensNoMoreThanItNeeds() throws SQLException {
        try (SqlDatabase connector = open()) {
            for (int i = 0; i < 10; i++) {
                nextSession(connector);
            }
            assertThat(sessions()).isEqualTo(1);
        }
    }

    @Test
    void theTwentyFirstWaitsAndIsServedAsSoonAsOneIsGivenBack() throws SQLException {
        try (SqlDatabase connector = open()) {
            List<Connection> all = burst(connector, 20);
            Asker late = new Asker(connector).waiting();
            long given = session(all.get(7));

            all.get(7).close();

            assertThat(session(late.served())).isEqualTo(given);
            assertThat(sessions()).isEqualTo(20);
        }
    }

    @Test
    void theTwentyFirstIsToldThatAllAreInUseWhenNoneIsGivenBackInTime() throws SQLException {
        try (SqlDatabase connector = open("connect_timeout", 3)) {
            List<Connection> all = burst(connector, 20);

            assertThat(new Asker(connector).failure()).isInstanceOfSatisfying(Failure.Exhausted.class, failure -> {
                assertThat(failure.code()).isEqualTo("connections_exhausted");
                assertThat(failure.retryable()).isTrue();
                assertThat(failure.retryAfter()).isPositive();
            });
            assertThat(sessions()).isEqualTo(20);
            all.get(0).close();
            assertThat(new Asker(connector).served()).isNotNull();
        }
    }

    @Test
    void whoWaitsIsServedInTheOrderOfAsking() throws SQLException {
        try (SqlDatabase connector = open("pool_size", 1, "max_overflow", 0)) {
            Connection first = new Asker(connector).served();
            long session = session(first);
            List<Asker> waiting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                waiting.add(new Asker(connector).waiting());
            }
            first.close();
            for (int i = 0; i < waiting.size(); i++) {
                Connection next = waiting.get(i).served();
                assertThat(session(next)).isEqualTo(session);
                assertThat(waiting.subList(i + 1, waiting.size())).noneMatch(later -> later.answer.isDone());
                next.close();
            }
            assertThat(sessions()).isEqualTo(1);
        }
    }

    @Test
    void whoStopsWaitingLeavesTheQueue() throws SQLException {
        try (SqlDatabase connector = open("pool_size", 1, "max_overflow", 0)) {
            Connection first = new Asker(connector).served();
            Asker stopped = new Asker(connector).waiting();
            Asker next = new Asker(connector).waiting();

            stopped.thread.interrupt();
            assertThat(stopped.failure()).isInstanceOf(Failure.Cancelled.class);
            first.close();

            next.served().close();
            nextSession(connector);
            assertThat(sessions()).isEqualTo(1);
        }
    }

    @Test
    void aRefusalIsToldAtOnceAndTriedOnce() {
        try (SqlDatabase connector = open("password", "wrong", "sslmode", "disable")) {
            long before = refusedPasswords();

            assertThat(new Asker(connector).failure())
                    .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.layer())
                            .isEqualTo(Failure.Layer.AUTHENTICATE));
            await().untilAsserted(() -> assertThat(refusedPasswords()).isEqualTo(before + 1));
            assertThat(sessions()).isZero();
        }
    }

    @Test
    void whoWaitedIsToldOfARefusalToo() throws SQLException {
        try (SqlDatabase connector = open("pool_size", 1, "max_overflow", 0, "sslmode", "disable")) {
            ConnectionPool.Lease broken = new Asker(connector).served();
            Asker waiting = new Asker(connector).waiting();
            changePassword();
            long before = refusedPasswords();

            broken.discard();

            assertThat(waiting.failure())
                    .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.layer())
                            .isEqualTo(Failure.Layer.AUTHENTICATE));
            await().untilAsserted(() -> assertThat(refusedPasswords()).isEqualTo(before + 1));
        }
    }

    @Test
    void aConnectionThatIsOldEnoughIsReplaced() throws SQLException {
        try (SqlDatabase connector = open("pool_recycle", 1)) {
            long first = nextSession(connector);

            assertThat(nextSession(connector)).isEqualTo(first);
            await().until(() -> nextSession(connector) != first);
            awaitSessions(1);
        }
    }

    @Test
    void nobodyNoticesAServerThatWasStartedAnewWhileAllConnectionsWereIdle() throws SQLException {
        try (SqlDatabase connector = open()) {
            giveBack(burst(connector, 20));
            stopServer();
            try {
                assertThat(new Asker(connector).failure())
                        .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.layer())
                                .isEqualTo(Failure.Layer.CONNECT));
            } finally {
                startServer();
            }
            giveBack(burst(connector, 20));
            awaitSessions(5);

            stopServer();
            startServer();
            giveBack(burst(connector, 20));
            awaitSessions(5);
        }
    }

    @Test
    void closingEndsWhatIsIdleAtOnceAndWhatIsLentWhenItComesBack() throws SQLException {
        SqlDatabase connector = open();
        List<Connection> all = burst(connector, 3);
        giveBack(all.subList(0, 2));
        connector.close();
        awaitSessions(1);

        assertThat(session(all.get(2))).isPositive();
        all.get(2).close();
        awaitSessions(0);
        assertThat(new Asker(connector).failure()).isInstanceOf(Failure.Cancelled.class);
    }
}
