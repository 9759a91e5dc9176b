package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocket;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** An encrypted way to a server on this machine, only for who shows a certificate that is trusted here. */
public final class TlsGate implements AutoCloseable {
    private final SSLServerSocket server;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public TlsGate(Certificate own, Certificate trusted, int port) {
        this.port = port;
        PemSslStoreDetails key = PemSslStoreDetails.forCertificate(own.pem()).withPrivateKey(own.key());
        PemSslStoreDetails trust = PemSslStoreDetails.forCertificate(trusted.pem());
        try {
            server = (SSLServerSocket) SslBundle.of(new PemSslStoreBundle(key, trust))
                    .createSslContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            server.setNeedClientAuth(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
                threads.execute(() -> pass(client, far));
                threads.execute(() -> pass(far, client));
            }
        } catch (SocketException e) {
            // Closed: the end.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Refused, or the other direction has ended.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
