package dev.serai.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.testing.Postgres;

class PostgresContractTest extends ConnectorContract {
    private final Postgres.Database database = Postgres.database();

    @Override
    public String type() {
        return "postgresql";
    }

    @Override
    public ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("host", database.host())
                .put("port", database.port())
                .put("database", database.name())
                .put("username", database.username())
                .put("password", database.password());
    }

    @Override
    public Broken broken() {
        return new Broken(JsonNodeFactory.instance.objectNode().put("password", "wrong"), "authenticate");
    }

    @Override
    public void create(Table table) throws SQLException {
        String id = table.columns().get(0);
        List<String> rest = table.columns().subList(1, table.columns().size());
        String columns = id + " bigint PRIMARY KEY, " + String.join(" text, ", rest) + " text";
        database.execute("CREATE TABLE " + table.name() + " (" + columns + ")");
        String values = "?" + ", ?".repeat(rest.size());
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + table.name() + " VALUES (" + values + ")")) {
            for (List<Object> row : table.rows()) {
                for (int i = 0; i < row.size(); i++) {
                    insert.setObject(i + 1, row.get(i));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public Model model(Table table) {
        return new Model("public", table.name());
    }

    @Override
    public String query(Query query) {
        return switch (query) {
            case ODD -> "SELECT * FROM odd ORDER BY id";
            case MANY -> "TABLE many;";
            case EMPTY -> "SELECT * FROM empty -- nothing";
            case BY_ID_AND_NAME -> "SELECT * FROM many WHERE name = $2 AND id = $1";
            case DUPLICATE_NAMES -> "SELECT 1 AS a, 2 AS a";
            case DELETE -> "DELETE FROM many RETURNING *";
            case MISSING -> "SELECT * FROM no_such_model";
            case SLOW -> "SELECT pg_sleep(60), 1 AS one";
        };
    }

    @Override
    public int running() {
        return sessions("AND state = 'active'");
    }

    @Override
    public int connections() {
        return sessions("");
    }

    private int sessions(String condition) {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE usename = '"
                        + database.username() + "' " + condition)) {
            count.next();
            return count.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
