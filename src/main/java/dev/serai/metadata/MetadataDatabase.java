package dev.serai.metadata;

import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/** Opens the metadata database, or says in words why that cannot be. */
public final class MetadataDatabase {
    /** H2's DATABASE_ALREADY_OPEN_1: another process holds the file's lock. */
    private static final int H2_ALREADY_OPEN = 90020;

    private MetadataDatabase() {}

    /** A pool that has connected once. Nothing is migrated yet. */
    public static HikariDataSource open(SeraiSettings settings) {
        MetadataLocation location = MetadataLocation.of(settings);
        return location.erasure().opening(() -> open(location));
    }

    /** How what is deleted there is gone for good. */
    public static Erasure erasure(SeraiSettings settings) {
        return MetadataLocation.of(settings).erasure();
    }

    private static HikariDataSource open(MetadataLocation location) {
        HikariDataSource pool = location.pool();
        try (Connection connection = pool.getConnection()) {
            connection.clearWarnings();
            return pool;
        } catch (SQLException | PoolInitializationException e) {
            pool.close();
            throw new FailureException(reason(e), e);
        }
    }

    private static Failure reason(Exception thrown) {
        int code = 0;
        @Nullable String message = thrown.getMessage();
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                code = sql.getErrorCode();
                message = sql.getMessage();
            }
        }
        if (code == H2_ALREADY_OPEN) {
            return new Failure.Conflict(
                    "metadata_in_use",
                    "Another process uses the metadata database in SERAI_DATA_DIR. Stop it, choose another directory, or "
                            + "share a PostgreSQL through SERAI_METADATA_URL.");
        }
        return new Failure.Conflict("metadata_unreachable", "The metadata database cannot be used: " + message);
    }
}
