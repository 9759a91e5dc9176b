package dev.serai.api;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

class TokensTest {
    private final RunningSerai serai = RunningSerai.shared();

    private static Map<String, Object> token(String name, Object... more) {
        Map<String, Object> body =
                new java.util.HashMap<>(Map.of("name", name, "roles", List.of("admin"), "expires_in", 60));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    @Test
    void aMintedTokenWorksUntilItIsRevoked() {
        HttpCaller admin = serai.as("admin", "tokens-revoked");
        JsonNode minted = admin.post("/api/auth/tokens", token("robot")).expect(201);
        HttpCaller robot = serai.bearing(minted.path("access_token").asText());
        robot.get("/api/auth/tokens").expect(200);

        assertThat(admin.delete("/api/auth/tokens/" + minted.path("id").asText())
                        .status())
                .isEqualTo(204);

        JsonNode problem = robot.get("/api/auth/tokens").problem(401);
        assertThat(problem.path("code").asText()).isEqualTo("invalid_token");
        admin.delete("/api/auth/tokens/" + minted.path("id").asText()).problem(404);
    }

    @Test
    void aTokenIsShownOnlyWhenItIsMinted() {
        HttpCaller admin = serai.as("admin", "tokens-shown");
        String secret = admin.post("/api/auth/tokens", token("robot"))
                .expect(201)
                .path("access_token")
                .asText();
        HttpCaller.Reply list = admin.get("/api/auth/tokens");
        assertThat(list.expect(200).path("items").findValuesAsText("name")).contains("robot");
        assertThat(list.text()).doesNotContain(secret.substring(secret.lastIndexOf('.')));
    }

    @Test
    void listsPageByPageNewestFirst() {
        HttpCaller admin = serai.as("admin", "tokens-paged");
        for (int i = 0; i < 3; i++) {
            admin.post("/api/auth/tokens", token("t" + i)).expect(201);
        }
        JsonNode first = admin.get("/api/auth/tokens?limit=2").expect(200);
        assertThat(first.path("items").findValuesAsText("name")).containsExactly("t2", "t1");
        JsonNode second = admin.get("/api/auth/tokens?limit=2&cursor="
                        + first.path("next_cursor").asText())
                .expect(200);
        assertThat(second.path("items").findValuesAsText("name")).startsWith("t0");
        assertThat(second.path("next_cursor").isNull()).isTrue();
    }

    @Test
    void anAdminOfOneProjectMintsForNoOther() {
        HttpCaller admin = serai.as("admin", "tokens-own");
        assertThat(admin.post("/api/auth/tokens", token("robot", "project", "tokens-foreign"))
                        .problem(403)
                        .path("code")
                        .asText())
                .isEqualTo("foreign_project");
    }
}
