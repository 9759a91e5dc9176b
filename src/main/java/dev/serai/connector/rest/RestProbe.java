package dev.serai.connector.rest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.OngoingCall;
import dev.serai.connector.OutboundProxy;
import dev.serai.connector.SourceFailures;
import dev.serai.connector.TestResult;
import dev.serai.connector.http.HttpAnswer;
import dev.serai.connector.http.HttpTrust;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

/** How far does one get with a config: up to the name, the port, TLS, the login, an answer? */
final class RestProbe {
    /** A little less than a test may take in all. */
    private static final Duration LIMIT = Duration.ofSeconds(14);

    private final RestSettings settings;
    private final EgressPolicy egress;
    private final RestCalls calls;
    private final List<TestResult.Step> steps = new ArrayList<>();
    private final long start = System.nanoTime();

    RestProbe(RestSettings settings, EgressPolicy egress, RestCalls calls) {
        this.settings = settings;
        this.egress = egress;
        this.calls = calls;
    }

    TestResult run() {
        try {
            URI base = settings.base();
            String host = base.getHost().replaceAll("^\\[|]$", "");
            Optional<OutboundProxy> proxy = egress.proxyFor(host);
            List<InetAddress> addresses = step(Layer.RESOLVE, () -> {
                proxy.ifPresent(way -> egress.requireThroughProxy(host));
                return proxy.map(OutboundProxy::addresses).orElseGet(() -> egress.resolve(host));
            });
            boolean encrypted = "https".equalsIgnoreCase(base.getScheme());
            int port = base.getPort() > 0 ? base.getPort() : encrypted ? 443 : 80;
            Socket socket = step(
                    Layer.CONNECT,
                    () -> connected(addresses, proxy.map(OutboundProxy::port).orElse(port)));
            try (socket) {
                if (encrypted && proxy.isEmpty()) {
                    step(Layer.TLS, () -> handshake(socket, host, port));
                }
            }
            request();
        } catch (FailureException e) {
            return failed(e.failure());
        } catch (IOException e) {
            return failed(SourceFailures.exception(e).failure());
        }
        return new TestResult(true, since(start), null, null, List.copyOf(steps));
    }

    /** One request tells of the login, the rights and the answer; a token is had on its way. */
    private void request() {
        long began = System.nanoTime();
        RestStop stop = new RestStop();
        try (Cancellation.Registration aborted = OngoingCall.current()
                        .map(call -> call.onAbort(stop::stop))
                        .orElse(() -> {});
                HttpAnswer answer = asked(stop)) {
            List<Layer> walked = calls.auth().anonymous()
                    ? List.of(Layer.READ)
                    : List.of(Layer.AUTHENTICATE, Layer.AUTHORIZE, Layer.READ);
            if (answer != null && answer.contentType().contains("html")) {
                throw new FailureException(
                        SourceFailures.unreadable(
                                "The source answered with a page for people (HTML) in place of data. Check base_url, path and the log-in."));
            }
            walked.forEach(layer -> steps.add(new TestResult.Step(layer.step(), true, since(began), null)));
        }
    }

    /** The test path, the first endpoint that is asked by GET, or the address itself, which then need not have anything. */
    private @Nullable HttpAnswer asked(RestStop stop) {
        Optional<RestEndpoint> first =
                settings.all().stream().filter(endpoint -> !endpoint.post()).findFirst();
        RestEndpoint endpoint = settings.testPath() != null
                ? RestEndpoint.of(Map.of("path", settings.testPath()))
                : first.orElseGet(() -> RestEndpoint.of(Map.of("path", "/")));
        try {
            return calls.ask(new RestPages(settings, calls, endpoint, null).asked(), stop, patience());
        } catch (FailureException e) {
            boolean nothingThere = settings.testPath() == null
                    && first.isEmpty()
                    && List.of("source_not_found", "rejected", "redirected")
                            .contains(e.failure().code());
            if (nothingThere) {
                return null;
            }
            throw e;
        }
    }

    private Socket connected(List<InetAddress> addresses, int port) {
        IOException failed = new IOException("No address");
        for (InetAddress address : addresses) {
            Socket socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(address, port), (int) patience().toMillis());
                return socket;
            } catch (IOException e) {
                failed = e;
                close(socket, e);
            }
        }
        throw SourceFailures.exception(failed);
    }

    private static void close(Socket socket, IOException reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private Boolean handshake(Socket plain, String host, int port) {
        try {
            SSLSocket socket = (SSLSocket)
                    HttpTrust.context(settings.terms()).getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout((int) patience().toMillis());
            socket.startHandshake();
            return true;
        } catch (IOException e) {
            boolean late = e instanceof java.net.SocketTimeoutException;
            throw new FailureException(
                    new Failure.Source(
                            Layer.TLS,
                            late ? "timeout" : "tls_failed",
                            late
                                    ? "The host did not agree on encryption in time."
                                    : "No trusted encrypted connection could be made. Check the scheme, the host's name and ssl_ca.",
                            late),
                    e);
        }
    }

    private <T> T step(Layer layer, Supplier<T> attempt) {
        long began = System.nanoTime();
        T result = attempt.get();
        steps.add(new TestResult.Step(layer.step(), true, since(began), null));
        return result;
    }

    private TestResult failed(Failure failure) {
        Layer layer = failure instanceof Failure.Source source ? source.layer() : Layer.READ;
        if (layer == Layer.AUTHORIZE && !calls.auth().anonymous()) {
            steps.add(new TestResult.Step(Layer.AUTHENTICATE.step(), true, 0, null));
        }
        String category = failure.code().equals("timeout")
                ? "timeout"
                : failure.code().equals(SourceFailures.RATE_LIMIT) ? SourceFailures.RATE_LIMIT : layer.step();
        steps.removeIf(step -> step.name().equals(layer.step()));
        long before = steps.stream().mapToLong(TestResult.Step::latencyMs).sum();
        steps.add(new TestResult.Step(layer.step(), false, Math.max(0, since(start) - before), failure.detail()));
        return new TestResult(false, since(start), failure.detail(), category, List.copyOf(steps));
    }

    private Duration patience() {
        Duration left = LIMIT.minusNanos(System.nanoTime() - start);
        return left.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : left;
    }

    private static long since(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
