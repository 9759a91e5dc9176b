package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.sql.SqlDatabase;
import dev.serai.connector.sql.TunnelSuite;
import dev.serai.rows.RowSource;
import dev.serai.testing.Postgres;
import dev.serai.testing.Settings;

class PostgresTunnelTest extends TunnelSuite {
    private static final Postgres.Database DATABASE = Postgres.database();

    @Override
    protected Map<String, Object> config() {
        return PostgresConfigs.config(DATABASE);
    }

    @Override
    protected SqlDatabase open(Map<String, Object> config) {
        return new PostgresDatabase(config, new EgressPolicy(Settings.of(Map.of())));
    }

    @Override
    protected RowSource read(SqlDatabase database, String sql) {
        return ((PostgresDatabase) database).read(Map.of("query", sql));
    }

    @Override
    protected String numbers(int count) {
        return "SELECT n, repeat('x', 30) AS t FROM generate_series(1, " + count + ") AS n";
    }

    @Override
    protected String sleep() {
        return "SELECT 1 AS n, pg_sleep(60)::text";
    }

    @Override
    protected int sleeping() throws SQLException {
        return count("datname = '" + DATABASE.name() + "' AND state = 'active' AND query LIKE '%pg_sleep(60)%'");
    }

    @Override
    protected int connected() throws SQLException {
        return count("usename = '" + DATABASE.username() + "'");
    }

    private static int count(String which) throws SQLException {
        try (Connection connection = DATABASE.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " + which)) {
            row.next();
            return row.getInt(1);
        }
    }
}
