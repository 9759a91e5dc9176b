package dev.serai.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/** Where the metadata database lies: a PostgreSQL, or an H2 file below the data directory. */
record MetadataLocation(String url, @Nullable String username, @Nullable String password, Erasure erasure) {
    /** Without a write delay: what was answered with success outlives a process that is killed the next moment. */
    private static final String H2_OPTIONS =
            ";WRITE_DELAY=0;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    static MetadataLocation of(SeraiSettings settings) {
        SeraiSettings.Metadata given = settings.metadata();
        String url = given.url();
        if (url == null || url.isBlank()) {
            Path database = h2(settings.dataDir());
            return new MetadataLocation("jdbc:h2:file:" + database + H2_OPTIONS, "serai", "", new Erasure(database));
        }
        if (!url.startsWith("jdbc:postgresql:") && !url.startsWith("jdbc:h2:")) {
            throw unusable("SERAI_METADATA_URL has to begin with jdbc:postgresql: (or jdbc:h2:).", null);
        }
        return new MetadataLocation(url, given.username(), given.password(), Erasure.none());
    }

    private static Path h2(Path dataDir) {
        Path folder = dataDir.toAbsolutePath().normalize().resolve("metadata");
        if (folder.toString().contains(";")) {
            throw unusable("SERAI_DATA_DIR may not contain a semicolon: " + folder, null);
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unusable("SERAI_DATA_DIR cannot be used: no folder could be made at " + folder, e);
        }
        return folder.resolve("serai");
    }

    HikariDataSource pool() {
        HikariDataSource pool = new MetadataPool(erasure);
        pool.setPoolName("metadata");
        pool.setJdbcUrl(url);
        pool.setUsername(username);
        pool.setPassword(password);
        pool.setMaximumPoolSize(16);
        pool.setConnectionTimeout(10_000);
        if (url.startsWith("jdbc:h2:")) {
            // An H2 that could not write, for want of room on the disk, is closed under its connections, which call
            // themselves valid all the same; a new one opens it again.
            pool.setConnectionTestQuery("select 1");
        }
        if (url.startsWith("jdbc:postgresql:")) {
            pool.addDataSourceProperty("ApplicationName", "serai");
            pool.addDataSourceProperty("reWriteBatchedInserts", "true");
            // A network that drops packets must not hold a thread for ever; SERAI_METADATA_URL may say otherwise.
            pool.addDataSourceProperty("tcpKeepAlive", "true");
            pool.addDataSourceProperty("socketTimeout", "30");
        }
        return pool;
    }

    private static final class MetadataPool extends HikariDataSource {
        private final Erasure erasure;

        MetadataPool(Erasure erasure) {
            this.erasure = erasure;
        }

        @Override
        public void close() {
            if (isRunning()) {
                erasure.closing(this);
            }
            super.close();
        }
    }

    /** Without the password; a URL may hold one, too. */
    @Override
    public String toString() {
        return "MetadataLocation[…]";
    }

    private static FailureException unusable(String detail, @Nullable Exception cause) {
        return new FailureException(new Failure.Conflict("metadata_unusable", detail), cause);
    }
}
