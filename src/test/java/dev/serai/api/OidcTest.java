package dev.serai.api;

import java.util.List;
import java.util.Map;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OidcTest {
    private static final String PATH = "/api/connectors/catalog";
    private static final MockOAuth2Server ISSUER = new MockOAuth2Server();
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        ISSUER.start();
        serai = RunningSerai.start(Map.of(
                "serai.jwt.issuer", ISSUER.issuerUrl("company").toString(),
                "serai.jwt.audience", "serai-at-company",
                "serai.jwt.jwk-set-uri", ISSUER.jwksUrl("company").toString(),
                "serai.jwt.roles-claim", "realm_access.roles",
                "serai.jwt.project-claim", "https://company.example/project"));
    }

    @AfterAll
    static void stop() {
        serai.close();
        ISSUER.shutdown();
    }

    private static final Map<String, Object> CLAIMS = Map.of(
            "realm_access", Map.of("roles", List.of("offline_access", "member")),
            "https://company.example/project", "sales",
            "groups", "emea apac");

    private static String token(String issuer, String audience, Map<String, Object> claims, long seconds) {
        return ISSUER.issueToken(issuer, "ann", audience, claims, seconds).serialize();
    }

    private static HttpCaller.Reply get(String token) {
        return serai.bearing(token).get(PATH);
    }

    @Test
    void takesRolesAndProjectFromTheConfiguredClaims() {
        HttpCaller ann = serai.bearing(token("company", "serai-at-company", CLAIMS, 60));
        ann.get(PATH).expect(200);
        assertThat(ann.get("/api/auth/tokens").problem(403).path("code").asText())
                .isEqualTo("role_required");
    }

    @Test
    void refusesExpiredForeignAudienceAndForeignIssuer() {
        get(token("company", "serai-at-company", CLAIMS, -120)).problem(401);
        get(token("company", "another-service", CLAIMS, 60)).problem(401);
        get(token("competitor", "serai-at-company", CLAIMS, 60)).problem(401);
    }

    @Test
    void aTokenWithoutRoleOrProjectMayDoNothing() {
        assertThat(get(token("company", "serai-at-company", Map.of("https://company.example/project", "sales"), 60))
                        .problem(403)
                        .path("code")
                        .asText())
                .isEqualTo("no_role");
        assertThat(get(token(
                                "company",
                                "serai-at-company",
                                Map.of("realm_access", Map.of("roles", List.of("admin"))),
                                60))
                        .problem(403)
                        .path("code")
                        .asText())
                .isEqualTo("no_project");
    }

    @Test
    void theIssuersPublicKeyIsNoSecretOfOurs() throws Exception {
        JWKSet keys = JWKSet.load(ISSUER.jwksUrl("company").url(), 5000, 5000, 0);
        byte[] publicKey = keys.getKeys().get(0).toRSAKey().toRSAPublicKey().getEncoded();
        for (String issuer : List.of("serai", ISSUER.issuerUrl("company").toString())) {
            SignedJWT confused = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256),
                    JWTClaimsSet.parse(Map.<String, Object>of(
                            "iss",
                            issuer,
                            "aud",
                            List.of("serai", "serai-at-company"),
                            "exp",
                            System.currentTimeMillis() / 1000 + 60,
                            "project",
                            "sales",
                            "roles",
                            List.of("admin"))));
            confused.sign(new MACSigner(publicKey));
            get(confused.serialize()).problem(401);
        }
    }

    @Test
    void tokensOfOurOwnStillCount() {
        serai.admin().get(PATH).expect(200);
    }

    @Test
    void settingsThatAreOnlyHalfGivenStopTheStart() {
        assertThatThrownBy(() -> RunningSerai.start(Map.of("serai.jwt.issuer", "https://issuer.example")))
                .rootCause()
                .hasMessageContaining(
                        "SERAI_JWT_ISSUER, SERAI_JWT_AUDIENCE and SERAI_JWT_JWK_SET_URI are set together");
    }
}
