package dev.serai.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import dev.serai.metadata.Json;

/**
 * A real PostgreSQL for tests: one server per JVM, started by whoever asks first, with a new database for each who asks.
 *
 * <p>Passwords are checked (SCRAM); only the superuser {@code postgres} comes in without one. The server speaks no TLS;
 * {@link #start} starts another one with a configuration of its own.
 */
public final class Postgres implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Map<String, String> settings;
    private final Path data = TestFolder.create("postgres");
    private EmbeddedPostgres server;

    private Postgres(Map<String, String> settings) {
        this.settings = settings;
        this.server = server(0);
    }

    /** A new, empty database on the server that all tests share, with an owner of its own who is no superuser. */
    public static Database database() {
        return Shared.SERVER.newDatabase();
    }

    /** Another server, for tests that need one of their own; {@code settings} as in {@code postgresql.conf}. */
    public static Postgres start(Map<String, String> settings) {
        return new Postgres(settings);
    }

    /** @param port 0: any that is free */
    private EmbeddedPostgres server(int port) {
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setDataDirectoryCustomizer(Postgres::checkPasswords)
                .setServerConfig("listen_addresses", "127.0.0.1,::1")
                .setServerConfig("synchronous_commit", "off");
        settings.forEach(builder::setServerConfig);
        if (port != 0) {
            builder.setPort(port);
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it as its administrator would; its sessions end. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts what was stopped, on the same port. */
    public void startAgain() {
        server = server(server.getPort());
    }

    private static void checkPasswords(File dataDirectory) {
        try {
            Files.writeString(
                    dataDirectory.toPath().resolve("pg_hba.conf"),
                    """
                    local all postgres trust
                    host all postgres all trust
                    host all all all scram-sha-256
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Database newDatabase() {
        int number = DATABASES.incrementAndGet();
        String name = "db" + number;
        String owner = "owner" + number;
        String password = "secret-of-" + owner;
        var database = new Database("localhost", server.getPort(), name, owner, password);
        try (Connection connection = DriverManager.getConnection(database.url("postgres"), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + owner + " LOGIN PASSWORD '" + password + "'");
            statement.execute("CREATE DATABASE " + name + " OWNER " + owner);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return database;
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        stop();
    }

    /** A database and its owner. */
    public record Database(String host, int port, String name, String username, String password) {
        public String url() {
            return url(name);
        }

        /** What a connector to it is configured with. */
        public ObjectNode config() {
            return Json.newObject()
                    .put("host", host)
                    .put("port", port)
                    .put("database", name)
                    .put("username", username)
                    .put("password", password);
        }

        private String url(String database) {
            return "jdbc:postgresql://" + host + ":" + port + "/" + database;
        }

        /** A connection as the owner. */
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url(), username, password);
        }

        /** A connection as a superuser, for roles, extensions and the like. */
        public Connection connectAsSuperuser() throws SQLException {
            return DriverManager.getConnection(url(), "postgres", "");
        }

        /** Runs statements as the owner, each in a transaction of its own. */
        public void execute(String... statements) {
            try (Connection connection = connect()) {
                execute(connection, statements);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Runs statements as a superuser, each in a transaction of its own. */
        public void executeAsSuperuser(String... statements) {
            try (Connection connection = connectAsSuperuser()) {
                execute(connection, statements);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void execute(Connection connection, String... statements) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }
    }

    private static final class Shared {
        private static final Postgres SERVER = start(Map.of());
    }
}
