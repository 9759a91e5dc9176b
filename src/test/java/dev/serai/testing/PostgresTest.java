package dev.serai.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PostgresTest {

    @Test
    void givesEveryoneADatabaseOfTheirOwnBehindAPassword() throws Exception {
        var one = Postgres.database();
        var other = Postgres.database();
        one.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1), (2)");
        other.execute("CREATE TABLE t (id int)");

        try (Connection connection = one.connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*), current_setting('is_superuser') FROM t")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(2);
            assertThat(rows.getString(2)).isEqualTo("off");
        }
        assertThatThrownBy(() -> DriverManager.getConnection(one.url(), one.username(), "wrong"))
                .hasMessageContaining("password authentication failed");
    }
}
