package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

import dev.serai.connector.sql.DescribedCatalog;
import dev.serai.rows.Column;

/** Which models does a PostgreSQL database have, as far as the user may read them, and of which columns? */
final class PostgresCatalog extends DescribedCatalog<PostgresCatalog.Field> {
    /** A column and how its values travel. */
    record Field(Column column, PostgresTypes.Form form) {}

    PostgresCatalog(Connection connection) {
        super(connection, PostgresVendor.DESCRIPTION.catalog());
    }

    @Override
    protected Field field(ResultSet row) throws SQLException {
        PostgresTypes.Form form = PostgresTypes.of(row.getString(5), row.getInt(6));
        return new Field(
                new Column(
                        row.getString(1),
                        form.type(),
                        // Whoever sorts these texts has to see that they are numbers.
                        row.getString(form.isEndless() ? 7 : 2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        form.watermarkCandidate()),
                form);
    }

    @Override
    protected Column column(Field field) {
        return field.column();
    }
}
