package dev.serai.connector.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.FailureException;

/**
 * How does a connector reach its server? It looks the host up, and connects to just the addresses that were found and
 * are allowed.
 */
public final class Dialer implements AutoCloseable {
    private final String key = UUID.randomUUID().toString();
    private final EgressPolicy egress;
    private final SqlSettings settings;

    Dialer(EgressPolicy egress, SqlSettings settings) {
        this.egress = egress;
        this.settings = settings;
    }

    String key() {
        return key;
    }

    SqlSettings settings() {
        return settings;
    }

    /** @throws FailureException where the host is unknown or none of its addresses may be reached */
    List<InetAddress> resolve() {
        return egress.resolve(settings.address());
    }

    Socket connect() throws IOException {
        return connect(resolve(), settings.connectTimeout());
    }

    /** Tries one address after the other. */
    Socket connect(List<InetAddress> addresses, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        IOException failed = new SocketTimeoutException("No time left to connect");
        for (InetAddress address : addresses) {
            int left = Math.toIntExact((deadline - System.nanoTime()) / 1_000_000);
            if (left <= 0) {
                break;
            }
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, settings.port()), left);
                return socket;
            } catch (IOException e) {
                socket.close();
                failed = e;
            }
        }
        throw failed;
    }

    @Override
    public void close() {
        Dialing.forget(this);
    }

    public static @Nullable FailureException failureIn(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException failure) {
                return failure;
            }
        }
        return null;
    }
}
