package dev.serai.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.session.helpers.AbstractConnectionService;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/** A real SSH server in this process that lets one user in and connects on to wherever it is asked to. */
public final class SshGate implements AutoCloseable {
    public static final String USER = "tunnel";

    /** Of the server's own and of the user, once for all tests. */
    public static final KeyPair HOST_KEY = ecdsa();

    public static final KeyPair USER_KEY = rsa();

    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private final KeyPair hostKey;
    private SshServer server;

    public SshGate() {
        this(HOST_KEY);
    }

    public SshGate(KeyPair hostKey) {
        this.hostKey = hostKey;
        this.server = started(0);
    }

    private SshServer started(int port) {
        SshServer started = SshServer.setUpDefaultServer();
        started.setHost("127.0.0.1");
        started.setPort(port);
        started.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        started.setPublickeyAuthenticator(
                (user, key, session) -> USER.equals(user) && KeyUtils.compareKeys(key, USER_KEY.getPublic()));
        started.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        CoreModuleProperties.NIO_WORKERS.set(started, 2);
        started.addSessionListener(new SessionListener() {
            @Override
            public void sessionCreated(Session session) {
                sessions.incrementAndGet();
            }

            @Override
            public void sessionEvent(Session session, Event event) {
                if (event == Event.Authenticated) {
                    logins.incrementAndGet();
                }
            }

            @Override
            public void sessionClosed(Session session) {
                sessions.decrementAndGet();
            }
        });
        try {
            started.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return started;
    }

    public int port() {
        return server.getPort();
    }

    /** The server itself, to be made a difficult one before anybody calls. */
    public SshServer server() {
        return server;
    }

    /** The way through it, as properties of a config. */
    public Map<String, Object> config() {
        return new HashMap<>(Map.of(
                "ssh_host", "127.0.0.1",
                "ssh_port", port(),
                "ssh_username", USER,
                "ssh_private_key", pem(USER_KEY),
                "ssh_host_key", line(hostKey.getPublic())));
    }

    /** Sessions that are open now. */
    public int sessions() {
        return sessions.get();
    }

    /** Connections that go on from here now. */
    public int connections() {
        return server.getActiveSessions().stream()
                .map(session -> session.getService(ConnectionService.class))
                .filter(AbstractConnectionService.class::isInstance)
                .mapToInt(service ->
                        ((AbstractConnectionService) service).getChannels().size())
                .sum();
    }

    /** How often somebody was let in so far. */
    public int logins() {
        return logins.get();
    }

    public void prohibitForwarding() {
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    }

    /** As if the server died: without a word over the sessions that are open. */
    public void cut() throws IOException {
        int port = server.getPort();
        server.getActiveSessions().forEach(session -> session.getIoSession().close(true));
        server.close(true).await();
        server.setPort(port);
    }

    public void comeBack() {
        server = started(server.getPort());
    }

    /** As {@code ssh-keygen -l} tells it. */
    public static String fingerprint(KeyPair key) {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key.getPublic());
    }

    /** A line as in a file of public keys. */
    public static String line(PublicKey key) {
        StringWriter line = new StringWriter();
        try {
            PublicKeyEntry.appendPublicKeyEntry(line, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    /** A private key as PKCS#8 in PEM. */
    public static String pem(KeyPair key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    public static KeyPair ecdsa() {
        return generated("EC", 256);
    }

    public static KeyPair rsa() {
        return generated("RSA", 2048);
    }

    private static KeyPair generated(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close(true).await();
    }
}
