package dev.serai.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.stereotype.Component;

import dev.serai.credential.TokenSigner;

/** What a token of our own says: who, where, what they may do, until when. */
@Component
class TokenIssuer {
    static final String ISSUER = "serai";

    private final TokenSigner signer;
    private final Clock clock;

    TokenIssuer(TokenSigner signer, Clock clock) {
        this.signer = signer;
        this.clock = clock;
    }

    /** @param id of a minted token, which can be revoked; null for that of a login */
    AccessToken issue(Caller caller, Duration life, @Nullable String id) {
        Instant now = clock.instant();
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .issuer(ISSUER)
                .audience(List.of(ISSUER))
                .subject(caller.subject())
                .issuedAt(now)
                .expiresAt(now.plus(life))
                .claim(CallerClaims.OWN.project(), caller.project())
                .claim(
                        CallerClaims.OWN.roles(),
                        caller.roles().stream().map(TokenIssuer::text).sorted().toList())
                .claim(
                        CallerClaims.OWN.groups(),
                        caller.groups().stream().sorted().toList());
        if (id != null) {
            claims.id(id);
        }
        return new AccessToken(signer.sign(claims.build()), "Bearer", life.toSeconds());
    }

    static String text(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
