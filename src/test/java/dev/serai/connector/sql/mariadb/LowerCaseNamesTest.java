package dev.serai.connector.sql.mariadb;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.serai.connector.sql.Failures;
import dev.serai.testing.MariaDb;
import dev.serai.testing.MySql;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

/** A server that keeps all names of tables in lower case, as those on Windows do: models have the names that it gives them. */
class LowerCaseNamesTest {
    private static final String LOWER = "--lower-case-table-names=1";

    @Test
    void inMariaDb() {
        try (MariaDb server = MariaDb.start(LOWER)) {
            readsByTheServersNames(server.newDatabase());
        }
    }

    @Test
    @Tag("full")
    void inMySql() {
        try (MySql server = MySql.start(LOWER)) {
            readsByTheServersNames(server.newDatabase());
        }
    }

    private static void readsByTheServersNames(MariaDb.Database database) {
        database.execute("CREATE TABLE Orders (Id int PRIMARY KEY, Total int)", "INSERT INTO ORDERS VALUES (1, 7)");
        try (MariaDatabase connector =
                MariaConfigs.open(database, "database", database.name().toUpperCase(Locale.ROOT))) {
            assertThat(connector.models(Map.of()).toString())
                    .contains(database.name(), "orders")
                    .doesNotContain("Orders", database.name().toUpperCase(Locale.ROOT));

            Rows rows = Rows.of(connector.read(MariaConfigs.model(database, "orders")));
            assertThat(rows.names()).containsExactly("Id", "Total");
            assertThat(rows.values()).containsExactly(List.of("1", "7"));
            assertThat(Failures.of(() -> connector.read(MariaConfigs.model(database, "Orders")))
                            .code())
                    .isEqualTo("model_missing");
        }
    }
}
