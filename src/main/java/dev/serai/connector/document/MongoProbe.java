package dev.serai.connector.document;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** How far does one get with a config: up to the names, a port, TLS, the login, the rights, a document? */
final class MongoProbe {
    /** A little less than a test may take in all. */
    private static final Duration LIMIT = Duration.ofSeconds(12);

    private final MongoSettings settings;
    private final MongoConnection connection;
    private final List<TestResult.Step> steps = new ArrayList<>();
    private final long start = System.nanoTime();

    MongoProbe(MongoSettings settings, MongoConnection connection) {
        this.settings = settings;
        this.connection = connection;
    }

    private record Target(InetAddress address, int port) {}

    TestResult run() {
        try {
            if (!settings.srv()) {
                List<Target> targets = step(Layer.RESOLVE, this::resolved);
                step(Layer.CONNECT, () -> connected(targets));
            }
            try (MongoClient client = connection.open(patience())) {
                reached(client);
                String collection = step(Layer.AUTHORIZE, () -> readable(client));
                step(Layer.READ, () -> read(client, collection));
            }
        } catch (FailureException e) {
            return failed(e.failure());
        }
        return new TestResult(true, since(start), null, null, List.copyOf(steps));
    }

    private List<Target> resolved() {
        CompletableFuture<List<Target>> lookup = new CompletableFuture<>();
        Thread thread = new Thread(() -> lookup.completeAsync(this::resolve, Runnable::run), "serai-resolve");
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw MongoFailures.exception(Layer.RESOLVE, "timeout", "The name server did not answer in time.", true, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FailureException failure ? failure : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The test was stopped."), e);
        }
    }

    /** Every host: one that may not be reached is a fault even where another would do. */
    private List<Target> resolve() {
        List<Target> targets = new ArrayList<>();
        for (ServerAddress server : settings.addresses()) {
            connection.resolve(server.getHost()).forEach(address -> targets.add(new Target(address, server.getPort())));
        }
        return targets;
    }

    private Target connected(List<Target> targets) {
        IOException failed = new IOException("No host");
        for (Target target : targets) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(target.address(), target.port()),
                        Math.toIntExact(patience().toMillis()));
                return target;
            } catch (IOException e) {
                failed = e;
            }
        }
        boolean slow = failed instanceof java.net.SocketTimeoutException;
        throw MongoFailures.exception(
                Layer.CONNECT,
                slow ? "timeout" : "unreachable",
                slow
                        ? "Nobody answered on this host and port in time. Check both, and any firewall between."
                        : "Nobody accepts connections on this host and port. Check both, and that the server is running.",
                true,
                failed);
    }

    /** The driver walks TLS and the login in one; its failure says which of them it was. */
    private void reached(MongoClient client) {
        long began = System.nanoTime();
        Layer last = settings.username() != null || settings.authMechanism() != null
                ? Layer.AUTHENTICATE
                : settings.tls() ? Layer.TLS : Layer.CONNECT;
        try {
            client.getDatabase(settings.database()).runCommand(new Document("ping", 1));
        } catch (RuntimeException e) {
            throw MongoFailures.of(e);
        }
        if (settings.srv()) {
            steps.add(new TestResult.Step(Layer.RESOLVE.step(), true, 0, null));
            steps.add(new TestResult.Step(Layer.CONNECT.step(), true, since(began), null));
        }
        if (settings.tls()) {
            steps.add(new TestResult.Step(Layer.TLS.step(), true, since(began), null));
        }
        if (last == Layer.AUTHENTICATE) {
            steps.add(new TestResult.Step(last.step(), true, since(began), null));
        }
    }

    private String readable(MongoClient client) {
        for (String name : client.getDatabase(settings.database()).listCollectionNames()) {
            if (!name.startsWith("system.")) {
                return name;
            }
        }
        throw MongoFailures.exception(
                Layer.AUTHORIZE,
                "database_missing",
                "There is no database of that name, or nothing in it that the user may read.",
                false,
                null);
    }

    private boolean read(MongoClient client, String collection) {
        return client.getDatabase(settings.database())
                        .getCollection(collection)
                        .find()
                        .limit(1)
                        .first()
                != null;
    }

    private <T> T step(Layer layer, Supplier<T> attempt) {
        long began = System.nanoTime();
        T result;
        try {
            result = attempt.get();
        } catch (RuntimeException e) {
            throw MongoFailures.of(e);
        }
        steps.add(new TestResult.Step(layer.step(), true, since(began), null));
        return result;
    }

    private TestResult failed(Failure failure) {
        Layer layer = failure instanceof Failure.Source source ? source.layer() : Layer.READ;
        @Nullable
        String category = failure instanceof Failure.Source source && source.timedOut() ? "timeout" : layer.step();
        steps.removeIf(step -> step.name().equals(layer.step()));
        long before = steps.stream().mapToLong(TestResult.Step::latencyMs).sum();
        steps.add(new TestResult.Step(layer.step(), false, Math.max(0, since(start) - before), failure.detail()));
        return new TestResult(false, since(start), failure.detail(), category, List.copyOf(steps));
    }

    /** How long one step may take. */
    private Duration patience() {
        Duration left = LIMIT.minusNanos(System.nanoTime() - start);
        Duration least = Duration.ofMillis(100);
        Duration most = left.compareTo(settings.connectTimeout()) < 0 ? left : settings.connectTimeout();
        return most.compareTo(least) < 0 ? least : most;
    }

    private static long since(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
