package dev.serai.connector.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.connector.http.HttpAnswer;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Which access token does an OAuth 2 server give for a client's own credentials (RFC 6749, 4.4)? One for all requests, until
 * shortly before it ends or until somebody is refused with it.
 */
final class ClientCredentials {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 1 << 20;
    private static final Duration EARLIER = Duration.ofSeconds(60);

    private record Token(String value, Instant renewal) {}

    private final RestAuth.Login login;
    private final Function<HttpUriRequestBase, HttpAnswer> sending;
    private final Clock clock;
    private @Nullable Token token;

    ClientCredentials(RestAuth.Login login, Function<HttpUriRequestBase, HttpAnswer> sending, Clock clock) {
        this.login = login;
        this.sending = sending;
        this.clock = clock;
    }

    synchronized String token() {
        Token now = token;
        if (now == null || !clock.instant().isBefore(now.renewal())) {
            now = fetched();
            token = now;
        }
        return now.value();
    }

    /** Forgets it, unless another has taken its place already. */
    synchronized void refused(String value) {
        if (token != null && token.value().equals(value)) {
            token = null;
        }
    }

    synchronized @Nullable String known() {
        return token == null ? null : token.value();
    }

    private Token fetched() {
        HttpPost request = new HttpPost(text(login.tokenUrl()));
        List<String> form = new ArrayList<>(List.of("grant_type=client_credentials"));
        add(form, "scope", login.scope());
        add(form, "audience", login.audience());
        if (login.clientInBody()) {
            add(form, "client_id", login.clientId());
            add(form, "client_secret", login.clientSecret());
        } else {
            // Encoded before they are joined, as the RFC has it (2.3.1).
            request.setHeader(
                    "Authorization", RestAuth.basic(form(text(login.clientId())), form(text(login.clientSecret()))));
        }
        request.setHeader("Accept", "application/json");
        request.setEntity(new StringEntity(String.join("&", form), ContentType.APPLICATION_FORM_URLENCODED));
        try (HttpAnswer answer = sending.apply(request)) {
            byte[] body = answer.content().readNBytes(MOST_BYTES);
            return answer.status() == 200 ? granted(body) : refusal(answer.status(), body);
        } catch (JsonProcessingException e) {
            throw failure("authentication_failed", "The token URL answered with something that is no JSON.", false);
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    private Token granted(byte[] body) throws IOException {
        JsonNode answer = JSON.readTree(body);
        String value = answer.path("access_token").asText("");
        String kind = answer.path("token_type").asText("bearer");
        if (value.isEmpty() || !kind.equalsIgnoreCase("bearer") || value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw failure("authentication_failed", "The token URL answered without a bearer token.", false);
        }
        long seconds = answer.path("expires_in").asLong(Long.MAX_VALUE);
        Duration life = Duration.ofSeconds(
                Math.max(0, Math.min(seconds, Duration.ofDays(365).toSeconds())));
        Duration early = life.dividedBy(10).compareTo(EARLIER) < 0 ? life.dividedBy(10) : EARLIER;
        return new Token(value, clock.instant().plus(life).minus(early));
    }

    private static Token refusal(int status, byte[] body) throws IOException {
        String error = "";
        try {
            error = JSON.readTree(body).path("error").asText("");
        } catch (JsonProcessingException e) {
            // It has said no in words of its own; the status is enough.
            error = "";
        }
        String why = error.matches("[a-z_]{1,40}") ? ": " + error : "";
        throw failure(
                "authentication_failed",
                "The token URL answered with status " + status + why + ".",
                status >= 500 || status == 429);
    }

    private static FailureException failure(String code, String detail, boolean retryable) {
        return new FailureException(new Failure.Source(Failure.Layer.AUTHENTICATE, code, detail, retryable));
    }

    private static void add(List<String> form, String name, @Nullable String value) {
        if (value != null) {
            form.add(name + "=" + form(value));
        }
    }

    private static String form(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
