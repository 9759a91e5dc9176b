package dev.serai.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

import dev.serai.settings.SeraiSettings;

/**
 * Names this process among all that share the metadata database, and tells which one had the data directory before: the
 * lock on a file there shows that it is gone, so that its runs need not wait for their leases to lapse.
 */
@Component
class Instance implements DisposableBean {
    private static final int LONGEST_NAME = 100;

    private final String id = UUID.randomUUID().toString();
    private final FileChannel file;
    private final @Nullable FileLock lock;
    private final @Nullable String predecessor;

    Instance(SeraiSettings settings) {
        Path path = settings.dataDir().resolve("instance");
        try {
            Files.createDirectories(settings.dataDir());
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock = lock(file);
            predecessor = lock == null ? null : exchange(file, id);
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory cannot be written: " + path, e);
        }
    }

    String id() {
        return id;
    }

    /** The process that used this data directory last and is gone. */
    Optional<String> predecessor() {
        return Optional.ofNullable(predecessor);
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static @Nullable String exchange(FileChannel file, String id) throws IOException {
        ByteBuffer old = ByteBuffer.allocate(LONGEST_NAME);
        file.read(old, 0);
        String before = new String(old.array(), 0, old.position(), StandardCharsets.UTF_8);
        file.truncate(0);
        file.write(ByteBuffer.wrap(id.getBytes(StandardCharsets.UTF_8)), 0);
        return before.isBlank() ? null : before;
    }

    @Override
    public void destroy() throws IOException {
        if (lock != null) {
            lock.release();
        }
        file.close();
    }
}
