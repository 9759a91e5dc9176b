package dev.serai.connector.sql;

import org.apache.commons.dbcp2.ConnectionFactory;
import org.apache.commons.dbcp2.PoolableConnection;
import org.apache.commons.dbcp2.PoolableConnectionFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectState;

/**
 * Is a pooled connection still good? One that was opened just now is not asked: whoever opened it uses it next, and then
 * sees the server's own error where it is not.
 */
final class PooledConnections extends PoolableConnectionFactory {
    PooledConnections(ConnectionFactory dialling) {
        super(dialling, null);
    }

    @Override
    public boolean validateObject(PooledObject<PoolableConnection> connection) {
        boolean justOpened = connection.getState() == PooledObjectState.ALLOCATED && connection.getBorrowedCount() == 1;
        return justOpened || super.validateObject(connection);
    }
}
