package dev.serai.connector.ssh;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.serai.connector.EgressPolicy;
import dev.serai.testing.Settings;
import dev.serai.testing.SshGate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A channel is as good as a socket: to drivers, and to TLS on top of it. */
class TunnelSocketTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MEGABYTE = 1024 * 1024;

    private static SshGate gate;
    private static SshTunnel tunnel;
    private static ExecutorService threads;

    private ServerSocket door;
    private Socket near;
    private Socket far;

    @BeforeAll
    static void start() {
        threads = Executors.newCachedThreadPool();
        gate = new SshGate();
        // Keys are changed on the way many times in a minute.
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(gate.server(), 8L * MEGABYTE);
        tunnel = new SshTunnel(
                new EgressPolicy(Settings.of(Map.of())),
                SshSettings.of(gate.config()).orElseThrow());
    }

    @AfterAll
    static void stop() throws IOException {
        tunnel.close();
        gate.close();
        threads.shutdownNow();
    }

    @BeforeEach
    void connect() throws IOException {
        door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        near = tunnel.connect("127.0.0.1", door.getLocalPort(), TIMEOUT);
        far = door.accept();
    }

    @AfterEach
    void disconnect() throws IOException {
        near.close();
        far.close();
        door.close();
    }

    private static <T> Future<T> meanwhile(Callable<T> work) {
        return threads.submit(work);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(5).nextBytes(bytes);
        return bytes;
    }

    @Test
    void carriesMuchInBothDirectionsAtOnceWhileTheKeysAreChanged() throws Exception {
        byte[] down = bytes(40 * MEGABYTE);
        byte[] up = bytes(20 * MEGABYTE);
        Future<?> sent = meanwhile(() -> {
            far.getOutputStream().write(down);
            return null;
        });
        Future<byte[]> arrived = meanwhile(() -> new DataInputStream(far.getInputStream()).readNBytes(up.length));
        Future<?> written = meanwhile(() -> {
            near.getOutputStream().write(up);
            return null;
        });

        assertThat(near.getInputStream().readNBytes(down.length)).isEqualTo(down);
        assertThat(arrived.get(60, TimeUnit.SECONDS)).isEqualTo(up);
        sent.get(60, TimeUnit.SECONDS);
        written.get(60, TimeUnit.SECONDS);
    }

    @Test
    void sendsOnlyAsMuchAsIsReadAndDisturbsNobodyElse() throws Exception {
        Future<?> flood = meanwhile(() -> {
            far.getOutputStream().write(bytes(40 * MEGABYTE));
            return null;
        });
        TunnelChannel channel = channel(near);
        await().atMost(TIMEOUT).until(() -> channel.inbox().available() >= MEGABYTE);

        try (Socket other = tunnel.connect("127.0.0.1", door.getLocalPort(), TIMEOUT);
                Socket otherFar = door.accept()) {
            otherFar.getOutputStream().write(7);
            assertThat(other.getInputStream().read()).isEqualTo(7);
        }
        assertThat(channel.inbox().available()).isLessThan(4 * MEGABYTE);
        assertThat(flood.isDone()).isFalse();
        assertThat(near.getInputStream().readNBytes(40 * MEGABYTE)).isEqualTo(bytes(40 * MEGABYTE));
    }

    private static TunnelChannel channel(Socket socket) throws ReflectiveOperationException {
        var field = TunnelSocket.class.getDeclaredField("channel");
        field.setAccessible(true);
        return (TunnelChannel) field.get(socket);
    }

    @Test
    void readsForSoLongAndNoLongerAndLosesNothingByIt() throws Exception {
        near.setSoTimeout(50);
        assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        assertThat(near.getSoTimeout()).isEqualTo(50);

        far.getOutputStream().write(new byte[] {1, 2, 3});
        near.setSoTimeout(0);
        assertThat(near.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
        assertThat(near.getInputStream().available()).isZero();
    }

    @Test
    void closingWakesWhoReads() throws Exception {
        InputStream in = near.getInputStream();
        Future<Integer> reading = meanwhile(in::read);
        near.close();

        assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SocketException.class);
        assertThat(near.isClosed()).isTrue();
        assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
        assertThatThrownBy(near::getOutputStream).isInstanceOf(SocketException.class);
        far.setSoTimeout(10_000);
        assertThat(far.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void closingWakesWhoWrites() throws Exception {
        var out = near.getOutputStream();
        Future<?> writing = meanwhile(() -> {
            out.write(bytes(40 * MEGABYTE));
            return null;
        });
        assertThatThrownBy(() -> writing.get(1, TimeUnit.SECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        near.close();

        assertThatThrownBy(() -> writing.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SocketException.class);
    }

    @Test
    void eachDirectionIsClosedByItself() throws Exception {
        near.getOutputStream().write(9);
        near.shutdownOutput();
        assertThat(far.getInputStream().read()).isEqualTo(9);
        far.setSoTimeout(10_000);
        assertThat(far.getInputStream().read()).isEqualTo(-1);

        far.getOutputStream().write(new byte[] {4, 5});
        far.close();
        assertThat(near.getInputStream().readAllBytes()).containsExactly(4, 5);
        assertThat(near.isOutputShutdown()).isTrue();
        assertThat(near.isClosed()).isFalse();
    }

    @Test
    void anInterruptDoesNotDisturbWhoReads() throws Exception {
        Thread.currentThread().interrupt();
        near.setSoTimeout(100);
        try {
            assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void leavesNothingBehindAtTheServer() throws Exception {
        assertThat(gate.connections()).isPositive();
        near.close();
        await().atMost(TIMEOUT).until(() -> gate.connections() == 0);
        assertThat(gate.sessions()).isEqualTo(1);
    }
}
