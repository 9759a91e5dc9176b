package dev.serai.connector.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.apache.camel.component.jdbc.JdbcPrepareStatementStrategy;

/**
 * How camel-jdbc gives a statement its values: the header's list, one for each {@code ?}. Its own way looks for
 * {@code :?name} in the text, where a person's literals and operators may look the same.
 */
public final class PositionalParameters implements JdbcPrepareStatementStrategy {

    @Override
    public String prepareQuery(String query, boolean allowNamedParameters) {
        return query;
    }

    @Override
    public Iterator<?> createPopulateIterator(
            String query, String preparedQuery, int expectedParams, Exchange exchange, Object value) {
        List<?> values = exchange.getMessage().getHeader(JdbcConstants.JDBC_PARAMETERS, List.class);
        return values == null ? List.of().iterator() : values.iterator();
    }

    @Override
    public void populateStatement(PreparedStatement statement, Iterator<?> values, int expectedParams)
            throws SQLException {
        for (int i = 1; values.hasNext(); i++) {
            statement.setObject(i, values.next());
        }
    }
}
