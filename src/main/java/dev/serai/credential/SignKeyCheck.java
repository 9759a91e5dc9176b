package dev.serai.credential;

import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Times;

/**
 * Which sign key this installation's secrets are sealed with: a value derived from it lies in the metadata database, so
 * that a wrong key is noticed before anything is read or written with it.
 */
final class SignKeyCheck {
    private static final String NAME = "sign_key_check";

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final Clock clock;

    SignKeyCheck(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    static byte[] valueOf(SignKey key) {
        return key.derive("check", 32);
    }

    /** The value of the key in use; also on a database that was never migrated. */
    Optional<byte[]> stored() {
        return tableExists() ? read("") : Optional.empty();
    }

    /** The same; until the transaction ends nobody changes it. */
    Optional<byte[]> locked() {
        return read(" for update");
    }

    private Optional<byte[]> read(String lock) {
        return jdbc.sql("select content from instance where name = ?" + lock)
                .param(NAME)
                .query((row, number) -> row.getBytes("content"))
                .optional();
    }

    /** Notes the first key. Of two processes that start at once with different keys, the second fails here. */
    void storeFirst(SignKey key) {
        byte[] value = valueOf(key);
        try {
            jdbc.sql("insert into instance (name, content, updated_at) values (?, ?, ?)")
                    .params(NAME, value, Times.param(clock.instant()))
                    .update();
        } catch (DuplicateKeyException e) {
            if (!stored().map(other -> MessageDigest.isEqual(other, value)).orElse(false)) {
                throw new FailureException(wrongKey(), e);
            }
        }
    }

    /** Notes the new key, once everything is sealed with it. */
    void replace(SignKey key) {
        jdbc.sql("update instance set content = ?, updated_at = ? where name = ?")
                .params(valueOf(key), Times.param(clock.instant()), NAME)
                .update();
    }

    static Failure wrongKey() {
        return new Failure.Conflict(
                "wrong_sign_key",
                "The sign key is not the one that this metadata database was used with. Start with that one in "
                        + "SERAI_SIGN_KEY (or sign.key in SERAI_DATA_DIR); to change it, give it as SERAI_SIGN_KEY_PREVIOUS. "
                        + "Nothing was changed.");
    }

    private boolean tableExists() {
        try (Connection connection = dataSource.getConnection();
                ResultSet tables = connection
                        .getMetaData()
                        .getTables(connection.getCatalog(), connection.getSchema(), "instance", null)) {
            return tables.next();
        } catch (SQLException e) {
            throw new IllegalStateException("The metadata database does not list its tables", e);
        }
    }
}
