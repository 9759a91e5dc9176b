package dev.serai.rows;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Takes one column's value from the row that a result stands on, and writes it. */
interface JdbcReader {
    void read(ResultSet result, ColumnWriter out, int row) throws SQLException;
}
