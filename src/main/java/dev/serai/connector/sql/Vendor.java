package dev.serai.connector.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import dev.serai.failure.Failure;

/** What differs between the databases of this family, as far as connecting and failing go. */
public interface Vendor {

    /** Where its servers listen unless a config says otherwise. */
    int port();

    /** What walks a connector's test step by step. */
    SqlProbe probe(SqlSettings settings, Dialer dialer);

    /** What knows the models of the database that a connection, in a transaction, has come to. */
    SqlCatalog catalog(Connection connection);

    /** Logs in. What the driver is told is a fixed list, to which a config can add nothing. */
    Connection connect(SqlSettings settings, Dialing dialing) throws SQLException;

    /** Begins a request's transaction: read-only, one snapshot, each statement stopped in time. */
    void begin(Connection connection, Duration timeout) throws SQLException;

    /** Gives a connection back the state it was opened with; called outside any transaction. */
    void reset(Connection connection) throws SQLException;

    /** Has the server stop the statement that the connection runs, from another thread than the one that waits. */
    void cancel(Connection connection) throws SQLException;

    /** What a driver's exception means. */
    Failure failure(SQLException e);
}
