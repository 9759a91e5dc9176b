package dev.serai.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtIssuerAuthenticationManagerResolver;
import org.springframework.web.client.RestTemplate;

import dev.serai.credential.TokenSigner;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/**
 * Who says whether a token is genuine: its {@code iss} chooses, never its {@code alg}. Ours are HS256 only; those of the
 * configured OIDC issuer have an asymmetric signature only, so its public key is never taken for a secret of ours.
 */
@Configuration(proxyBeanMethods = false)
class TokenVerifiers {
    private static final Duration SKEW = Duration.ofSeconds(30);

    @Bean
    AuthenticationManagerResolver<HttpServletRequest> tokenVerifier(
            SeraiSettings settings, TokenSigner signer, RevokedTokens revoked, Clock clock) {
        Map<String, AuthenticationManager> verifiers = new LinkedHashMap<>();
        verifiers.put(TokenIssuer.ISSUER, own(signer, revoked, clock));
        SeraiSettings.Jwt jwt = settings.jwt();
        long given = Stream.of(jwt.issuer(), jwt.audience(), jwt.jwkSetUri())
                .filter(Objects::nonNull)
                .count();
        if (given != 0) {
            if (given != 3 || TokenIssuer.ISSUER.equals(jwt.issuer())) {
                throw new FailureException(new Failure.Invalid(
                        "bad_settings",
                        given != 3
                                ? "SERAI_JWT_ISSUER, SERAI_JWT_AUDIENCE and SERAI_JWT_JWK_SET_URI are set together or not"
                                        + " at all."
                                : "SERAI_JWT_ISSUER must not be " + TokenIssuer.ISSUER + ": that is Serai itself.",
                        List.of()));
            }
            verifiers.put(jwt.issuer(), oidc(jwt, clock));
        }
        return new JwtIssuerAuthenticationManagerResolver(verifiers::get);
    }

    private static AuthenticationManager own(TokenSigner signer, RevokedTokens revoked, Clock clock) {
        NimbusJwtDecoder decoder = signer.decoder();
        OAuth2TokenValidator<Jwt> standing = token -> token.getId() == null || revoked.stands(token.getId())
                ? OAuth2TokenValidatorResult.success()
                : refused("revoked");
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                List.of(genuine(TokenIssuer.ISSUER, TokenIssuer.ISSUER, Duration.ZERO, clock), standing)));
        return manager(decoder, CallerClaims.OWN);
    }

    private static AuthenticationManager oidc(SeraiSettings.Jwt jwt, Clock clock) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(Objects.requireNonNull(jwt.jwkSetUri()))
                .restOperations(patient())
                .jwsAlgorithms(algorithms -> algorithms.addAll(Set.of(SignatureAlgorithm.values())))
                .build();
        decoder.setJwtValidator(
                genuine(Objects.requireNonNull(jwt.issuer()), Objects.requireNonNull(jwt.audience()), SKEW, clock));
        return manager(decoder, new CallerClaims(jwt.rolesClaim(), jwt.groupsClaim(), jwt.projectClaim()));
    }

    /** An issuer that is mute shall not keep calls waiting for ever. */
    private static RestTemplate patient() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(Duration.ofSeconds(5));
        requests.setReadTimeout(Duration.ofSeconds(5));
        return new RestTemplate(requests);
    }

    private static AuthenticationManager manager(NimbusJwtDecoder decoder, CallerClaims claims) {
        JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
        provider.setJwtAuthenticationConverter(claims);
        return new ProviderManager(provider);
    }

    private static OAuth2TokenValidator<Jwt> genuine(String issuer, String audience, Duration skew, Clock clock) {
        JwtTimestampValidator time = new JwtTimestampValidator(skew);
        time.setClock(clock);
        OAuth2TokenValidator<Jwt> expires = token -> {
            Instant end = token.getExpiresAt();
            return end == null ? refused("no expiry") : OAuth2TokenValidatorResult.success();
        };
        OAuth2TokenValidator<Jwt> meant =
                token -> token.getAudience() != null && token.getAudience().contains(audience)
                        ? OAuth2TokenValidatorResult.success()
                        : refused("another audience");
        return new DelegatingOAuth2TokenValidator<>(List.of(time, expires, meant, new JwtIssuerValidator(issuer)));
    }

    private static OAuth2TokenValidatorResult refused(String why) {
        return OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", why, null));
    }
}
