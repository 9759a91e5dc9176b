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
import dev.serai.connector.ssh.SshTunnel;
import dev.serai.failure.FailureException;

/**
 * How does a connector reach its server? It looks the host up, and connects to just the addresses that were found and
 * are allowed; or it does so with an SSH server, which then looks the host up and connects on to it.
 */
public final class Dialer implements AutoCloseable {
    private final String key = UUID.randomUUID().toString();
    private final EgressPolicy egress;
    private final SqlSettings settings;
    private final @Nullable SshTunnel tunnel;

    Dialer(EgressPolicy egress, SqlSettings settings) {
        this.egress = egress;
        this.settings = settings;
        this.tunnel = settings.ssh() == null ? null : new SshTunnel(egress, settings.ssh());
    }

    /** One that reaches the same server by itself, from the very beginning. */
    Dialer another() {
        return new Dialer(egress, settings);
    }

    String key() {
        return key;
    }

    SqlSettings settings() {
        return settings;
    }

    /** Null where the way is a direct one. */
    @Nullable
    SshTunnel tunnel() {
        return tunnel;
    }

    /**
     * The addresses of whoever is connected to first.
     *
     * @throws FailureException where the host is unknown or none of its addresses may be reached
     */
    List<InetAddress> resolve() {
        if (tunnel == null) {
            return egress.resolve(settings.address());
        }
        egress.requireElsewhere(settings.address());
        return tunnel.resolve();
    }

    Socket connect() throws IOException {
        return tunnel == null
                ? connect(resolve(), settings.connectTimeout())
                : tunnel.connect(settings.address(), settings.port(), settings.connectTimeout());
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
        if (tunnel != null) {
            tunnel.close();
        }
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
