package dev.serai.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A client of Serai's HTTP API with one token. Bodies are JSON: a text as it is, anything else through Jackson. */
public final class HttpCaller {
    public static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI address;
    private final @Nullable String token;
    private final @Nullable String instead;

    HttpCaller(URI address, @Nullable String token) {
        this(address, token, null);
    }

    private HttpCaller(URI address, @Nullable String token, @Nullable String instead) {
        this.address = address;
        this.token = token;
        this.instead = instead;
    }

    /** As it would be sent. */
    public String token() {
        return String.valueOf(token);
    }

    /** The same caller, whose calls all go to this path whatever they ask for. */
    public HttpCaller instead(String path) {
        return new HttpCaller(address, token, path);
    }

    /** A whole answer. */
    public record Reply(String method, URI uri, int status, java.net.http.HttpHeaders headers, byte[] bytes) {
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** The body as JSON, if the status is this one. */
        public JsonNode expect(int expected) {
            assertThat(status).as("%s %s answered %s", method, uri, text()).isEqualTo(expected);
            return json();
        }

        /** The body as a problem, if it is one with this status. */
        public JsonNode problem(int expected) {
            JsonNode problem = expect(expected);
            assertThat(header("content-type")).isEqualTo("application/problem+json");
            assertThat(problem.path("status").asInt()).isEqualTo(expected);
            return problem;
        }
    }

    public Reply get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Reply post(String path, @Nullable Object body, String... headers) {
        return send("POST", path, body, headers);
    }

    public Reply put(String path, @Nullable Object body, String... headers) {
        return send("PUT", path, body, headers);
    }

    public Reply patch(String path, @Nullable Object body, String... headers) {
        return send("PATCH", path, body, headers);
    }

    public Reply delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    /** @param headers names and values in turn; {@code Content-Type} is JSON where there is a body and none is given */
    public Reply send(String method, String path, @Nullable Object body, String... headers) {
        HttpResponse<byte[]> response = exchange(request(method, path, body, headers), BodyHandlers.ofByteArray());
        return new Reply(method, response.uri(), response.statusCode(), response.headers(), response.body());
    }

    /** The answer while it comes; the caller closes its body. */
    public HttpResponse<InputStream> stream(String method, String path, @Nullable Object body, String... headers) {
        return exchange(request(method, path, body, headers), BodyHandlers.ofInputStream());
    }

    private HttpRequest request(String method, String path, @Nullable Object body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + (instead == null ? path : instead)))
                .timeout(Duration.ofSeconds(60));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        boolean typed = false;
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
            typed |= headers[i].equalsIgnoreCase("Content-Type");
        }
        if (body != null && !typed) {
            request.header("Content-Type", "application/json");
        }
        return request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes(body)))
                .build();
    }

    private static byte[] bytes(Object body) {
        try {
            if (body instanceof byte[] bytes) {
                return bytes;
            }
            return body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return CLIENT.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
