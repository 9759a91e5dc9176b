package dev.serai.connector.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.FailureException;

/**
 * How does a connector reach its server? It looks the host up, and connects to just the addresses that were found and
 * are allowed.
 *
 * <p>Drivers make their sockets by a class name alone, so a dialer is found again by its key.
 */
final class Dialer implements AutoCloseable {
    private static final Map<String, Dialer> DIALERS = new ConcurrentHashMap<>();

    private final String key = UUID.randomUUID().toString();
    private final EgressPolicy egress;
    private final SqlSettings settings;

    Dialer(EgressPolicy egress, SqlSettings settings) {
        this.egress = egress;
        this.settings = settings;
        DIALERS.put(key, this);
    }

    static Dialer of(String key) throws IOException {
        Dialer dialer = DIALERS.get(key);
        if (dialer == null) {
            throw new IOException("The connector was changed or closed");
        }
        return dialer;
    }

    String key() {
        return key;
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
        DIALERS.remove(key);
    }

    static @Nullable FailureException failureIn(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException failure) {
                return failure;
            }
        }
        return null;
    }
}
