package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A real PgBouncer in front of one database, its configuration as Debian packages it but for the pool mode. For tests
 * tagged {@code full}: {@code .ci/install} brings the program.
 */
public final class PgBouncer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final Path folder;
    private final Process process;
    private final Postgres.Database database;

    private PgBouncer(Path folder, Process process, Postgres.Database database) {
        this.folder = folder;
        this.process = process;
        this.database = database;
    }

    /**
     * @param mode {@code session}, {@code transaction} or {@code statement}
     * @param connections to the server, at most
     */
    public static PgBouncer before(Postgres.Database database, String mode, int connections) {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException("There is no " + PROGRAM + ": run .ci/install");
        }
        try {
            // It gives up root's rights and must still read its files.
            Path folder = Files.setPosixFilePermissions(
                    TestFolder.create("pgbouncer"), PosixFilePermissions.fromString("rwxr-xr-x"));
            int port = freePort();
            Files.writeString(
                    folder.resolve("users.txt"), "\"%s\" \"%s\"%n".formatted(database.username(), database.password()));
            Files.writeString(
                    folder.resolve("pgbouncer.ini"),
                    """
                    [databases]
                    * = host=127.0.0.1 port=%d
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = scram-sha-256
                    auth_file = %s
                    pool_mode = %s
                    default_pool_size = %d
                    """
                            .formatted(database.port(), port, folder.resolve("users.txt"), mode, connections));
            List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
            if (System.getProperty("user.name").equals("root")) {
                command.addAll(List.of("-u", "nobody"));
            }
            command.add(folder.resolve("pgbouncer.ini").toString());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            PgBouncer started = new PgBouncer(
                    folder,
                    process,
                    new Postgres.Database(
                            "127.0.0.1", port, database.name(), database.username(), database.password()));
            started.awaitPort();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort() {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("PgBouncer ended: " + Files.readString(folder.resolve("log")));
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", database.port()), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** The database as its clients see it. */
    public Postgres.Database database() {
        return database;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        FileSystemUtils.deleteRecursively(folder);
    }
}
