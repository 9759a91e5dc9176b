package dev.serai.connector.search;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.SourceFailures;
import dev.serai.connector.http.HttpAnswer;
import dev.serai.connector.http.SourceHttp;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Speaks a connector's HTTP with its search server: JSON there, JSON back, refusals as failures. */
final class SearchClient implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Of an answer that is held whole. */
    private static final int MOST_BYTES = 64 << 20;

    private static final int MOST_ERROR_BYTES = 1 << 16;

    private final SearchSettings settings;
    private final SourceHttp http;

    /** Dials nobody. */
    SearchClient(SearchSettings settings, EgressPolicy egress) {
        this.settings = settings;
        this.http = new SourceHttp(settings.terms(), egress);
    }

    SearchSettings settings() {
        return settings;
    }

    /** One part of a path, as it is to be sent. */
    static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return call("GET", path, null, settings.readTimeout());
    }

    JsonNode call(String method, String path, @Nullable JsonNode body, Duration limit) {
        try (HttpAnswer answer = send(request(method, path, body), limit)) {
            byte[] text = answer.content().readNBytes(MOST_BYTES + 1);
            if (text.length > MOST_BYTES) {
                throw new FailureException(new Failure.Invalid(
                        "answer_too_large", "The answer is larger than can be held. Ask for less.", List.of()));
            }
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw SearchFailures.unreadable(null);
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    HttpUriRequestBase request(String method, String path, @Nullable JsonNode body) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(settings.baseUrl() + path));
        settings.authorization().ifPresent(who -> request.setHeader(HttpHeaders.AUTHORIZATION, who));
        request.setHeader(HttpHeaders.ACCEPT, "application/json");
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, settings.compression() ? "gzip" : "identity");
        if (body != null) {
            request.setEntity(new StringEntity(body.toString(), ContentType.APPLICATION_JSON));
        }
        return request;
    }

    /** The answer to what went well; the caller closes it. */
    HttpAnswer send(HttpUriRequestBase request, Duration limit) {
        HttpAnswer answer = http.send(request, limit);
        if (answer.status() >= 200 && answer.status() < 300) {
            return answer;
        }
        try (answer) {
            throw refused(answer.status(), error(answer));
        }
    }

    private static FailureException refused(int status, JsonNode error) {
        return status >= 300 && status < 400
                ? new FailureException(SourceFailures.status(status))
                : new FailureException(SearchFailures.of(status, error).failure(), new SearchRefusal(status, error));
    }

    private static JsonNode error(HttpAnswer answer) {
        try (InputStream content = answer.content()) {
            JsonNode error = JSON.readTree(content.readNBytes(MOST_ERROR_BYTES));
            return error == null ? MissingNode.getInstance() : error;
        } catch (IOException e) {
            // Of a proxy, or cut off: the status has to do.
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
