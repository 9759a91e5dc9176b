package dev.serai.connector.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyPair;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.testing.BlackHole;
import dev.serai.testing.Settings;
import dev.serai.testing.SshGate;
import dev.serai.testing.StalledServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** Every part of the way through an SSH server that can fail says that it was it, and what to do. */
class SshTunnelTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(700);

    private final SshGate gate = new SshGate();
    private ServerSocket target;

    @BeforeEach
    void listen() throws IOException {
        target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        target.close();
        gate.close();
    }

    private SshTunnel tunnel(Object... changes) {
        return tunnel(Map.of(), changes);
    }

    private SshTunnel tunnel(Map<String, Object> settings, Object... changes) {
        Map<String, Object> config = new HashMap<>(gate.config());
        for (int i = 0; i < changes.length; i += 2) {
            config.put(String.valueOf(changes[i]), changes[i + 1]);
        }
        return new SshTunnel(
                new EgressPolicy(Settings.of(settings)), SshSettings.of(config).orElseThrow(), Duration.ofMillis(200));
    }

    private void works(SshTunnel tunnel) throws IOException {
        try (tunnel;
                Socket near = tunnel.connect("127.0.0.1", target.getLocalPort(), TIMEOUT);
                Socket far = target.accept()) {
            far.getOutputStream().write(42);
            assertThat(near.getInputStream().read()).isEqualTo(42);
        }
    }

    private Failure.Source failure(SshTunnel tunnel) {
        return failure(tunnel, "127.0.0.1", target.getLocalPort(), TIMEOUT);
    }

    private static Failure.Source failure(SshTunnel tunnel, String host, int port, Duration timeout) {
        try (tunnel) {
            FailureException thrown =
                    catchThrowableOfType(FailureException.class, () -> tunnel.connect(host, port, timeout));
            return (Failure.Source) thrown.failure();
        }
    }

    private static void is(Failure.Source failure, Layer layer, String code, String... words) {
        assertThat(failure.layer()).as(failure.toString()).isEqualTo(layer);
        assertThat(failure.code()).as(failure.toString()).isEqualTo(code);
        for (String word : words) {
            assertThat(failure.detail()).contains(word);
        }
    }

    @Test
    void takesTheHostKeyAsALineOfKnownHostsAsAPublicKeyOrAsAFingerprint() throws IOException {
        String line = SshGate.line(SshGate.HOST_KEY.getPublic());
        String other = SshGate.line(SshGate.ecdsa().getPublic());
        works(tunnel("ssh_host_key", "# a comment\n\ngate.example.com,10.0.0.1 " + line + " somebody@gate"));
        works(tunnel("ssh_host_key", "|1|c2FsdA==|aGFzaA== " + line));
        works(tunnel("ssh_host_key", other + "\n" + line));
        works(tunnel("ssh_host_key", SshGate.fingerprint(SshGate.HOST_KEY)));
        works(tunnel("ssh_host_key", "256 " + SshGate.fingerprint(SshGate.HOST_KEY) + " gate (ECDSA)"));
    }

    @Test
    void refusesAServerThatShowsAnotherKeyOrOfWhichNoneIsKnown() throws IOException {
        String shown = SshGate.fingerprint(SshGate.HOST_KEY);
        is(
                failure(tunnel("ssh_host_key", SshGate.line(SshGate.ecdsa().getPublic()))),
                Layer.TUNNEL,
                "ssh_host_key_mismatch",
                shown);
        is(
                failure(tunnel("ssh_host_key", null)),
                Layer.TUNNEL,
                "ssh_host_key_unknown",
                "ecdsa-sha2-nistp256 " + shown,
                "ssh_host_key");
        assertThat(gate.logins()).isZero();
        works(tunnel("ssh_host_key", null, "ssh_host_key_check", "none"));
    }

    @Test
    void refusesAServerWithoutAKeyOfTheKindThatIsKnown() {
        is(
                failure(tunnel("ssh_host_key", SshGate.line(SshGate.rsa().getPublic()))),
                Layer.TUNNEL,
                "ssh_handshake_failed",
                "ssh_host_key");
    }

    @Test
    void tellsAKeyAndAUserThatAreRefused() {
        is(
                failure(tunnel("ssh_private_key", SshGate.pem(SshGate.rsa()))),
                Layer.TUNNEL,
                "ssh_login_refused",
                "ssh_username",
                "authorized keys");
        is(failure(tunnel("ssh_username", "nobody")), Layer.TUNNEL, "ssh_login_refused", "user nobody");
    }

    @Test
    void tellsAKeyThatCannotBeUsed() {
        is(failure(tunnel("ssh_private_key", "file:/etc/passwd")), Layer.TUNNEL, "ssh_key_unusable", "ssh_private_key");
    }

    @Test
    void tellsWhereTheServerMayNotOrCannotConnectOn() throws IOException {
        target.close();
        is(failure(tunnel()), Layer.TUNNEL, "ssh_target_unreachable", "127.0.0.1:" + target.getLocalPort());
        is(
                failure(tunnel(), "unknown.invalid", 5432, TIMEOUT),
                Layer.TUNNEL,
                "ssh_target_unreachable",
                "unknown.invalid:5432");
        gate.prohibitForwarding();
        is(failure(tunnel()), Layer.TUNNEL, "ssh_forwarding_prohibited", "AllowTcpForwarding");
    }

    @Test
    void tellsAServerThatIsNotThereThatIsSilentOrThatIsNoneAtAll() throws Exception {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        is(failure(tunnel("ssh_port", nobody)), Layer.CONNECT, "unreachable", "ssh_host");
        is(failure(tunnel("ssh_host", "unknown.invalid")), Layer.RESOLVE, "unknown_host", "unknown.invalid");
        try (StalledServer silent = new StalledServer(StalledServer.Manner.MUTE)) {
            Failure.Source late = failure(tunnel("ssh_port", silent.port()), "127.0.0.1", target.getLocalPort(), SHORT);
            is(late, Layer.TUNNEL, "timeout", "Is it an SSH server");
            assertThat(late.retryable()).isTrue();
        }
    }

    @Test
    void goesNowhereThatTheEgressRulesForbid() {
        for (String host : List.of("169.254.169.254", "metadata.google.internal", "instance-data", "0xa9fea9fe")) {
            is(failure(tunnel(), host, 80, TIMEOUT), Layer.RESOLVE, "address_denied");
        }
        is(failure(tunnel("ssh_host", "169.254.169.254")), Layer.RESOLVE, "address_denied");
        Map<String, Object> strict = Map.of("serai.egress.private", "deny");
        is(failure(tunnel(strict)), Layer.RESOLVE, "address_denied");
        is(failure(tunnel(strict), "db.example.com", 5432, TIMEOUT), Layer.RESOLVE, "address_denied");
        assertThat(gate.logins()).isZero();
    }

    @Test
    void noticesAServerThatFellSilentAndUsesItAgainWhenItIsBack() throws Exception {
        try (BlackHole network = new BlackHole(gate.port());
                SshTunnel tunnel = tunnel("ssh_port", network.port());
                Socket near = tunnel.connect("127.0.0.1", target.getLocalPort(), TIMEOUT);
                Socket far = target.accept()) {
            network.cut();
            near.setSoTimeout((int) TIMEOUT.toMillis());
            assertThatThrownBy(() -> near.getInputStream().read())
                    .hasRootCauseInstanceOf(FailureException.class)
                    .hasRootCauseMessage(
                            "ssh_connection_lost: The SSH server ended the connection, or does not answer any more.");
            is(failureAgain(tunnel), Layer.TUNNEL, "timeout");

            network.mend();
            await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
                tunnel.connect("127.0.0.1", target.getLocalPort(), SHORT).close();
                return true;
            });
        }
    }

    private Failure.Source failureAgain(SshTunnel tunnel) {
        FailureException thrown = catchThrowableOfType(
                FailureException.class, () -> tunnel.connect("127.0.0.1", target.getLocalPort(), SHORT));
        return (Failure.Source) thrown.failure();
    }

    @Test
    void manyAtOnceShareOneSession() throws Exception {
        try (SshTunnel tunnel = tunnel()) {
            List<Thread> threads = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(i -> new Thread(() -> {
                        try {
                            tunnel.connect("127.0.0.1", target.getLocalPort(), TIMEOUT);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(gate.connections()).isEqualTo(8);
            assertThat(gate.logins()).isEqualTo(1);
        }
        await().atMost(TIMEOUT).until(() -> gate.sessions() == 0);
    }

    @Test
    void isClosedForGood() {
        SshTunnel tunnel = tunnel();
        tunnel.close();
        assertThatThrownBy(() -> tunnel.connect("127.0.0.1", target.getLocalPort(), TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }

    /** What comes of a call that waits for a server's first word, when that is done to it. */
    private Throwable ofAWaitingCall(BiConsumer<SshTunnel, Thread> what) throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        try (StalledServer silent = new StalledServer(StalledServer.Manner.MUTE);
                SshTunnel tunnel = tunnel("ssh_port", silent.port())) {
            tunnel.reach(tunnel.resolve(), TIMEOUT);
            Thread waiting = new Thread(() -> {
                Throwable thrown = catchThrowable(() -> tunnel.connect("127.0.0.1", 1, TIMEOUT));
                if (Thread.currentThread().isInterrupted()) {
                    thrown.addSuppressed(new InterruptedException());
                }
                outcome.complete(thrown);
            });
            waiting.start();
            await().atMost(TIMEOUT).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            what.accept(tunnel, waiting);
            return outcome.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void aCallThatWaitsWhenItIsClosedSaysSo() throws Exception {
        assertThat(ofAWaitingCall((tunnel, thread) -> tunnel.close()))
                .isInstanceOf(IOException.class)
                .hasMessage("The connector was changed or closed")
                .hasNoSuppressedExceptions();
    }

    @Test
    void aCallThatIsInterruptedStaysSo() throws Exception {
        Throwable thrown = ofAWaitingCall((tunnel, thread) -> thread.interrupt());
        assertThat(thrown).isInstanceOf(InterruptedIOException.class);
        assertThat(thrown.getSuppressed()).hasAtLeastOneElementOfType(InterruptedException.class);
    }

    @Test
    void doesNotTellASecretToTheLog() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger("org.apache.sshd");
        Logger own = (Logger) LoggerFactory.getLogger("dev.serai");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = root.getLevel();
        // At trace the library writes down keys that it reads: application.yaml keeps it far from there.
        root.setLevel(Level.DEBUG);
        root.addAppender(lines);
        own.addAppender(lines);
        KeyPair stranger = SshGate.rsa();
        try {
            works(tunnel("ssh_private_key_passphrase", "a s3cret passphrase"));
            failure(tunnel("ssh_private_key", SshGate.pem(stranger)));
            failure(tunnel("ssh_private_key", "-----BEGIN PRIVATE KEY-----\nczNjcmV0\n-----END PRIVATE KEY-----"));
        } finally {
            root.detachAppender(lines);
            own.detachAppender(lines);
            root.setLevel(before);
        }
        assertThat(lines.list).isNotEmpty();
        StringBuilder all = new StringBuilder();
        for (ILoggingEvent line : lines.list) {
            all.append(line.getFormattedMessage()).append('\n');
            for (var thrown = line.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
                all.append(thrown.getMessage()).append('\n');
            }
        }
        for (KeyPair key : List.of(SshGate.USER_KEY, stranger)) {
            SshGate.pem(key).lines().filter(line -> !line.startsWith("-")).forEach(line -> assertThat(all)
                    .doesNotContain(line));
        }
        assertThat(all).doesNotContain("s3cret").doesNotContain("czNjcmV0");
        assertThat(SshSettings.of(gate.config()).orElseThrow().toString()).doesNotContain("PRIVATE");
    }
}
