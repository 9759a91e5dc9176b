package dev.serai.connector.rest;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.http.HttpAnswer;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Which request asks for the next page, and when is there none? One that would never end is noticed. */
final class RestPages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LINK = Pattern.compile(
            "<([^>]*)>((?:\\s*;\\s*[^\\s=;,]+(?:\\s*=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s;,\"]*))?)*)");
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([^\\s=;,]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s;,\"]*)))?");

    private final RestSettings settings;
    private final RestCalls calls;
    private final RestEndpoint endpoint;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();
    private @Nullable URI elsewhere;
    private int number;
    private long offset;
    private @Nullable String before;
    private Map<String, String> bound = Map.of();

    /** @param since the watermark's parameter; null: none */
    RestPages(RestSettings settings, RestCalls calls, RestEndpoint endpoint, @Nullable String since) {
        this.settings = settings;
        this.calls = calls;
        this.endpoint = endpoint;
        this.number = endpoint.paging().start();
        if (since != null && endpoint.watermark() != null) {
            bound = Map.of(endpoint.watermark().param(), since);
        }
        Paging paging = endpoint.paging();
        if (paging.sizeParam() != null && paging.size() > 0) {
            parameters.put(paging.sizeParam(), String.valueOf(paging.size()));
        }
        switch (paging.kind()) {
            case PAGE -> parameters.put(paging.param(), String.valueOf(number));
            case OFFSET -> parameters.put(paging.param(), "0");
            default -> {}
        }
    }

    RestCalls.Asked asked() {
        Map<String, List<String>> query = new LinkedHashMap<>(endpoint.query());
        ObjectNode body = endpoint.post()
                ? JSON.valueToTree(endpoint.body() == null ? Map.of() : endpoint.body())
                : JSON.createObjectNode();
        boolean pagesInBody = endpoint.post() && endpoint.paging().inBody();
        boolean boundInBody = endpoint.post()
                && endpoint.watermark() != null
                && endpoint.watermark().inBody();
        put(bound, boundInBody, query, body);
        put(parameters, pagesInBody, query, body);
        URI url = elsewhere == null ? url(query) : elsewhere;
        return new RestCalls.Asked(
                url,
                endpoint.post() ? body.toString() : null,
                endpoint.headers(),
                PageFormat.accept(endpoint.format()));
    }

    private static void put(
            Map<String, String> values, boolean inBody, Map<String, List<String>> query, ObjectNode body) {
        values.forEach((name, value) -> {
            if (!inBody) {
                query.put(name, List.of(value));
            } else if (value.matches("0|[1-9]\\d{0,17}")) {
                body.put(name, Long.parseLong(value));
            } else {
                body.put(name, value);
            }
        });
    }

    private URI url(Map<String, List<String>> query) {
        StringBuilder url =
                new StringBuilder(RestAuth.withoutQuery(settings.base()).replaceFirst("/+$", ""));
        url.append(endpoint.path().startsWith("/") ? "" : "/").append(endpoint.path());
        List<String> parts = new ArrayList<>();
        query.forEach((name, values) ->
                values.forEach(value -> parts.add(RestAuth.encoded(name) + "=" + RestAuth.encoded(value))));
        if (!parts.isEmpty()) {
            url.append(endpoint.path().contains("?") ? '&' : '?').append(String.join("&", parts));
        }
        return URI.create(url.toString());
    }

    /** Once a page was read to its end: whether another follows. */
    boolean advance(HttpAnswer answer, @Nullable PageRecords page, Seen read) {
        String content = read.digest();
        boolean more =
                endpoint.paging().kind() != Paging.Kind.NONE && hasMore(page) && moved(answer, page, read.records());
        if (!more) {
            return false;
        }
        if (read.records() > 0 && content.equals(before)) {
            throw endless("two pages that follow each other have the same records; the API may not know the parameter "
                    + endpoint.paging().param());
        }
        before = content;
        RestCalls.Asked next = asked();
        if (!seen.add(hash((next.url() + "\n" + next.body()).getBytes(StandardCharsets.UTF_8)))) {
            throw endless("the API names a page again that was read before");
        }
        if (seen.size() >= settings.maxPages()) {
            throw endless("there are more than the " + settings.maxPages() + " pages of max_pages");
        }
        return true;
    }

    private static FailureException endless(String why) {
        return new FailureException(new Failure.Source(
                Failure.Layer.READ, "endless_paging", "The pages come to no end: " + why + ".", false));
    }

    private boolean hasMore(@Nullable PageRecords page) {
        RecordPath path = endpoint.paging().hasMore();
        if (path == null || page == null) {
            return true;
        }
        return page.value(path)
                .map(told -> !Set.of("false", "0", "").contains(told))
                .orElse(false);
    }

    private boolean moved(HttpAnswer answer, @Nullable PageRecords page, long records) {
        Paging paging = endpoint.paging();
        boolean last =
                records == 0 || (paging.sizeParam() != null && records < paging.size() && paging.hasMore() == null);
        switch (paging.kind()) {
            case PAGE -> {
                number++;
                parameters.put(paging.param(), String.valueOf(number));
                return !last;
            }
            case OFFSET -> {
                offset += records;
                parameters.put(paging.param(), String.valueOf(offset));
                return !last;
            }
            case CURSOR -> {
                Optional<String> cursor = cursor(answer, page);
                cursor.ifPresent(value -> parameters.put(paging.param(), value));
                return cursor.isPresent();
            }
            default -> {
                Optional<String> next = paging.kind() == Paging.Kind.NEXT_URL
                        ? page == null || paging.next() == null ? Optional.empty() : page.value(paging.next())
                        : linked(answer.headers("Link"));
                next.filter(url -> !url.isBlank()).ifPresent(url -> elsewhere = own(url));
                return next.filter(url -> !url.isBlank()).isPresent();
            }
        }
    }

    private Optional<String> cursor(HttpAnswer answer, @Nullable PageRecords page) {
        Paging paging = endpoint.paging();
        if (paging.cursorHeader() != null) {
            return answer.header(paging.cursorHeader()).filter(value -> !value.isBlank());
        } else if (page == null) {
            return Optional.empty();
        } else if (paging.cursorRecord() != null) {
            return page.lastOf(paging.cursorRecord());
        }
        return paging.cursor() == null
                ? Optional.empty()
                : page.value(paging.cursor()).filter(value -> !value.isEmpty() && !value.equals("false"));
    }

    /** Of RFC 8288. */
    static Optional<String> linked(List<String> headers) {
        for (String header : headers) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (isNext(link.group(2))) {
                    return Optional.of(link.group(1).strip());
                }
            }
        }
        return Optional.empty();
    }

    /** Only the first rel counts (RFC 8288, 3.3). */
    private static boolean isNext(String parameters) {
        Matcher one = PARAMETER.matcher(parameters);
        while (one.find()) {
            if (one.group(1).equalsIgnoreCase("rel")) {
                String kinds = one.group(2) == null ? String.valueOf(one.group(3)) : one.group(2);
                return List.of(kinds.strip().toLowerCase(java.util.Locale.ROOT).split("\\s+"))
                        .contains("next");
            }
        }
        return false;
    }

    private URI own(String url) {
        URI base = elsewhere == null ? asked().url() : elsewhere;
        try {
            URI next = base.resolve(new URI(url));
            if (calls.isOwn(next)) {
                return next;
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ, "bad_answer", "The API names a next page that is no address.", false));
        }
        throw new FailureException(new Failure.Source(
                Failure.Layer.READ,
                "redirected",
                "The API names a next page at another host, port or scheme, where credentials must not go. If that is its"
                        + " address, make it the base_url.",
                false));
    }

    static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(sha().digest(bytes));
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** What a page had, so far. */
    static final class Seen {
        private final MessageDigest digest = sha();
        private long records;

        void add(byte[] record) {
            digest.update(record);
            records++;
        }

        long records() {
            return records;
        }

        String digest() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
