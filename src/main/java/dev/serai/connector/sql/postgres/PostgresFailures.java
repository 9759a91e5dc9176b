package dev.serai.connector.sql.postgres;

import java.sql.SQLException;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import dev.serai.connector.sql.SqlFailures;
import dev.serai.failure.Failure;

/** What does PostgreSQL's or its driver's error say and mean? */
final class PostgresFailures {
    private PostgresFailures() {}

    static Failure of(SQLException e) {
        return PostgresVendor.DESCRIPTION.errors().failure(e, said(e));
    }

    /** The server's own words, first line only; it never repeats a password. */
    static String said(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        String message = server == null ? null : server.getMessage();
        return message == null ? SqlFailures.firstLine(e) : message;
    }
}
