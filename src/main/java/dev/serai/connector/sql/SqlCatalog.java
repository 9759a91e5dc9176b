package dev.serai.connector.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import dev.serai.rows.Column;

/** Which models does a database have, as far as the user may read them, and of which columns? */
public interface SqlCatalog {

    /** In the order of schema and name, byte by byte. */
    List<Relation> models(Listing listing) throws SQLException;

    /** Empty where there is no such model or the user may read nothing of it. */
    Optional<List<Column>> columns(String schema, String name) throws SQLException;
}
