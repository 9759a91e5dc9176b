package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.sql.SqlDatabase;
import dev.serai.connector.sql.TunnelSuite;
import dev.serai.rows.RowSource;
import dev.serai.testing.MariaDb;
import dev.serai.testing.Settings;

class MariaTunnelTest extends TunnelSuite {
    private final MariaDb.Database database = another();

    /** A new database of the server that is read. */
    MariaDb.Database another() {
        return MariaDb.database();
    }

    @Override
    protected Map<String, Object> config() {
        return MariaConfigs.config(database);
    }

    @Override
    protected SqlDatabase open(Map<String, Object> config) {
        return new MariaDatabase(config, new EgressPolicy(Settings.of(Map.of())));
    }

    @Override
    protected RowSource read(SqlDatabase database, String sql) {
        return ((MariaDatabase) database).read(Map.of("query", sql));
    }

    @Override
    protected String numbers(int count) {
        return "SELECT seq AS n, repeat('x', 30) AS t FROM seq_1_to_" + count;
    }

    @Override
    protected String sleep() {
        return "SELECT 1 AS n, sleep(60) AS s";
    }

    @Override
    protected int sleeping() throws SQLException {
        return count("DB = '" + database.name() + "' AND STATE = 'User sleep'");
    }

    @Override
    protected int connected() throws SQLException {
        return count("USER = '" + database.username() + "'");
    }

    private int count(String which) throws SQLException {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT count(*) FROM information_schema.PROCESSLIST WHERE " + which)) {
            row.next();
            return row.getInt(1);
        }
    }
}
