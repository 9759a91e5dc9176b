package dev.serai.api;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

import dev.serai.access.AccessToken;
import dev.serai.access.Login;
import dev.serai.access.Role;
import dev.serai.access.Tokens;

/** Logging in, and tokens for programs. */
@Component
public class AccessApi {
    private final Login login;
    private final Tokens tokens;

    AccessApi(Login login, Tokens tokens) {
        this.login = login;
        this.tokens = tokens;
    }

    record TokenView(
            String id,
            String name,
            List<String> roles,
            List<String> groups,
            String project,
            String createdBy,
            Instant createdAt,
            Instant expiresAt) {
        static TokenView of(Tokens.Token token) {
            return new TokenView(
                    token.id(),
                    token.name(),
                    token.roles().stream()
                            .map(role -> role.name().toLowerCase(Locale.ROOT))
                            .sorted()
                            .toList(),
                    token.groups().stream().sorted().toList(),
                    token.project(),
                    token.createdBy(),
                    token.createdAt(),
                    token.expiresAt());
        }
    }

    record MintedView(@JsonUnwrapped TokenView token, @JsonUnwrapped AccessToken accessToken) {}

    public Answer login(Call call) {
        return Answer.ok(login.login(
                Objects.requireNonNull(call.text("username")),
                Objects.requireNonNull(call.text("password")),
                call.address()));
    }

    public Answer mint(Call call) {
        Tokens.NewToken wanted = new Tokens.NewToken(
                Objects.requireNonNull(call.text("name")),
                texts(call.body().path("roles")).stream()
                        .map(role -> Role.valueOf(role.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()),
                texts(call.body().path("groups")),
                call.text("project"),
                Duration.ofSeconds(call.body().path("expires_in").longValue()));
        Tokens.Minted minted = tokens.mint(call.by(), wanted);
        return Answer.created(new MintedView(TokenView.of(minted.token()), minted.accessToken()))
                .with(HttpHeaders.LOCATION, "/api/auth/tokens/" + minted.token().id());
    }

    public Answer list(Call call) {
        return Answer.ok(
                tokens.list(call.project(), call.limit(), call.cursor()).map(TokenView::of));
    }

    public Answer revoke(Call call) {
        tokens.revoke(call.project(), call.part("id"));
        return Answer.empty(204);
    }

    private static Set<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::textValue)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
