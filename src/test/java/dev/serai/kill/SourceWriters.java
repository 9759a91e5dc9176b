package dev.serai.kill;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.serai.testing.Postgres;

/** The applications of a source, which know nothing of syncs: sessions that change its tables until they are stopped. */
final class SourceWriters implements AutoCloseable {
    private static final int ROWS = 4000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Future<?>> sessions = new ArrayList<>();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong brokenReads = new AtomicLong();
    private final Postgres.Database database;

    private interface Session {
        void run(Connection connection) throws SQLException;
    }

    /** Makes the tables, fills them, and goes on changing them. */
    SourceWriters(Postgres.Database database, List<Kind> kinds, Random random) throws SQLException {
        this.database = database;
        database.execute("CREATE TABLE generations (name text, generation bigint, rows bigint)");
        for (Kind kind : kinds) {
            kind.ddl().forEach(database::execute);
            try (Connection connection = database.connect()) {
                new KindWriter(connection, kind, false, random).fill(ROWS);
            }
        }
        for (Kind kind : kinds) {
            // Two would wait for each other where one takes all rows away.
            int writers = kind.inGenerations() ? 1 : 3;
            for (int i = 0; i < writers; i++) {
                boolean slow = i == 2;
                Random own = new Random(random.nextLong());
                session(database::connect, connection -> change(new KindWriter(connection, kind, slow, own)));
            }
        }
        Random own = new Random(random.nextLong());
        session(database::connectAsSuperuser, connection -> breakReads(connection, own));
    }

    private interface Opening {
        Connection open() throws SQLException;
    }

    private void session(Opening opening, Session session) {
        sessions.add(threads.submit(() -> {
            try (Connection connection = opening.open()) {
                session.run(connection);
            }
            return null;
        }));
    }

    private void change(KindWriter writer) throws SQLException {
        while (!stopped.get()) {
            if (writer.transaction()) {
                committed.incrementAndGet();
            }
        }
    }

    /** Ends sessions in the middle of a read, as a fail-over does. */
    private void breakReads(Connection connection, Random random) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            while (!stopped.get()) {
                statement.execute("SELECT pg_sleep(" + random.nextDouble() + ")");
                try (ResultSet row = statement.executeQuery(
                        "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE datname = '"
                                + database.name()
                                + "' AND application_name = 'serai' AND xact_start IS NOT NULL LIMIT 1)")) {
                    row.next();
                    brokenReads.addAndGet(row.getLong(1));
                }
            }
        }
    }

    long committed() {
        return committed.get();
    }

    long brokenReads() {
        return brokenReads.get();
    }

    /** Lets each transaction come to its end; from then on the source rests. */
    @Override
    public void close() {
        stopped.set(true);
        try {
            for (Future<?> session : sessions) {
                session.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("A writer failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
