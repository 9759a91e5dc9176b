package dev.serai.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import dev.serai.audit.AuditLog;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Cursor;
import dev.serai.metadata.Ids;
import dev.serai.metadata.Json;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;

/** The tokens minted for programs: what they may do and until when, not the tokens themselves. */
@Component
public class Tokens {
    /** The project of the installation's own administrators, who may mint for every project. */
    private static final String HOME = "default";

    private final JdbcClient db;
    private final TokenIssuer issuer;
    private final RevokedTokens revoked;
    private final TransactionOperations transactions;
    private final AuditLog audit;
    private final Clock clock;

    Tokens(
            JdbcClient db,
            TokenIssuer issuer,
            RevokedTokens revoked,
            TransactionOperations transactions,
            AuditLog audit,
            Clock clock) {
        this.db = db;
        this.issuer = issuer;
        this.revoked = revoked;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** @param project the caller's own where null */
    public record NewToken(
            String name, Set<Role> roles, Set<String> groups, @Nullable String project, Duration expiresIn) {}

    /** A minted token without the token. */
    public record Token(
            String id,
            String name,
            Set<Role> roles,
            Set<String> groups,
            String project,
            String createdBy,
            Instant createdAt,
            Instant expiresAt) {}

    /** A minted token with the token. */
    public record Minted(Token token, AccessToken accessToken) {}

    /** @throws FailureException {@link Failure.Forbidden} for another project, unless the caller's is {@code default} */
    public Minted mint(Caller by, NewToken wanted) {
        String project = wanted.project() == null ? by.project() : wanted.project();
        if (!project.equals(by.project()) && !by.project().equals(HOME)) {
            throw new FailureException(
                    new Failure.Forbidden("foreign_project", "Tokens can be minted for your own project only."));
        }
        Instant now = Times.stored(clock.instant());
        Token token = new Token(
                Ids.next("tok"),
                wanted.name(),
                wanted.roles(),
                wanted.groups(),
                project,
                by.subject(),
                now,
                now.plus(wanted.expiresIn()));
        transactions.executeWithoutResult(tx -> {
            insert(token, by);
            audit.changed(by.project(), "token.mint", token.id(), token.name(), null, described(token));
        });
        Caller bearer = new Caller(token.name(), project, token.roles(), token.groups());
        return new Minted(token, issuer.issue(bearer, wanted.expiresIn(), token.id()));
    }

    private static ObjectNode described(Token token) {
        ObjectNode details = Json.newObject().put("project", token.project());
        token.roles().stream().map(TokenIssuer::text).sorted().forEach(details.putArray("roles")::add);
        token.groups().stream().sorted().forEach(details.putArray("groups")::add);
        return details.put("expires_at", token.expiresAt().toString());
    }

    private void insert(Token token, Caller by) {
        db.sql(
                        """
                insert into tokens
                  (id, project, minted_in, name, roles, token_groups, created_by, created_at, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        token.id(),
                        token.project(),
                        by.project(),
                        token.name(),
                        Json.write(token.roles().stream()
                                .map(TokenIssuer::text)
                                .sorted()
                                .toList()),
                        Json.write(token.groups().stream().sorted().toList()),
                        token.createdBy(),
                        Times.param(token.createdAt()),
                        Times.param(token.expiresAt()))
                .update();
    }

    /** Those of the project and those minted from it, newest first, without the revoked. */
    public Page<Token> list(String project, int limit, @Nullable String cursor) {
        List<Token> rows = db.sql(
                        """
                select * from tokens
                where (project = :project or minted_in = :project) and revoked_at is null
                  and (:after = '' or id < :after)
                order by id desc limit :rows""")
                .param("project", project)
                .param("after", Cursor.after(cursor))
                .param("rows", limit + 1)
                .query((row, number) -> token(row))
                .list();
        return Page.of(rows, limit, Token::id);
    }

    public void revoke(String project, String id) {
        transactions.executeWithoutResult(tx -> {
            setRevoked(project, id);
            audit.changed(project, "token.revoke", id, null, null, Json.newObject());
        });
        revoked.forget(id);
    }

    private void setRevoked(String project, String id) {
        int changed = db.sql(
                        """
                update tokens set revoked_at = :now
                where id = :id and (project = :project or minted_in = :project) and revoked_at is null""")
                .param("now", Times.param(clock.instant()))
                .param("id", id)
                .param("project", project)
                .update();
        if (changed == 0) {
            throw new FailureException(new Failure.Missing("There is no such token."));
        }
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString("id"),
                row.getString("name"),
                Users.roles(row.getString("roles")),
                new HashSet<>(Json.strings(row.getString("token_groups"))),
                row.getString("project"),
                row.getString("created_by"),
                Times.readPresent(row, "created_at"),
                Times.readPresent(row, "expires_at"));
    }
}
