package dev.serai.connector.sql.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

import dev.serai.connector.sql.DescribedCatalog;
import dev.serai.rows.Column;

/** Which models does a MariaDB or MySQL server have, as far as the user may read them, and of which columns? */
final class MariaCatalog extends DescribedCatalog<MariaCatalog.Field> {
    /** A column and how its values travel. */
    record Field(Column column, MariaTypes.Form form) {}

    MariaCatalog(Connection connection) {
        super(connection, MariaVendor.DESCRIPTION.catalog());
    }

    /** A model is listed also for those who may do something else to it than read. */
    @Override
    public Optional<Description<Field>> describe(String schema, String name) throws SQLException {
        return super.describe(schema, name)
                .filter(description -> !description.fields().isEmpty());
    }

    @Override
    protected Field field(ResultSet row) throws SQLException {
        MariaTypes.Form form =
                MariaTypes.of(row.getString(2), row.getString(5), (int) row.getLong(6), (int) row.getLong(7));
        return new Field(
                new Column(
                        row.getString(1),
                        form.type(),
                        row.getString(2),
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
