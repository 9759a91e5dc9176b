package dev.serai.connector.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.ssh.SshTunnel;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How far does a test get before anybody speaks: up to the name and the port? */
public final class ProbeWay {
    /** A little less than a test may take in all. */
    static final Duration LIMIT = Duration.ofSeconds(14);

    private final SqlSettings settings;
    private final Dialer dialer;
    private final ProbeSteps steps;

    ProbeWay(SqlSettings settings, Dialer dialer, ProbeSteps steps) {
        this.settings = settings;
        this.dialer = dialer;
        this.steps = steps;
    }

    /** Walks the steps up to a connected socket. */
    Socket connected() {
        List<InetAddress> addresses = steps.step(Layer.RESOLVE, this::resolve);
        SshTunnel tunnel = dialer.tunnel();
        if (tunnel == null) {
            return steps.step(Layer.CONNECT, () -> connect(addresses));
        }
        steps.step(Layer.CONNECT, () -> reach(tunnel, addresses));
        return steps.step(Layer.TUNNEL, () -> through(tunnel));
    }

    /** On a thread of its own, since a look-up knows no time limit. */
    private List<InetAddress> resolve() {
        FutureTask<List<InetAddress>> lookup = new FutureTask<>(dialer::resolve);
        Thread thread = new Thread(lookup, "serai-resolve");
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failure(Layer.RESOLVE, "timeout", "The name server did not answer in time.", e);
        } catch (ExecutionException e) {
            FailureException failure = Dialer.failureIn(e);
            throw failure != null
                    ? failure
                    : failure(Layer.RESOLVE, "unknown_host", "The host name cannot be looked up.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The test was stopped."), e);
        }
    }

    private Socket connect(List<InetAddress> addresses) {
        try {
            return dialer.connect(addresses, patience());
        } catch (SocketTimeoutException e) {
            throw failure(
                    Layer.CONNECT,
                    "timeout",
                    "Nobody answered on this host and port in time. Check both, and any firewall between.",
                    e);
        } catch (IOException e) {
            throw failure(
                    Layer.CONNECT,
                    "unreachable",
                    "Nobody accepts connections on this host and port. Check both, and that the server is running.",
                    e);
        }
    }

    private boolean reach(SshTunnel tunnel, List<InetAddress> addresses) {
        try {
            tunnel.reach(addresses, patience());
            return true;
        } catch (IOException e) {
            throw stopped(e);
        }
    }

    private Socket through(SshTunnel tunnel) {
        try {
            return tunnel.connect(settings.address(), settings.port(), patience());
        } catch (IOException e) {
            throw stopped(e);
        }
    }

    /** A tunnel tells by itself what else goes wrong. */
    private static FailureException stopped(IOException e) {
        return new FailureException(new Failure.Cancelled("The test was stopped."), e);
    }

    /** How long one step may take. */
    public Duration patience() {
        Duration left = steps.left();
        return left.compareTo(settings.connectTimeout()) < 0 ? left : settings.connectTimeout();
    }

    public static FailureException failure(Layer layer, String code, String detail, @Nullable Exception cause) {
        boolean retryable = code.equals("timeout") || code.equals("unreachable");
        return new FailureException(SqlFailures.source(layer, code, detail, retryable), cause);
    }
}
