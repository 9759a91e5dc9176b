package dev.serai.connector.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * One connector's way through an SSH server: all its connections share one session, made when the first is wanted, and
 * made anew when it broke. No port is opened on this machine that somebody else could use.
 */
public final class SshTunnel implements AutoCloseable {
    /** Unanswered three times, the server is taken for dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final EgressPolicy egress;
    private final SshSettings settings;
    private final Duration heartbeat;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable SshSession session;
    private volatile boolean closed;

    public SshTunnel(EgressPolicy egress, SshSettings settings) {
        this(egress, settings, HEARTBEAT);
    }

    SshTunnel(EgressPolicy egress, SshSettings settings, Duration heartbeat) {
        this.egress = egress;
        this.settings = settings;
        this.heartbeat = heartbeat;
    }

    /** @throws FailureException where the SSH server's host is unknown or none of its addresses may be reached */
    public List<InetAddress> resolve() {
        return egress.resolve(settings.address());
    }

    /**
     * Connects to the SSH server, without a word yet; of no effect where there is a session already.
     *
     * @throws FailureException at {@link Failure.Layer#CONNECT}
     */
    public void reach(List<InetAddress> addresses, Duration timeout) throws IOException {
        long deadline = deadline(timeout);
        enter(timeout);
        try {
            if (!isUsable(session)) {
                reachAnew(addresses, left(deadline));
            }
        } finally {
            connecting.unlock();
        }
    }

    /**
     * Connects to a target of the SSH server's, which looks its name up; with all that has to be done before.
     *
     * @throws FailureException that says at which layer it failed
     */
    public Socket connect(String host, int port, Duration timeout) throws IOException {
        egress.requireElsewhere(host);
        long deadline = deadline(timeout);
        SshSession usable = loggedIn(deadline);
        try {
            return usable.open(host, port, left(deadline));
        } catch (FailureException e) {
            if (usable.isUsable()) {
                throw e;
            }
            // It broke before anybody noticed: a new one may do better.
            return loggedIn(deadline).open(host, port, left(deadline));
        }
    }

    private SshSession loggedIn(long deadline) throws IOException {
        SshSession current = session;
        if (current != null && current.isUsable()) {
            return current;
        }
        enter(left(deadline));
        try {
            current = session;
            if (current == null || !current.isOpen()) {
                current = reachAnew(resolve(), left(deadline));
            }
            try {
                current.login(left(deadline));
                return current;
            } catch (IOException | RuntimeException e) {
                current.close();
                if (closed && !(e instanceof InterruptedIOException)) {
                    throw changed(e);
                }
                throw e;
            }
        } finally {
            connecting.unlock();
        }
    }

    private SshSession reachAnew(List<InetAddress> addresses, Duration timeout) throws IOException {
        SshSession broken = session;
        if (broken != null) {
            broken.close();
        }
        SshSession fresh = SshSession.connect(settings, addresses, heartbeat, timeout);
        session = fresh;
        if (closed) {
            fresh.close();
            throw changed(null);
        }
        return fresh;
    }

    private static boolean isUsable(@Nullable SshSession session) {
        return session != null && session.isUsable();
    }

    /** One connects at a time, and the others then share what came of it. */
    private void enter(Duration timeout) throws IOException {
        try {
            if (!connecting.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw SshFailures.timeout("Another connection is still being made through the SSH server.", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The call was stopped");
        }
        if (closed) {
            connecting.unlock();
            throw changed(null);
        }
    }

    private static IOException changed(@Nullable Exception cause) {
        return new IOException("The connector was changed or closed", cause);
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + timeout.toNanos();
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    /** Ends the session and every connection through it, without waiting. */
    @Override
    public void close() {
        closed = true;
        SshSession last = session;
        if (last != null) {
            last.close();
        }
    }
}
