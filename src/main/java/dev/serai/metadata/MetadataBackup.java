package dev.serai.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/**
 * Copies the metadata database as it is at one moment, while it is used: to {@code backup/serai.mv.db} in the data
 * directory, in place of the copy before. Nobody else can, since a running process holds the file.
 */
@Component
public class MetadataBackup {
    private static final String NAME = "serai.mv.db";

    private final JdbcClient jdbc;
    private final SeraiSettings settings;

    MetadataBackup(JdbcClient jdbc, SeraiSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /**
     * How large the copy is, in bytes.
     *
     * @throws FailureException {@code use_pg_dump} where metadata is in a PostgreSQL
     */
    public synchronized long write() {
        String url = settings.metadata().url();
        if (url != null && url.startsWith("jdbc:postgresql:")) {
            throw new FailureException(new Failure.Conflict(
                    "use_pg_dump", "The metadata is in a PostgreSQL: back it up with the database's own tools."));
        }
        Path folder = settings.dataDir().toAbsolutePath().normalize().resolve("backup");
        Path zip = folder.resolve("." + UUID.randomUUID() + ".zip");
        Path draft = folder.resolve("." + UUID.randomUUID() + ".tmp");
        try {
            prepare(folder);
            try {
                jdbc.sql("backup to '" + zip.toString().replace("'", "''") + "'")
                        .update();
                unpack(zip, draft);
                Files.move(
                        draft,
                        folder.resolve(NAME),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
                return Files.size(folder.resolve(NAME));
            } finally {
                Files.deleteIfExists(zip);
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The metadata cannot be copied to " + folder, e);
        }
    }

    /** What H2 writes has the mode of any new file, so only the owner may look into the folder. */
    private static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (posix(folder)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, ".*.{zip,tmp}")) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void unpack(Path zip, Path target) throws IOException {
        try (ZipFile packed = new ZipFile(zip.toFile())) {
            ZipEntry database = packed.stream()
                    .filter(entry -> entry.getName().endsWith(".mv.db"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("H2 has packed no database"));
            Files.createFile(target);
            if (posix(target)) {
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
            }
            // Into the file just made, not in its place: it keeps its mode.
            try (InputStream content = packed.getInputStream(database);
                    OutputStream out = Files.newOutputStream(target)) {
                content.transferTo(out);
            }
        }
    }
}
