package dev.serai.connector.rest;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.http.HttpTerms;

/** How is an API reached, and what does it offer? A connector's config, typed; the catalog and the rule have checked it. */
record RestSettings(
        URI base,
        RestAuth.Login login,
        Map<String, String> headers,
        Map<String, RestEndpoint> endpoints,
        @Nullable String testPath,
        int maxPages,
        int maxRetries,
        int maxWait,
        HttpTerms terms) {

    static RestSettings of(Map<String, Object> config) {
        Fields fields = new Fields(config);
        Map<String, RestEndpoint> endpoints = new LinkedHashMap<>();
        for (Object one : fields.list("endpoints")) {
            if (one instanceof Map<?, ?> object) {
                RestEndpoint endpoint = RestEndpoint.of(object);
                endpoints.put(endpoint.name(), endpoint);
            }
        }
        return new RestSettings(
                URI.create(fields.text("base_url", "http://localhost")),
                RestAuth.Login.of(fields),
                fields.texts("headers"),
                endpoints,
                fields.optional("test_path"),
                fields.number("max_pages", 100_000),
                fields.number("max_retries", 4),
                fields.number("max_retry_wait", 60),
                HttpTerms.of(config));
    }

    Optional<RestEndpoint> endpoint(String name) {
        return Optional.ofNullable(endpoints.get(name));
    }

    List<RestEndpoint> all() {
        return List.copyOf(endpoints.values());
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "RestSettings[" + base.getHost() + "]";
    }
}
