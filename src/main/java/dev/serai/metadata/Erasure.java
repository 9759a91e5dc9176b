package dev.serai.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When is what was deleted gone from the file, too? H2 only ever appends, and leaves deleted bytes behind. So where
 * something has to be gone for good, its file is written anew at the next stop; after a stop that was none, at the next
 * start.
 *
 * <p>For a PostgreSQL there is nothing to do here: see docs/operations.md.
 */
public final class Erasure {
    private static final Logger log = LoggerFactory.getLogger(Erasure.class);
    /** A lock of a file does not keep out the same process. */
    private static final ReentrantLock HERE = new ReentrantLock();

    private final @Nullable Path database;

    /** @param database the H2 database's path as in its URL; null where the metadata are elsewhere */
    Erasure(@Nullable Path database) {
        this.database = database;
    }

    /** For a database that has no file of ours. */
    public static Erasure none() {
        return new Erasure(null);
    }

    /** To be called before something is deleted that has to be gone for good. */
    public void due() {
        if (database != null) {
            try {
                Files.write(note(database), new byte[0], StandardOpenOption.CREATE, StandardOpenOption.SYNC);
            } catch (IOException e) {
                throw new UncheckedIOException("It cannot be noted that the metadata must be written anew", e);
            }
        }
    }

    /** Opens the database, written anew before if that is due; nobody else opens or rewrites it meanwhile. */
    HikariDataSource opening(Supplier<HikariDataSource> open) {
        Path path = database;
        if (path == null) {
            return open.get();
        }
        return alone(path, () -> {
            HikariDataSource pool = open.get();
            if (!Files.exists(note(path))) {
                return pool;
            }
            rewrite(path, pool);
            pool.close();
            return open.get();
        });
    }

    /** To be called before the database is closed: writes it anew if that is due. */
    void closing(HikariDataSource pool) {
        Path path = database;
        if (path != null && Files.exists(note(path)) && !HERE.isHeldByCurrentThread()) {
            alone(path, () -> {
                rewrite(path, pool);
                return pool;
            });
        }
    }

    /** Stops the database: its pool is of no use any more. */
    private static void rewrite(Path database, HikariDataSource pool) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN COMPACT");
            Files.delete(note(database));
        } catch (SQLException | IOException e) {
            log.warn("The metadata could not be written anew; the next start tries it again", e);
        }
    }

    private static <T> T alone(Path database, Supplier<T> work) {
        HERE.lock();
        try (FileChannel channel = FileChannel.open(
                        Path.of(database + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            log.trace("Holding {}", lock);
            return work.get();
        } catch (IOException e) {
            throw new UncheckedIOException("The metadata's folder cannot be used", e);
        } finally {
            HERE.unlock();
        }
    }

    private static Path note(Path database) {
        return Path.of(database + ".erase");
    }
}
