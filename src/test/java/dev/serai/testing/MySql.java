package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A real MySQL for tests tagged {@code full}: one server per JVM, started by whoever asks first, with a new database for
 * each who asks. {@code .ci/install} brings the program, with the C library that it needs and its loader.
 *
 * <p>As in {@link MariaDb}, its time zone is one of half hours and the user {@code admin} may do everything.
 */
public final class MySql implements AutoCloseable {
    private static final Path PROGRAM = Path.of(System.getProperty("user.home"), ".cache", "serai-tests", "mysql");

    private final Path folder;
    private final int port;
    private final Process process;

    private MySql(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** A new, empty database on the server that all tests share, with a user of its own who may do all in it. */
    public static MariaDb.Database database() {
        return Shared.SERVER.newDatabase();
    }

    /** The server that all tests share. */
    public static MySql shared() {
        return Shared.SERVER;
    }

    /** Another server, for tests that need one of their own; {@code arguments} as {@code mysqld} takes them. */
    public static MySql start(String... arguments) {
        try {
            Path folder = TestFolder.create("mysql");
            // Some settings, such as lower_case_table_names, must be there when the files are made.
            int made = run(folder, arguments, "--initialize-insecure").waitFor();
            if (made != 0) {
                throw new IllegalStateException("MySQL did not make its files: " + log(folder));
            }
            int port = freePort();
            MySql server = new MySql(
                    folder,
                    port,
                    run(
                            folder,
                            arguments,
                            "--port=" + port,
                            "--init-file="
                                    + Files.writeString(
                                            folder.resolve("admin.sql"),
                                            """
                                            CREATE USER admin IDENTIFIED BY 'admin';
                                            GRANT ALL ON *.* TO admin WITH GRANT OPTION;
                                            """)));
            Runtime.getRuntime().addShutdownHook(new Thread(server::kill));
            server.awaitPort();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process run(Path folder, String[] arguments, String... more) throws IOException {
        Path loader = loader();
        List<String> command = new ArrayList<>(List.of(
                loader.toString(),
                "--library-path",
                String.valueOf(loader.getParent()),
                PROGRAM.resolve("usr/sbin/mysqld").toString(),
                "--no-defaults",
                "--basedir=" + PROGRAM.resolve("usr"),
                "--plugin-dir=" + PROGRAM.resolve("usr/lib/mysql/plugin"),
                "--datadir=" + folder.resolve("data"),
                "--tmpdir=" + folder,
                "--socket=" + folder.resolve("socket"),
                "--pid-file=" + folder.resolve("pid"),
                "--secure-file-priv=" + folder,
                "--bind-address=127.0.0.1",
                "--mysqlx=OFF",
                "--skip-log-bin",
                "--default-time-zone=+05:30",
                "--innodb-flush-log-at-trx-commit=0"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--user=root");
        }
        command.addAll(List.of(arguments));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    /** The program is of another Debian than the machine, so it runs by the loader that came with it. */
    private static Path loader() throws IOException {
        Path libraries = PROGRAM.resolve("usr/lib");
        if (Files.isDirectory(libraries)) {
            try (Stream<Path> files = Files.find(
                    libraries, 2, (file, is) -> file.getFileName().toString().startsWith("ld-linux"))) {
                return files.findFirst().orElseThrow(MySql::missing);
            }
        }
        throw missing();
    }

    private static IllegalStateException missing() {
        return new IllegalStateException("There is no " + PROGRAM + ": run .ci/install");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static String log(Path folder) throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private void awaitPort() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("MySQL ended: " + log(folder));
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    public MariaDb.Database newDatabase() {
        return MariaDb.Database.create(port);
    }

    public int port() {
        return port;
    }

    /** What the server keeps, its keys among it. */
    public Path data() {
        return folder.resolve("data");
    }

    /** There is nothing in it to be kept, so that it need not put anything in order first. */
    private void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            FileSystemUtils.deleteRecursively(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private static final class Shared {
        private static final MySql SERVER = start();
    }
}
