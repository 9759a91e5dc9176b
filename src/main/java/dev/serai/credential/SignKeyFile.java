package dev.serai.credential;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** The generated sign key: a file in the data directory that only its owner may read. */
final class SignKeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(SignKeyFile.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path file;

    SignKeyFile(Path dataDir) {
        this.file = dataDir.toAbsolutePath().normalize().resolve("sign.key");
    }

    Optional<SignKey> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            warnIfOthersMayRead();
            return Optional.of(SignKey.ofBase64("The sign key in " + file, Files.readString(file)));
        } catch (IOException e) {
            throw unusable("The sign key in " + file + " cannot be read.", e);
        }
    }

    /** Makes a key; one that another process made in the meantime wins. */
    SignKey create() {
        byte[] root = new byte[32];
        new SecureRandom().nextBytes(root);
        try {
            Files.createDirectories(file.getParent());
            Path draft = Files.createTempFile(file.getParent(), "sign", ".tmp", ownerOnly());
            try {
                Files.writeString(draft, Base64.getEncoder().encodeToString(root) + "\n", StandardOpenOption.SYNC);
                publish(draft);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw unusable("The sign key cannot be written to " + file, e);
        }
        return read().orElseThrow();
    }

    /** Under its name the file is complete from the first moment, and never replaces another. */
    private void publish(Path draft) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            LOG.info("Another process has made the sign key {}", file);
        } catch (UnsupportedOperationException e) {
            Files.move(draft, file);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return posix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private void warnIfOthersMayRead() throws IOException {
        if (posix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            LOG.warn("Others than its owner may use the sign key {}; its mode should be 0600", file);
        }
    }

    private boolean posix() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FailureException unusable(String detail, IOException cause) {
        return new FailureException(new Failure.Conflict("bad_sign_key", detail), cause);
    }
}
