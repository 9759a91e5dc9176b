package dev.serai.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** How far does one get towards a URL: is its host known, does it take a connection, an encrypted one where due? */
final class SourceProbe {
    private final EgressPolicy egress;

    SourceProbe(EgressPolicy egress) {
        this.egress = egress;
    }

    /** Walks until a step fails, telling each; throws the failure of that step. */
    void walk(URI url, Duration stepLimit, TestSteps steps) {
        String host = url.getHost();
        boolean encrypted = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : encrypted ? 443 : 80;
        Optional<OutboundProxy> proxy = egress.proxyFor(host);
        if (proxy.isPresent()) {
            walkToProxy(host, proxy.get(), stepLimit, steps);
            return;
        }
        List<InetAddress> addresses =
                steps.walk(Failure.Layer.RESOLVE, () -> egress.resolve(host.replaceAll("^\\[|]$", "")));
        try (Socket socket = steps.walk(Failure.Layer.CONNECT, () -> connected(addresses.get(0), port, stepLimit))) {
            if (encrypted) {
                steps.walk(Failure.Layer.TLS, () -> handshake(socket, host, port, stepLimit));
            }
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    /** The rest of the way is the proxy's; the request that follows tells how it went. */
    private void walkToProxy(String host, OutboundProxy proxy, Duration stepLimit, TestSteps steps) {
        InetAddress address = steps.walk(Failure.Layer.RESOLVE, () -> {
            egress.requireThroughProxy(host.replaceAll("^\\[|]$", ""));
            return proxy.addresses().get(0);
        });
        try (Socket socket = steps.walk(Failure.Layer.CONNECT, () -> connected(address, proxy.port(), stepLimit))) {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    /** The URL, where one can walk to it. */
    static Optional<URI> url(Object value) {
        try {
            URI url = URI.create(String.valueOf(value));
            return url.getHost() == null ? Optional.empty() : Optional.of(url);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Socket connected(InetAddress address, int port, Duration limit) {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), millis(limit));
            return socket;
        } catch (IOException e) {
            closeQuietly(socket, e);
            throw connectFailure(e);
        }
    }

    private static FailureException connectFailure(IOException e) {
        FailureException failure = SourceFailures.exception(e);
        boolean late = failure.failure() instanceof Failure.Source source && source.timedOut();
        return late
                ? new FailureException(
                        new Failure.Source(
                                Failure.Layer.CONNECT,
                                "timeout",
                                "The host did not take the connection in time.",
                                true),
                        e)
                : failure;
    }

    private static void closeQuietly(Socket socket, IOException reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static Boolean handshake(Socket plain, String host, int port, Duration limit) {
        try (SSLSocket socket =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(millis(limit));
            socket.startHandshake();
            return true;
        } catch (IOException e) {
            FailureException failure = SourceFailures.exception(e);
            String code = failure.failure().code();
            throw new FailureException(
                    new Failure.Source(
                            Failure.Layer.TLS,
                            code.equals("timeout") ? code : "tls_failed",
                            "No trusted encrypted connection could be made.",
                            failure.failure().retryable()),
                    e);
        }
    }

    private static int millis(Duration limit) {
        return (int) Math.max(1, limit.toMillis());
    }
}
