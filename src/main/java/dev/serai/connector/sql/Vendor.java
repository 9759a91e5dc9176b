package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

import dev.serai.failure.Failure;

/** What differs between the databases of this family, as far as connecting and failing go. */
interface Vendor {

    /** The driver's address; holds nothing but host, port and database, each encoded. */
    String url(SqlSettings settings);

    /** Everything else the driver is told, the password too: a fixed list, to which a config can add nothing. */
    Properties properties(SqlSettings settings, Dialing dialing);

    /** The statements that begin a request's transaction: read-only, one snapshot, each statement stopped in time. */
    String beginning(Duration timeout);

    /** Gives a connection back the state it was opened with; run outside any transaction. */
    String reset();

    /** Has the server stop the statement that the connection runs, from another thread than the one that waits. */
    void cancel(Connection connection) throws SQLException;

    /** What a driver's exception means. */
    Failure failure(SQLException e);
}
