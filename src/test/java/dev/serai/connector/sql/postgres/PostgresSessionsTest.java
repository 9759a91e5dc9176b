package dev.serai.connector.sql.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;

import dev.serai.connector.sql.CountedSessions;
import dev.serai.connector.sql.SqlDatabase;
import dev.serai.testing.Postgres;
import dev.serai.testing.TestFolder;

class PostgresSessionsTest extends CountedSessions {
    private static final Path LOG = TestFolder.create("postgres-log").resolve("server.log");
    private static final Postgres SERVER = Postgres.start(Map.of(
            "logging_collector", "on",
            "log_directory", LOG.getParent().toString(),
            "log_filename", LOG.getFileName().toString()));

    private final Postgres.Database database = SERVER.newDatabase();

    @AfterAll
    static void end() {
        SERVER.close();
    }

    @Override
    protected SqlDatabase open(Object... config) {
        return PostgresConfigs.open(database, config);
    }

    @Override
    protected int sessions() {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + database.username() + "'")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected String ownSession() {
        return "SELECT pg_backend_pid()";
    }

    @Override
    protected void changePassword() {
        database.executeAsSuperuser("ALTER ROLE " + database.username() + " PASSWORD 'another'");
    }

    @Override
    protected long refusedPasswords() {
        try (Stream<String> lines = Files.lines(LOG)) {
            return lines.filter(line -> line.contains("password authentication failed"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void stopServer() {
        SERVER.stop();
    }

    @Override
    protected void startServer() {
        SERVER.startAgain();
    }
}
