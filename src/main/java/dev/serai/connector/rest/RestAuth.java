package dev.serai.connector.rest;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;

/**
 * How does a request show whose it is? It is given only to requests for the connector's own scheme, host and port, and
 * never to anybody who tells about the request.
 */
final class RestAuth {
    /** What the config says of it; all but the kind may be absent. */
    record Login(
            String kind,
            @Nullable String username,
            @Nullable String password,
            @Nullable String token,
            @Nullable String apiKey,
            String apiKeyName,
            boolean apiKeyInQuery,
            @Nullable String tokenUrl,
            @Nullable String clientId,
            @Nullable String clientSecret,
            @Nullable String scope,
            @Nullable String audience,
            boolean clientInBody) {

        static Login of(Fields fields) {
            return new Login(
                    fields.text("auth", "none"),
                    fields.optional("username"),
                    fields.optional("password"),
                    fields.optional("token"),
                    fields.optional("api_key"),
                    fields.text("api_key_name", "X-API-Key"),
                    fields.text("api_key_in", "header").equals("query"),
                    fields.optional("token_url"),
                    fields.optional("client_id"),
                    fields.optional("client_secret"),
                    fields.optional("scope"),
                    fields.optional("audience"),
                    fields.text("client_auth", "header").equals("body"));
        }

        /** Without secrets. */
        @Override
        public String toString() {
            return "Login[" + kind + "]";
        }
    }

    private final Login login;
    private final ClientCredentials tokens;

    RestAuth(Login login, ClientCredentials tokens) {
        this.login = login;
        this.tokens = tokens;
    }

    /** The address with what belongs into it. */
    URI addressed(URI url) {
        if (!login.kind().equals("api_key") || !login.apiKeyInQuery()) {
            return url;
        }
        String key = encoded(login.apiKeyName());
        List<String> parts = new ArrayList<>();
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        for (String part : query.split("&", -1)) {
            if (!part.isEmpty() && !part.equals(key) && !part.startsWith(key + "=")) {
                parts.add(part);
            }
        }
        parts.add(key + "=" + encoded(text(login.apiKey())));
        return URI.create(withoutQuery(url) + "?" + String.join("&", parts));
    }

    static String withoutQuery(URI url) {
        return url.toString().replaceFirst("[?#].*$", "");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Puts what belongs into a header there. */
    void sign(HttpUriRequestBase request) {
        switch (login.kind()) {
            case "basic" -> request.setHeader("Authorization", basic(text(login.username()), text(login.password())));
            case "bearer" -> request.setHeader("Authorization", "Bearer " + text(login.token()));
            case "api_key" -> {
                if (!login.apiKeyInQuery()) {
                    request.setHeader(login.apiKeyName(), text(login.apiKey()));
                }
            }
            case "oauth2_client_credentials" -> request.setHeader("Authorization", "Bearer " + tokens.token());
            default -> {}
        }
    }

    static String basic(String username, String password) {
        byte[] both = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    /** Whether the request may be worth a second try with another token. */
    boolean renew(HttpUriRequestBase refused) {
        if (!login.kind().equals("oauth2_client_credentials")) {
            return false;
        }
        String sent = refused.getFirstHeader("Authorization").getValue();
        tokens.refused(sent.substring("Bearer ".length()));
        return true;
    }

    boolean byToken() {
        return login.kind().equals("oauth2_client_credentials");
    }

    boolean anonymous() {
        return login.kind().equals("none");
    }

    /** A text of somebody else's without what is secret, in any spelling that a request had. */
    String masked(String text) {
        Set<String> secrets = new TreeSet<>(
                java.util.Comparator.comparing(String::length).reversed().thenComparing(s -> s));
        String[] known = {login.password(), login.token(), login.apiKey(), login.clientSecret(), tokens.known()};
        for (@Nullable String secret : known) {
            if (secret != null && !secret.isEmpty()) {
                secrets.add(secret);
                secrets.add(encoded(secret));
                secrets.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
            }
        }
        if (login.username() != null && login.password() != null) {
            secrets.add(basic(login.username(), login.password()).substring("Basic ".length()));
        }
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, "********");
        }
        return masked;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
