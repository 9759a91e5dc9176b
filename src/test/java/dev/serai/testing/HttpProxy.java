package dev.serai.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A proxy for plain HTTP that wants a user and a password, and takes every name for one host. */
public final class HttpProxy implements AutoCloseable {
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString("proxy-user:proxy-word".getBytes());

    private final HttpServer server;
    private final URI target;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();

    /** @param target where all requests end up */
    public HttpProxy(String target) {
        this.target = URI.create(target);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::pass);
        server.start();
    }

    public String url() {
        return "http://proxy-user:proxy-word@127.0.0.1:" + server.getAddress().getPort();
    }

    /** The URLs that it was asked for by who has logged in. */
    public Queue<String> asked() {
        return asked;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!LOGIN.equals(exchange.getRequestHeaders().getFirst("Proxy-Authorization"))) {
                exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"proxy\"");
                exchange.sendResponseHeaders(407, -1);
                return;
            }
            asked.add(exchange.getRequestURI().toString());
            URI at = target.resolve(exchange.getRequestURI().getRawPath());
            HttpResponse<InputStream> answer =
                    client.send(HttpRequest.newBuilder(at).build(), HttpResponse.BodyHandlers.ofInputStream());
            answer.headers().firstValue("Content-Type").ifPresent(type -> exchange.getResponseHeaders()
                    .set("Content-Type", type));
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            answer.body().transferTo(exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
