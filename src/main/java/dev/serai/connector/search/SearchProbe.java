package dev.serai.connector.search;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.connector.http.HttpTerms;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How far does one get with a config: up to the name, a port, TLS, the login, the rights, a document? */
final class SearchProbe {
    /** A little less than a test may take in all. */
    private static final Duration LIMIT = Duration.ofSeconds(12);

    private final SearchSettings settings;
    private final EgressPolicy egress;
    private final List<TestResult.Step> steps = new ArrayList<>();
    private final long start = System.nanoTime();

    SearchProbe(SearchSettings settings, EgressPolicy egress) {
        this.settings = settings;
        this.egress = egress;
    }

    TestResult run() {
        URI url = URI.create(settings.baseUrl());
        String host = url.getHost().replaceAll("^\\[|]$", "");
        int port = url.getPort() > 0 ? url.getPort() : settings.encrypted() ? 443 : 80;
        try {
            // Behind an outbound proxy the way there is the proxy's; the first request tells how it went.
            if (egress.proxyFor(host).isEmpty()) {
                List<InetAddress> addresses = step(Layer.RESOLVE, () -> resolved(host));
                step(Layer.CONNECT, () -> connected(addresses, port));
            }
            try (SearchClient client = new SearchClient(settings.with(hasty()), egress)) {
                reached(client);
                JsonNode indices = step(Layer.AUTHORIZE, () -> client.get("/_resolve/index/*?expand_wildcards=open")
                        .path("indices"));
                step(Layer.READ, () -> read(client, indices));
            }
        } catch (FailureException e) {
            return failed(e.failure());
        }
        return new TestResult(true, since(start), null, null, List.copyOf(steps));
    }

    /** A document of the first index that is not the server's own; of a server that has none there is nothing to read. */
    private static boolean read(SearchClient client, JsonNode indices) {
        for (JsonNode index : indices) {
            String name = index.path("name").asText();
            if (!name.startsWith(".")) {
                return client.get("/" + SearchClient.part(name) + "/_search?size=1&terminate_after=1&_source=false")
                        .has("hits");
            }
        }
        return false;
    }

    /** TLS and the login are walked by the first request; its failure says which of them it was. */
    private void reached(SearchClient client) {
        long began = System.nanoTime();
        SearchServer.of(client);
        if (settings.encrypted()) {
            steps.add(new TestResult.Step(Layer.TLS.step(), true, since(began), null));
        }
        if (settings.authorization().isPresent()) {
            steps.add(new TestResult.Step(Layer.AUTHENTICATE.step(), true, since(began), null));
        }
    }

    private List<InetAddress> resolved(String host) {
        CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
        Thread thread =
                new Thread(() -> lookup.completeAsync(() -> egress.resolve(host), Runnable::run), "serai-resolve");
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw SearchFailures.exception(Layer.RESOLVE, "timeout", "The name server did not answer in time.", true);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FailureException failure ? failure : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The test was stopped."), e);
        }
    }

    private InetAddress connected(List<InetAddress> addresses, int port) {
        IOException failed = new IOException("No address");
        for (InetAddress address : addresses) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(address, port),
                        Math.toIntExact(patience().toMillis()));
                return address;
            } catch (IOException e) {
                failed = e;
            }
        }
        boolean slow = failed instanceof SocketTimeoutException;
        throw SearchFailures.exception(
                Layer.CONNECT,
                slow ? "timeout" : "unreachable",
                slow
                        ? "Nobody answered on this host and port in time. Check both, and any firewall between."
                        : "Nobody accepts connections on this host and port. Check both, and that the server is running.",
                true);
    }

    private <T> T step(Layer layer, Supplier<T> attempt) {
        long began = System.nanoTime();
        T result = attempt.get();
        steps.add(new TestResult.Step(layer.step(), true, since(began), null));
        return result;
    }

    private TestResult failed(Failure failure) {
        Layer layer = failure instanceof Failure.Source source ? source.layer() : Layer.READ;
        @Nullable
        String category = failure instanceof Failure.Source source && source.timedOut()
                ? "timeout"
                : failure.code().equals(dev.serai.connector.SourceFailures.RATE_LIMIT) ? failure.code() : layer.step();
        steps.removeIf(step -> step.name().equals(layer.step()));
        long before = steps.stream().mapToLong(TestResult.Step::latencyMs).sum();
        steps.add(new TestResult.Step(layer.step(), false, Math.max(0, since(start) - before), failure.detail()));
        return new TestResult(false, since(start), failure.detail(), category, List.copyOf(steps));
    }

    /** What the config says, but no more than a test has. */
    private HttpTerms hasty() {
        HttpTerms terms = settings.terms();
        return new HttpTerms(
                patience(),
                min(terms.readTimeout(), LIMIT),
                min(terms.answerTimeout(), LIMIT),
                terms.sslCa(),
                terms.caFingerprint());
    }

    /** How long one step may take. */
    private Duration patience() {
        Duration left = LIMIT.minusNanos(System.nanoTime() - start);
        Duration least = Duration.ofMillis(100);
        Duration most = min(left, settings.terms().connectTimeout());
        return most.compareTo(least) < 0 ? least : most;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static long since(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
