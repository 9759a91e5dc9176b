package dev.serai.connector.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.future.VerifiableFuture;
import org.apache.sshd.common.kex.KexState;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * One session with an SSH server: connected, then logged in, then carrying connections. It knows the settings alone, and
 * nothing of the files that an SSH client of whoever runs Serai would read.
 */
final class SshSession implements AutoCloseable {
    /** A target that is slow to read is not one that has gone; the server's heartbeat tells whether it is there. */
    private static final Duration LONGEST_WRITE = Duration.ofDays(1);

    private static final int UNANSWERED_HEARTBEATS = 2;
    private static final int THREADS = 2;

    private final SshSettings settings;
    private final HostKeys hostKeys;
    private final SshClient client;
    private final ClientSession session;
    private volatile @Nullable Failure refused;

    private SshSession(SshSettings settings, InetAddress address, Duration heartbeat, Duration timeout)
            throws IOException {
        this.settings = settings;
        this.hostKeys = HostKeys.parse(settings.hostKey());
        this.client = client(heartbeat);
        client.start();
        try {
            // By number, so that nobody looks the name up again.
            InetAddress numeric = InetAddress.getByAddress(address.getAddress());
            session = within(
                            timeout,
                            client.connect(settings.username(), new InetSocketAddress(numeric, settings.port())))
                    .getClientSession();
        } catch (IOException | RuntimeException e) {
            client.close(true);
            throw e;
        }
    }

    /**
     * Connects to one of the addresses, and to nothing else.
     *
     * @throws FailureException at {@link Failure.Layer#CONNECT}
     */
    static SshSession connect(SshSettings settings, List<InetAddress> addresses, Duration heartbeat, Duration timeout)
            throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        FailureException failed = SshFailures.notReachedInTime(null);
        for (InetAddress address : addresses) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.toMillis() <= 0) {
                break;
            }
            try {
                return new SshSession(settings, address, heartbeat, left);
            } catch (IOException e) {
                throwIfStopped(e);
                failed = isTimeout(e) ? SshFailures.notReachedInTime(e) : SshFailures.notReached(e);
            }
        }
        throw failed;
    }

    private SshClient client(Duration heartbeat) {
        BouncyCastle.prepare();
        SshClient client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setFilePasswordProvider(FilePasswordProvider.EMPTY);
        client.setUserAuthFactories(List.of(new UserAuthPublicKeyFactory(Ciphers.signatures(Set.of()))));
        client.setServerKeyVerifier((session, address, key) -> isExpected(key));
        client.setSignatureFactories(Ciphers.signatures(settings.checksHostKey() ? hostKeys.types() : Set.of()));
        client.setCipherFactories(Ciphers.ENCRYPTION);
        // Nothing that a server could ask of its client.
        client.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        client.setChannelFactories(List.of());
        client.setGlobalRequestHandlers(List.of());
        CoreModuleProperties.NIO_WORKERS.set(client, THREADS);
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.SOCKET_KEEPALIVE.set(client, true);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, heartbeat);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, UNANSWERED_HEARTBEATS);
        CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(client, LONGEST_WRITE);
        return client;
    }

    private boolean isExpected(PublicKey key) {
        if (!settings.checksHostKey() || hostKeys.match(key)) {
            return true;
        }
        String shown = KeyUtils.getKeyType(key) + " " + HostKeys.fingerprint(key);
        refused = hostKeys.isEmpty() ? SshFailures.unknownHostKey(shown) : SshFailures.wrongHostKey(shown);
        return false;
    }

    /** @throws FailureException at {@link Failure.Layer#TUNNEL} */
    void login(Duration timeout) throws IOException {
        if (session.isAuthenticated()) {
            return;
        }
        try {
            session.addPublicKeyIdentity(SshKey.open(settings.privateKey(), settings.passphrase()));
            within(timeout, session.auth());
        } catch (SshKey.UnusableException e) {
            throw SshFailures.unusable(e);
        } catch (IOException | IllegalStateException e) {
            throwIfStopped(e);
            Failure hostKey = refused;
            if (hostKey != null) {
                throw new FailureException(hostKey, e);
            }
            if (isTimeout(e)) {
                throw SshFailures.timeout(
                        "The SSH server accepts connections but did not let anybody in in time. Is it an SSH server that"
                                + " listens there?",
                        e);
            }
            throw session.getKexState() == KexState.DONE
                    ? SshFailures.refused(settings.username(), e)
                    : SshFailures.handshake(e);
        }
    }

    /** @throws FailureException at {@link Failure.Layer#TUNNEL} */
    Socket open(String host, int port, Duration timeout) throws IOException {
        TunnelChannel channel = new TunnelChannel(host, port);
        String target = host + ":" + port;
        try {
            session.getService(ConnectionService.class).registerChannel(channel);
            within(timeout, channel.open());
            return new TunnelSocket(channel, host, port);
        } catch (IOException | IllegalStateException e) {
            channel.close(false);
            throwIfStopped(e);
            SshChannelOpenException refusal = refusal(e);
            if (refusal != null) {
                throw SshFailures.notOpened(target, refusal);
            }
            if (isTimeout(e)) {
                throw SshFailures.timeout("The SSH server did not connect on to " + target + " in time.", e);
            }
            throw new FailureException(SshFailures.lost(), e);
        }
    }

    private static @Nullable SshChannelOpenException refusal(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SshChannelOpenException refusal) {
                return refusal;
            }
        }
        return null;
    }

    boolean isOpen() {
        return session.isOpen();
    }

    boolean isUsable() {
        return session.isOpen() && session.isAuthenticated();
    }

    private static <T extends VerifiableFuture<T>> T within(Duration timeout, T future) throws IOException {
        return future.verify(Math.max(1, timeout.toMillis()));
    }

    /** An interrupt is somebody's wish; a limit of time is told as one. */
    private static void throwIfStopped(Exception e) throws InterruptedIOException {
        if (e instanceof InterruptedIOException stopped && !isTimeout(e)) {
            // The library's wait cleared it.
            Thread.currentThread().interrupt();
            throw stopped;
        }
    }

    private static boolean isTimeout(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || cause instanceof java.net.SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Does not wait for the server. */
    @Override
    public void close() {
        // The library swallows an interrupt where it waits for its own threads.
        boolean interrupted = Thread.interrupted();
        try {
            session.close(true);
            client.close(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
