package dev.serai.connector.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/** The sockets of a JDBC driver, connected by the connector's {@link Dialing} and by nobody else. */
public final class DialedSockets extends SocketFactory {
    private final String dialing;

    /** @param dialing its key */
    public DialedSockets(String dialing) {
        this.dialing = dialing;
    }

    /** A connected socket: the driver then does not connect it. */
    @Override
    public Socket createSocket() throws IOException {
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
