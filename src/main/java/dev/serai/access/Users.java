package dev.serai.access;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.stereotype.Component;

import dev.serai.metadata.Ids;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** The people who log in with a password; only its hash is kept. */
@Component
class Users {
    private static final String SCHEME = "pbkdf2";

    private final JdbcClient db;
    private final Clock clock;
    // PBKDF2 and not bcrypt, which takes no more than 72 bytes; the prefix lets a later scheme read today's hashes.
    private final PasswordEncoder encoder = new DelegatingPasswordEncoder(
            SCHEME, Map.of(SCHEME, Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8()));
    private volatile @Nullable String nobodysHash;

    Users(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    private record Row(String hash, Caller caller) {}

    boolean exists(String username) {
        return find(username).isPresent();
    }

    /** Whom the two belong to. Takes as long for an unknown user as for a known one. */
    Optional<Caller> verify(String username, String password) {
        Optional<Row> row = find(username);
        boolean right = encoder.matches(password, row.map(Row::hash).orElseGet(this::nobodysHash));
        return right ? row.map(Row::caller) : Optional.empty();
    }

    /** Of a password that nobody has; made when it is first needed, as it takes as long as a login. */
    private String nobodysHash() {
        String hash = nobodysHash;
        if (hash == null) {
            hash = encoder.encode(Ids.next("nobody"));
            nobodysHash = hash;
        }
        return hash;
    }

    /** Adds a user, unless another replica has just done so. Whether it was added. */
    boolean add(Caller user, String password) {
        try {
            db.sql(
                            """
                    insert into users (username, password_hash, project, roles, user_groups, created_at, updated_at)
                    values (?, ?, ?, ?, ?, ?, ?)""")
                    .params(
                            user.subject(),
                            encoder.encode(password),
                            user.project(),
                            Json.write(
                                    user.roles().stream().map(TokenIssuer::text).toList()),
                            Json.write(List.copyOf(user.groups())),
                            Times.param(clock.instant()),
                            Times.param(clock.instant()))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    void setPassword(String username, String password) {
        db.sql("update users set password_hash = ?, updated_at = ? where username = ?")
                .params(encoder.encode(password), Times.param(clock.instant()), username)
                .update();
    }

    private Optional<Row> find(String username) {
        return db.sql("select password_hash, project, roles, user_groups from users where username = ?")
                .param(username)
                .query((row, number) -> new Row(
                        row.getString("password_hash"),
                        new Caller(
                                username,
                                row.getString("project"),
                                roles(row.getString("roles")),
                                new HashSet<>(Json.strings(row.getString("user_groups"))))))
                .optional();
    }

    static Set<Role> roles(String json) {
        return Json.strings(json).stream()
                .map(role -> Role.valueOf(role.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
    }
}
