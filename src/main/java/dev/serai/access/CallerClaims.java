package dev.serai.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Whom a verified token names.
 *
 * <p>A path such as {@code realm_access.roles} is first tried as the name of one claim, then as one step into an object
 * for each dot. A claim holds a list, or a text with spaces or commas between its values.
 */
record CallerClaims(String roles, String groups, String project) implements Converter<Jwt, CallerAuthentication> {
    /** The claims of our own tokens. */
    static final CallerClaims OWN = new CallerClaims("roles", "groups", "project");

    private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");

    @Override
    public CallerAuthentication convert(Jwt token) {
        Set<Role> granted = EnumSet.noneOf(Role.class);
        for (String name : values(token, roles)) {
            Arrays.stream(Role.values())
                    .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name))
                    .forEach(granted::add);
        }
        if (granted.isEmpty()) {
            throw new NoAccessException("no_role", "The token has none of the roles admin, member and viewer.");
        }
        Set<String> projects = values(token, project);
        if (projects.size() != 1 || !PROJECT.matcher(projects.iterator().next()).matches()) {
            throw new NoAccessException("no_project", "The token does not name one project.");
        }
        String subject = token.getSubject() == null ? "unknown" : token.getSubject();
        return new CallerAuthentication(
                new Caller(subject, projects.iterator().next(), granted, values(token, groups)), via(token));
    }

    private static String via(Jwt token) {
        if (!TokenIssuer.ISSUER.equals(token.getClaimAsString("iss"))) {
            return "oidc";
        }
        return token.getId() == null ? "password" : "token:" + token.getId();
    }

    private static Set<String> values(Jwt token, String path) {
        Object value = token.getClaims().get(path);
        if (value == null) {
            value = token.getClaims();
            for (String step : path.split("\\.")) {
                value = value instanceof Map<?, ?> object ? object.get(step) : null;
            }
        }
        return texts(value);
    }

    private static Set<String> texts(@Nullable Object value) {
        Set<String> texts = new LinkedHashSet<>();
        if (value instanceof String text) {
            Arrays.stream(text.split("[ ,]+")).filter(part -> !part.isEmpty()).forEach(texts::add);
        } else if (value instanceof Collection<?> list) {
            List.copyOf(list).forEach(item -> {
                if (item instanceof String text) {
                    texts.add(text);
                }
            });
        }
        return texts;
    }
}
