package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** Rows that know themselves how SQL reads them, such as those of a file. */
public non-sealed interface ScannedSource extends RowSource {
    /**
     * Makes the rows readable on one DuckDB database.
     *
     * @param staging an existing folder for what must be laid down; its owner removes it
     * @throws dev.serai.failure.FailureException when the rows cannot be read
     */
    RowScan scan(Connection duckdb, Path staging) throws SQLException;
}
