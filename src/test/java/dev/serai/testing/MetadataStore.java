package dev.serai.testing;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.serai.metadata.MetadataDatabase;
import dev.serai.settings.SeraiSettings;

/**
 * The metadata databases that everything has to work on; for {@code @ParameterizedTest @EnumSource}.
 *
 * <p>One migrated database of each kind per JVM: tests keep apart by using a project of their own.
 */
public enum MetadataStore {
    H2 {
        @Override
        public SeraiSettings newSettings() {
            String given = System.getProperty(FOLDER);
            return Settings.of(Map.of(
                    "serai.data-dir",
                    given == null ? TestFolder.create("serai-metadata").toString() : given));
        }
    },
    POSTGRESQL {
        @Override
        public SeraiSettings newSettings() {
            String given = System.getProperty(URL);
            if (given != null) {
                return Settings.of(Map.of(
                        "serai.metadata.url", given,
                        "serai.metadata.username", System.getProperty(USERNAME),
                        "serai.metadata.password", System.getProperty(PASSWORD)));
            }
            Postgres.Database database = Postgres.database();
            return Settings.of(Map.of(
                    "serai.metadata.url", database.url(),
                    "serai.metadata.username", database.username(),
                    "serai.metadata.password", database.password()));
        }
    };

    /** The system property with which a JVM takes up the H2 that another, gone by now, has left in that data directory. */
    public static final String FOLDER = "serai.test.metadata.dir";

    private static final String URL = "serai.test.metadata.url";
    private static final String USERNAME = "serai.test.metadata.username";
    private static final String PASSWORD = "serai.test.metadata.password";
    private static final AtomicInteger PROJECTS = new AtomicInteger();

    @org.jspecify.annotations.Nullable
    private HikariDataSource shared;

    /** Settings of a new, empty database. */
    public abstract SeraiSettings newSettings();

    /** The database that all tests share, migrated. */
    public synchronized HikariDataSource dataSource() {
        if (shared == null) {
            shared = own().dataSource();
        }
        return shared;
    }

    /** A migrated database that nobody else uses, for tests that look at all rows. */
    public Own own() {
        HikariDataSource opened = MetadataDatabase.open(newSettings());
        Flyway.configure().dataSource(opened).load().migrate();
        return new Own(opened);
    }

    /** Closed by who asked for it. */
    public record Own(HikariDataSource dataSource) implements AutoCloseable {
        @Override
        public void close() {
            dataSource.close();
        }
    }

    /** Arguments for another JVM that is to share this database. */
    public java.util.List<String> share() {
        HikariDataSource source = dataSource();
        return java.util.List.of(
                "-D" + URL + "=" + source.getJdbcUrl(),
                "-D" + USERNAME + "=" + source.getUsername(),
                "-D" + PASSWORD + "=" + source.getPassword());
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource());
    }

    public TransactionTemplate transactions() {
        return new TransactionTemplate(new JdbcTransactionManager(dataSource()));
    }

    /** A project that no other test uses. */
    public String newProject() {
        return "project" + PROJECTS.incrementAndGet();
    }
}
