package dev.serai.connector.sql.mariadb;

import org.junit.jupiter.api.Tag;

import dev.serai.testing.MariaDb;
import dev.serai.testing.MySql;

/** What goes through a tunnel to MariaDB goes through one to a real MySQL. */
@Tag("full")
class MySqlTunnelTest extends MariaTunnelTest {

    @Override
    MariaDb.Database another() {
        return MySql.database();
    }

    /** The sequences of MariaDB are tables that only it has. */
    @Override
    protected String numbers(int count) {
        String number = "1 + t0.n + 10 * t1.n + 100 * t2.n + 1000 * t3.n + 10000 * t4.n + 100000 * t5.n";
        return MySqlQueryTest.numbers(number + " AS n, repeat('x', 30) AS t", 6) + " WHERE " + number + " <= " + count;
    }
}
