package dev.serai.api;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** A path written in another way leads to the same rules, or nowhere. */
class EncodedPathsTest {
    private static final RunningSerai SERAI = RunningSerai.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%61pi/connectors",
                "/ap%69/connectors",
                "/%61%70%69/connectors",
                "/%61pi",
                "/api%2Fconnectors",
                "/%2Fapi/connectors",
                "//api/connectors",
                "/./api/connectors",
                "/x/../api/connectors",
                "/x/%2e%2e/api/connectors",
                "/api;x=1/connectors",
                "/api/connectors;x=1",
                "/api/%63onnectors",
                "/api//connectors",
                "/api/./connectors",
                "/API/connectors",
                "/api/connectors/",
                "/api%00/connectors",
                "/%2561pi/connectors",
            })
    void isNoWayAroundTheContract(String path) {
        HttpCaller viewer = SERAI.as("viewer", "paths");

        for (HttpCaller caller : new HttpCaller[] {SERAI.nobody(), viewer, SERAI.as("admin", "paths")}) {
            for (String method : new String[] {"GET", "POST", "DELETE"}) {
                HttpCaller.Reply reply = caller.send(method, path, method.equals("POST") ? "{}" : null);
                assertThat(reply.status())
                        .as(method + " " + path + ": " + reply.text())
                        .isBetween(400, 405);
            }
        }
    }

    /** Camel compares paths without case. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/connectors/CATALOG",
                "/api/connectors/Test",
                "/api/connectors/BOOTSTRAP",
                "/api/connectors/catalog/PROBLEMS",
                "/api/connectors/x/MODELS",
                "/api/connectors/x/models/PREVIEW",
            })
    void anIdThatIsAWordOfAnotherPathInOtherLettersIsAnId(String path) {
        HttpCaller.Reply reply = SERAI.as("admin", "paths").get(path);

        assertThat(reply.status()).as(path + ": " + reply.text()).isEqualTo(404);
        assertThat(reply.problem(404).path("code").asText()).isEqualTo("not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%61ctuator/prometheus",
                "/actuator/%70rometheus",
                "/actuator;x/prometheus",
                "//actuator/prometheus"
            })
    void isNoWayIntoTheActuator(String path) {
        assertThat(SERAI.nobody().get(path).status()).isBetween(400, 404);
        assertThat(SERAI.as("viewer", "paths").get(path).status()).isBetween(400, 404);
    }
}
