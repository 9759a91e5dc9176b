package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.AfterAll;

import dev.serai.connector.sql.CountedSessions;
import dev.serai.connector.sql.SqlDatabase;
import dev.serai.testing.MariaDb;

class MariaSessionsTest extends CountedSessions {
    private static final MariaDb SERVER = MariaDb.start();

    private final MariaDb.Database database = SERVER.newDatabase();

    @AfterAll
    static void end() {
        SERVER.close();
    }

    @Override
    protected SqlDatabase open(Object... config) {
        return MariaConfigs.open(database, config);
    }

    @Override
    protected int sessions() {
        return (int) number(
                "SELECT count(*) FROM information_schema.PROCESSLIST WHERE user = '" + database.username() + "'");
    }

    private long number(String sql) {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected String ownSession() {
        return "SELECT connection_id()";
    }

    @Override
    protected void changePassword() {
        database.executeAsAdmin("SET PASSWORD FOR " + database.username() + " = PASSWORD('another')");
    }

    @Override
    protected long refusedPasswords() {
        return number("SELECT variable_value FROM information_schema.GLOBAL_STATUS"
                + " WHERE variable_name = 'ACCESS_DENIED_ERRORS'");
    }

    @Override
    protected void stopServer() {
        SERVER.close();
    }

    @Override
    protected void startServer() {
        SERVER.startAgain();
    }
}
