package dev.serai.connector.sql.mariadb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.util.ConfigurableSocketFactory;

import dev.serai.connector.sql.Dialing;

/** The sockets of MariaDB's driver, connected by the connector's {@link Dialing} and by nobody else. */
public final class MariaSockets extends ConfigurableSocketFactory {
    /** A property of the connection's, which the driver hands on unread. */
    static final String DIALING = "seraiDialing";

    private @Nullable String dialing;

    /** For the driver. */
    public MariaSockets() {}

    static String dialing(Configuration configuration) {
        return configuration.nonMappedOptions().getProperty(DIALING, "");
    }

    @Override
    public void setConfiguration(Configuration configuration, String host) {
        dialing = dialing(configuration);
    }

    /** A connected socket: the driver then does not connect it. */
    @Override
    public Socket createSocket() throws IOException {
        if (dialing == null) {
            throw elsewhere();
        }
        return Dialing.of(dialing).connect();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw elsewhere();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw elsewhere();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw elsewhere();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        throw elsewhere();
    }

    private static IOException elsewhere() {
        return new UnknownHostException("A connector's driver may connect to its own server only");
    }
}
