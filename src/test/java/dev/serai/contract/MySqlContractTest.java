package dev.serai.contract;

import org.junit.jupiter.api.Tag;

import dev.serai.testing.MariaDb;
import dev.serai.testing.MySql;

/** Against a real MySQL. */
@Tag("full")
class MySqlContractTest extends MariaDbContractTest {
    @Override
    MariaDb.Database newDatabase() {
        return MySql.database();
    }

    @Override
    public String type() {
        return "mysql";
    }

    @Override
    public String query(Query query) {
        return switch (query) {
            case DELETE -> "DELETE FROM many";
            // Where nothing but sleep() was interrupted, a statement of MySQL's has not failed.
            case SLOW -> "SELECT 1 AS one FROM many WHERE sleep(60) = 0";
            default -> super.query(query);
        };
    }
}
