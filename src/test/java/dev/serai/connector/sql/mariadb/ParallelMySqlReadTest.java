package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.rows.BatchSource;
import dev.serai.testing.Duck;
import dev.serai.testing.MariaDb;
import dev.serai.testing.MySql;

import static org.assertj.core.api.Assertions.assertThat;

/** What is split and kept of one moment on MariaDB is on a real MySQL, and by the keys that only it makes. */
@Tag("full")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ParallelMySqlReadTest extends ParallelMariaReadTest {

    @Override
    MariaDb.Database another() {
        return MySql.database();
    }

    @Override
    int rounds() {
        return 6;
    }

    @Test
    void splitsByThePrimaryKeyThatTheServerMade() throws SQLException {
        database.executeAsAdmin(
                "SET SESSION sql_generate_invisible_primary_key = ON",
                "CREATE TABLE " + database.name() + ".made (id int, amount int)",
                "INSERT INTO " + database.name() + ".made SELECT seq, 1 FROM " + database.name() + ".numbers");
        BatchSource source = read(connector, "made", 3, Map.of());

        assertThat(source.connections()).isEqualTo(3);
        try (Connection duckdb = Duck.open()) {
            assertThat(sums(duckdb, source)).containsExactly(20_000L, 20_000L, "20000");
        }
    }

    @Test
    void knowsWhatAFilterDoesHoweverTheServerExplains() throws SQLException {
        database.executeAsAdmin("SET GLOBAL explain_format = 'TREE'");
        try (MariaDatabase explained = MariaConfigs.open(database)) {
            assertThat(read(explained, "negative", 2, Map.of("filter", "id = 7"))
                            .notes()
                            .get(0)
                            .detail())
                    .contains("an index");
            BatchSource source = read(explained, "negative", 2, Map.of("filter", "amount = 1"));
            assertThat(source.connections()).isEqualTo(2);
            source.close();
        } finally {
            database.executeAsAdmin("SET GLOBAL explain_format = DEFAULT");
        }
    }
}
