package dev.serai.connector.sql.mariadb;

import java.sql.SQLException;
import java.util.regex.Pattern;

import dev.serai.connector.sql.SqlFailures;
import dev.serai.failure.Failure;

/** What does MariaDB's, MySQL's or their driver's error say and mean? */
final class MariaFailures {
    static final String WRONG_HOST = "The server's certificate is for another host name";

    /** Of an error that tells no more than that the server refused what it was asked. */
    static final String REFUSED = "source_error";

    private static final Pattern CONNECTION = Pattern.compile("^\\(conn=\\d+\\) ");

    private MariaFailures() {}

    static Failure of(SQLException e) {
        return MariaVendor.DESCRIPTION.errors().failure(e, said(e));
    }

    static boolean offersNoTls(SQLException e) {
        return of(e).code().equals("tls_unavailable");
    }

    /** The server's own words, first line only; they never repeat a password. */
    static String said(SQLException e) {
        return CONNECTION.matcher(SqlFailures.firstLine(e)).replaceFirst("");
    }
}
