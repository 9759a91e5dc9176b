package dev.serai.connector.rest;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.SourceFailures;
import dev.serai.connector.http.HttpAnswer;
import dev.serai.connector.http.SourceHttp;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Asks an API for something until it answers well or there is no point in asking on: signed, with redirects followed within
 * the connector's own scheme, host and port, with waits where the API wants them, with a new token where the old one is
 * refused.
 */
final class RestCalls implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_WORDS = 300;
    private static final int MOST_BYTES = 16_384;
    private static final long FIRST_WAIT = 500;
    private static final long LONGEST_WAIT = 30_000;

    /** @param body of a POST, as JSON text */
    record Asked(URI url, @Nullable String body, Map<String, String> headers, String accept) {
        /** Without secrets. */
        @Override
        public String toString() {
            return "Asked[" + url.getHost() + "]";
        }
    }

    private final RestSettings settings;
    private final SourceHttp http;
    private final RestAuth auth;
    private final Clock clock;

    RestCalls(RestSettings settings, EgressPolicy egress, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.http = new SourceHttp(settings.terms(), egress);
        Duration patience = settings.terms().readTimeout();
        this.auth = new RestAuth(
                settings.login(),
                new ClientCredentials(settings.login(), request -> http.send(request, patience), clock));
    }

    RestAuth auth() {
        return auth;
    }

    /** Whether credentials may go there. */
    boolean isOwn(URI url) {
        return settings.base().getScheme().equalsIgnoreCase(url.getScheme())
                && settings.base().getHost().equalsIgnoreCase(url.getHost())
                && port(settings.base()) == port(url)
                && url.getRawUserInfo() == null;
    }

    private static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }

    /** The answer is a success; its body is the caller's to read and close. */
    HttpAnswer ask(Asked asked, RestStop stop, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean renewed = false;
        for (int attempt = 0; ; attempt++) {
            HttpUriRequestBase request = request(asked, asked.url());
            HttpAnswer answer;
            try {
                answer = followed(asked, request, stop, end);
            } catch (FailureException e) {
                stop.requireOpen();
                boolean again = e.failure() instanceof Failure.Source source
                        && source.layer() != Failure.Layer.AUTHENTICATE
                        && source.retryable()
                        && asked.body() == null
                        && attempt < settings.maxRetries();
                if (!again) {
                    throw e;
                }
                stop.await(backoff(attempt), end);
                continue;
            }
            int status = answer.status();
            if (status >= 200 && status < 300) {
                return answer;
            }
            try (answer) {
                if (status == 401 && !renewed && auth.renew(request)) {
                    renewed = true;
                    continue;
                }
                Optional<Duration> wanted = retryAfter(answer);
                boolean passing = PASSING.contains(status) || (status == 403 && wanted.isPresent());
                // Whoever says "not now" has not done it, so that it may be asked for again even by POST.
                boolean harmless = asked.body() == null || status == 429 || (status == 503 && wanted.isPresent());
                Duration wait = wanted.orElse(backoff(attempt));
                if (passing && harmless && attempt < settings.maxRetries() && wait.toSeconds() <= settings.maxWait()) {
                    stop.await(wait, end);
                    continue;
                }
                throw refused(answer, wanted);
            }
        }
    }

    private static Duration backoff(int attempt) {
        long most = Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(attempt, 10));
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    private HttpUriRequestBase request(Asked asked, URI url) {
        URI addressed = auth.addressed(url);
        HttpUriRequestBase request = asked.body() == null ? new HttpGet(addressed) : new HttpPost(addressed);
        request.setHeader("Accept", asked.accept());
        settings.headers().forEach(request::setHeader);
        asked.headers().forEach(request::setHeader);
        if (asked.body() != null) {
            request.setEntity(new StringEntity(asked.body(), ContentType.APPLICATION_JSON));
        }
        auth.sign(request);
        return request;
    }

    private HttpAnswer followed(Asked asked, HttpUriRequestBase first, RestStop stop, long end) {
        HttpUriRequestBase request = first;
        URI at = asked.url();
        for (int hop = 0; ; hop++) {
            HttpUriRequestBase sent = request;
            HttpAnswer answer = stop.during(sent, () -> http.send(sent, left(end)));
            if (!REDIRECTS.contains(answer.status())) {
                return answer;
            }
            try (answer) {
                if (asked.body() != null && answer.status() < 307) {
                    throw failure("redirected", "The source sends a POST on to another address.", false);
                }
                at = target(at, answer);
            }
            if (hop >= MOST_REDIRECTS) {
                throw failure("redirected", "The source sends from one address to the next without end.", false);
            }
            request = request(asked, at);
        }
    }

    private URI target(URI from, HttpAnswer answer) {
        URI target;
        try {
            target = from.resolve(new URI(answer.header("Location").orElse("").strip()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw failure("redirected", "The source sends on to something that is no address.", false);
        }
        if (!isOwn(target)) {
            throw failure(
                    "redirected",
                    "The source sends on to another host, port or scheme, where credentials must not go. If that is its address,"
                            + " make it the base_url.",
                    false);
        }
        return target;
    }

    private Duration left(long end) {
        Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
        Duration most = settings.terms().answerTimeout();
        return left.compareTo(most) < 0 ? left : most;
    }

    /** In seconds, or as a time (RFC 9110, 10.2.3). */
    private Optional<Duration> retryAfter(HttpAnswer answer) {
        String told = answer.header("Retry-After").orElse("").strip();
        if (told.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(told)));
        }
        try {
            Instant at = ZonedDateTime.parse(told, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ENGLISH))
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), at);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private FailureException refused(HttpAnswer answer, Optional<Duration> wanted) {
        Failure failure = SourceFailures.status(answer.status());
        if (!(failure instanceof Failure.Source source)) {
            return new FailureException(failure);
        }
        String wait = wanted.filter(time -> !time.isZero())
                .map(time -> " It wants to be asked again in " + time.toSeconds() + " s.")
                .orElse("");
        boolean throttled = answer.status() == 403 && wanted.isPresent();
        return new FailureException(new Failure.Source(
                throttled ? Failure.Layer.READ : source.layer(),
                throttled ? SourceFailures.RATE_LIMIT : source.code(),
                source.detail() + words(answer) + wait,
                source.retryable() || throttled));
    }

    /** What the API itself says, where it says it in one of the usual places; without what it repeats of secrets. */
    private String words(HttpAnswer answer) {
        if (!answer.contentType().contains("json")) {
            return "";
        }
        try {
            JsonNode body = JSON.readTree(answer.content().readNBytes(MOST_BYTES));
            for (JsonNode place : new JsonNode[] {body.path("error"), body}) {
                for (String name : new String[] {"message", "detail", "error_description", "title", "error"}) {
                    String words = place.path(name).asText("").strip();
                    if (!words.isEmpty()) {
                        String shown = auth.masked(words).replaceAll("[\\p{Cntrl}\\s]+", " ");
                        return " It says: " + shown.substring(0, Math.min(shown.length(), MOST_WORDS));
                    }
                }
            }
            return "";
        } catch (JsonProcessingException e) {
            return "";
        } catch (IOException e) {
            throw SourceFailures.exception(e);
        }
    }

    private static FailureException failure(String code, String detail, boolean retryable) {
        return new FailureException(new Failure.Source(Failure.Layer.READ, code, detail, retryable));
    }

    @Override
    public void close() {
        http.close();
    }
}
