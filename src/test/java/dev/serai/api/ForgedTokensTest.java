package dev.serai.api;

import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;

import dev.serai.credential.TokenSigner;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Every token that is not ours, not for us or not valid now is refused in the same words. */
class ForgedTokensTest {
    private static final String PATH = "/api/connectors/catalog";

    private final RunningSerai serai = RunningSerai.shared();

    private JwtClaimsSet.Builder genuine() {
        Instant now = Instant.now();
        return JwtClaimsSet.builder()
                .issuer("serai")
                .audience(List.of("serai"))
                .subject("mallory")
                .issuedAt(now)
                .expiresAt(now.plusSeconds(60))
                .claim("project", "default")
                .claim("roles", List.of("admin"));
    }

    private String signed(JwtClaimsSet.Builder claims) {
        return serai.bean(TokenSigner.class).sign(claims.build());
    }

    private void assertRefused(String token) {
        HttpCaller.Reply reply = serai.bearing(token).get(PATH);
        JsonNode problem = reply.problem(401);
        assertThat(problem.path("code").asText()).isEqualTo("invalid_token");
        assertThat(problem.path("detail").asText()).isEqualTo("The token is not valid or no longer is.");
        assertThat(reply.header("www-authenticate")).isEqualTo("Bearer realm=\"serai\", error=\"invalid_token\"");
    }

    @Test
    void theGenuineTokenThatTheOthersDifferFromIsAccepted() {
        serai.bearing(signed(genuine())).get(PATH).expect(200);
    }

    @Test
    void noTokenIsToldToBringOne() {
        HttpCaller.Reply reply = serai.nobody().get(PATH);
        assertThat(reply.problem(401).path("code").asText()).isEqualTo("unauthenticated");
        assertThat(reply.header("www-authenticate")).isEqualTo("Bearer realm=\"serai\"");
    }

    @Test
    void anExpiredTokenIsRefused() {
        assertRefused(signed(genuine()
                .issuedAt(Instant.now().minusSeconds(120))
                .expiresAt(Instant.now().minusSeconds(1))));
    }

    @Test
    void whoseTokenHasExpiredCanStillLogIn() {
        String expired = signed(genuine()
                .issuedAt(Instant.now().minusSeconds(120))
                .expiresAt(Instant.now().minusSeconds(1)));
        serai.bearing(expired)
                .post("/api/auth/login", Map.of("username", "admin", "password", RunningSerai.ADMIN_PASSWORD))
                .expect(200);
    }

    @Test
    void aTokenThatNeverExpiresIsRefused() {
        assertRefused(signed(genuine().claims(claims -> claims.remove("exp"))));
    }

    @Test
    void aForeignAudienceIsRefused() {
        assertRefused(signed(genuine().audience(List.of("another-service"))));
        assertRefused(signed(genuine().claims(claims -> claims.remove("aud"))));
    }

    @Test
    void aForeignIssuerIsRefusedAlsoUnderOurSignature() {
        assertRefused(signed(genuine().issuer("https://issuer.example")));
        assertRefused(signed(genuine().claims(claims -> claims.remove("iss"))));
    }

    @Test
    void anIdThatWasNeverMintedIsRefused() {
        assertRefused(signed(genuine().id("tok_00000000000000000000000000")));
    }

    @Test
    void algNoneIsRefused() throws Exception {
        String genuine = signed(genuine());
        for (String alg : List.of("none", "None", "NONE")) {
            String header = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(("{\"alg\":\"" + alg + "\",\"typ\":\"JWT\"}").getBytes("UTF-8"));
            String body = genuine.split("\\.")[1];
            assertRefused(header + "." + body + ".");
            assertRefused(header + "." + body + "." + genuine.split("\\.")[2]);
        }
    }

    @Test
    void anotherKeysSignatureIsRefused() throws JOSEException {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("serai")
                .audience("serai")
                .subject("mallory")
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .claim("project", "default")
                .claim("roles", List.of("admin"))
                .build();
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
            SignedJWT forged = new SignedJWT(new JWSHeader(algorithm), claims);
            forged.sign(new MACSigner("0123456789abcdef".repeat(4)));
            assertRefused(forged.serialize());
        }
    }

    @Test
    void aChangedClaimIsRefused() throws Exception {
        String[] parts = serai.token("viewer", "default").split("\\.");
        ObjectNode claims =
                (ObjectNode) HttpCaller.JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        claims.putArray("roles").add("admin");
        String changed =
                Base64.getUrlEncoder().withoutPadding().encodeToString(HttpCaller.JSON.writeValueAsBytes(claims));
        assertRefused(parts[0] + "." + changed + "." + parts[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b.c", "..", "e30.e30.e30", "not a token"})
    void whatIsNoTokenIsRefused(String token) {
        assertThat(serai.bearing(token).get(PATH).problem(401).path("code").asText())
                .isEqualTo("invalid_token");
    }

    @Test
    void aGenuineTokenWithoutARoleOrAProjectMayDoNothing() {
        assertThat(serai.bearing(signed(genuine().claim("roles", List.of("king"))))
                        .get(PATH)
                        .problem(403)
                        .path("code")
                        .asText())
                .isEqualTo("no_role");
        assertThat(serai.bearing(signed(genuine().claims(claims -> claims.remove("project"))))
                        .get(PATH)
                        .problem(403)
                        .path("code")
                        .asText())
                .isEqualTo("no_project");
    }

    @Test
    void aTokenInTheQueryStringDoesNotCount() {
        serai.nobody().get(PATH + "?access_token=" + signed(genuine())).problem(401);
    }

    @Test
    void wrongPasswordsAndUnknownUsersAreToldTheSame() {
        JsonNode wrong = login("admin", "wrong").problem(401);
        JsonNode unknown = login("nobody-by-that-name", "wrong").problem(401);
        assertThat(wrong).isEqualTo(unknown);
        assertThat(wrong.path("code").asText()).isEqualTo("bad_credentials");
    }

    @Test
    void repeatedFailuresHaveToWait() {
        for (int i = 0; i < 5; i++) {
            login("eve", "guess" + i).problem(401);
        }
        HttpCaller.Reply reply = login("eve", "guess");
        JsonNode problem = reply.problem(429);
        assertThat(problem.path("retryable").asBoolean()).isTrue();
        assertThat(Integer.parseInt(reply.header("retry-after"))).isBetween(1, 2);
    }

    private HttpCaller.Reply login(String username, String password) {
        return serai.nobody().post("/api/auth/login", Map.of("username", username, "password", password));
    }
}
