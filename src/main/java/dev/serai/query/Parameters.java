package dev.serai.query;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** Positional parameters given as JSON values. */
final class Parameters {
    private Parameters() {}

    static void check(ParsedSql parsed, List<JsonNode> values) {
        List<Fault> faults = new ArrayList<>();
        if (values.size() != parsed.parameters()) {
            faults.add(new Fault(
                    "/params",
                    "must have " + parsed.parameters() + " values for the SQL's parameters, not " + values.size()));
        }
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).isContainerNode()) {
                faults.add(new Fault("/params/" + i, "must be text, a number, true, false or null"));
            }
        }
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
    }

    static void bind(PreparedStatement statement, List<JsonNode> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            JsonNode value = values.get(i);
            switch (value.getNodeType()) {
                case BOOLEAN -> statement.setBoolean(i + 1, value.booleanValue());
                case NUMBER -> number(statement, i + 1, value);
                case STRING -> statement.setString(i + 1, value.textValue());
                default -> statement.setNull(i + 1, Types.NULL);
            }
        }
    }

    private static void number(PreparedStatement statement, int index, JsonNode value) throws SQLException {
        if (value.canConvertToLong() && value.isIntegralNumber()) {
            statement.setLong(index, value.longValue());
        } else if (value.isIntegralNumber()) {
            statement.setObject(index, value.bigIntegerValue());
        } else if (value.isBigDecimal()) {
            statement.setBigDecimal(index, value.decimalValue());
        } else {
            statement.setDouble(index, value.doubleValue());
        }
    }
}
