package dev.serai.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.testing.MariaDb;

class MariaDbContractTest extends ConnectorContract {
    private final MariaDb.Database database = newDatabase();

    MariaDb.Database newDatabase() {
        return MariaDb.database();
    }

    @Override
    public String type() {
        return "mariadb";
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
    public Map<Capability, String> lacks() {
        return Map.of(Capability.QUERY_POSITION, "the server tells no place of a table that is missing");
    }

    @Override
    public void create(Table table) throws SQLException {
        String id = table.columns().get(0);
        List<String> rest = table.columns().subList(1, table.columns().size());
        String columns = id + " bigint PRIMARY KEY, " + String.join(" longtext, ", rest) + " longtext";
        database.execute("CREATE TABLE `" + table.name() + "` (" + columns + ")");
        String values = "?" + ", ?".repeat(rest.size());
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO `" + table.name() + "` VALUES (" + values + ")")) {
            for (List<Object> row : table.rows()) {
                for (int i = 0; i < row.size(); i++) {
                    insert.setObject(i + 1, row.get(i));
                }
                insert.addBatch();
            }
            if (!table.rows().isEmpty()) {
                insert.executeBatch();
            }
        }
    }

    @Override
    public Model model(Table table) {
        return new Model(database.name(), table.name());
    }

    @Override
    public String query(Query query) {
        return switch (query) {
            case ODD -> "SELECT * FROM odd ORDER BY id";
            case MANY -> "SELECT * FROM many;";
            case EMPTY -> "SELECT * FROM `empty` -- nothing";
            case BY_ID_AND_NAME -> "SELECT * FROM many WHERE id = ? AND name = ?";
            case DUPLICATE_NAMES -> "SELECT 1 AS a, 2 AS a";
            case DELETE -> "DELETE FROM many RETURNING *";
            case MISSING -> "SELECT * FROM no_such_model";
            case SLOW -> "SELECT sleep(60), 1 AS one";
        };
    }

    @Override
    public int running() {
        return sessions("AND COMMAND IN ('Query', 'Execute')");
    }

    @Override
    public int connections() {
        return sessions("");
    }

    private int sessions(String condition) {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet count =
                        statement.executeQuery("SELECT count(*) FROM information_schema.PROCESSLIST WHERE USER = '"
                                + database.username() + "' " + condition)) {
            count.next();
            return count.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
