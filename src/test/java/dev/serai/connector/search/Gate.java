package dev.serai.connector.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.jspecify.annotations.Nullable;

import dev.serai.testing.Elasticsearch;

/** Stands before the real server and does what that one does not: logins, TLS, refusals, another server's answers. */
final class Gate implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer server;
    private final boolean encrypted;
    private final Elasticsearch behind;
    private final String prefix;
    private final Function<Request, @Nullable Answer> rule;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What came, its path without the prefix. */
    record Request(String method, String path, @Nullable String authorization, String body) {}

    /** In place of the server's. */
    record Answer(int status, String body) {}

    /**
     * @param prefix of the path, such as {@code /es}; empty for none
     * @param rule what to answer; null passes the request on
     */
    Gate(Elasticsearch behind, @Nullable SSLContext tls, String prefix, Function<Request, @Nullable Answer> rule) {
        this.behind = behind;
        this.encrypted = tls != null;
        this.prefix = prefix;
        this.rule = rule;
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            if (tls == null) {
                server = HttpServer.create(address, 0);
            } else {
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return (encrypted ? "https" : "http") + "://localhost:"
                + server.getAddress().getPort() + prefix;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            Request request = new Request(
                    exchange.getRequestMethod(),
                    path.startsWith(prefix) ? path.substring(prefix.length()) : "outside",
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            requests.add(request);
            Answer own = request.path().equals("outside") ? new Answer(404, "<html>") : rule.apply(request);
            Answer answer = own == null ? passed(request) : own;
            byte[] body = answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer passed(Request request) throws IOException {
        HttpRequest.Builder on = HttpRequest.newBuilder(URI.create(behind.url() + request.path()))
                .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()));
        if (!request.body().isEmpty()) {
            on.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> answer = http.send(on.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
