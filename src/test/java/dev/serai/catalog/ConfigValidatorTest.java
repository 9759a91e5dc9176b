package dev.serai.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.serai.catalog.ConfigValidator.Validated;
import dev.serai.failure.Fault;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigValidatorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KAMELET =
            """
            kind: Kamelet
            metadata: {name: checked}
            spec:
              definition:
                required: [host, name]
                properties:
                  host: {type: string, minLength: 1, maxLength: 20}
                  name: {type: string}
                  port: {type: integer, default: 5432, minimum: 1, maximum: 65535}
                  mode: {type: string, enum: [fast, slow], default: fast}
                  password: {type: string, format: password, minLength: 12, pattern: "^[a-z]+$"}
                  url: {type: string, format: uri}
                  headers: {type: object, additionalProperties: {type: string}}
                  endpoints:
                    type: array
                    items:
                      type: object
                      required: [path]
                      additionalProperties: false
                      properties: {path: {type: string}, method: {type: string, default: GET}}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - choice: {when: [{simple: "${header.operation} == 'test'", steps: [{setBody: {constant: ""}}]}]}
            """;

    private final ConfigValidator validator = new ConfigValidator();
    private final ConnectorType type = read();

    private static ConnectorType read() {
        try {
            return KameletReader.read("checked.kamelet.yaml", KAMELET);
        } catch (KameletException e) {
            throw new AssertionError(e);
        }
    }

    private Validated validate(String config) throws JsonProcessingException {
        return validator.validate(type, (ObjectNode) JSON.readTree(config));
    }

    @Test
    void fillsInDefaultsAlsoInsideLists() throws JsonProcessingException {
        Validated validated = validate("{\"host\":\"h\",\"name\":\"n\",\"endpoints\":[{\"path\":\"/a\"}]}");

        assertThat(validated.errors()).isEmpty();
        assertThat(validated.config().path("port").asInt()).isEqualTo(5432);
        assertThat(validated.config().path("mode").asText()).isEqualTo("fast");
        assertThat(validated.config().at("/endpoints/0/method").asText()).isEqualTo("GET");
        assertThat(validated.config().has("password")).isFalse();
    }

    @Test
    void tellsAllFaultsAtOnceInWordsForPeople() throws JsonProcessingException {
        Validated validated = validate(
                """
                {"host":"","port":"5432","mode":"quick","url":"not a url","paswword":"x","headers":{"a":1},
                 "endpoints":[{"method":"GET","a/b":1}]}
                """);

        assertThat(validated.errors())
                .containsExactlyInAnyOrder(
                        new Fault("/host", "must not be empty"),
                        new Fault("/name", "is required"),
                        new Fault("/port", "must be a whole number"),
                        new Fault("/mode", "must be one of fast, slow"),
                        new Fault("/url", "must be a URL"),
                        new Fault("/paswword", "no such property, did you mean 'password'?"),
                        new Fault("/headers/a", "must be text"),
                        new Fault("/endpoints/0/path", "is required"),
                        new Fault("/endpoints/0/a~1b", "no such property"));
    }

    @Test
    void neverRepeatsASecretsValue() throws JsonProcessingException {
        Validated validated = validate("{\"host\":\"h\",\"name\":\"n\",\"password\":\"S3CRET!\"}");

        assertThat(validated.errors()).hasSize(2).allSatisfy(fault -> {
            assertThat(fault.pointer()).isEqualTo("/password");
            assertThat(fault.message()).doesNotContain("S3CRET");
        });
    }

    @Test
    void countsNullAsAbsent() throws JsonProcessingException {
        Validated validated = validate("{\"host\":null,\"name\":\"n\",\"port\":null,\"password\":null}");

        assertThat(validated.errors()).containsExactly(new Fault("/host", "is required"));
        assertThat(validated.config().path("port").asInt()).isEqualTo(5432);
        assertThat(validated.config().has("password")).isFalse();
    }

    @Test
    void masksOnlySecretsThatAreSet() throws JsonProcessingException {
        ObjectNode config = (ObjectNode) JSON.readTree("{\"host\":\"h\",\"password\":\"abc\"}");

        assertThat(validator.mask(type, config).toString()).isEqualTo("{\"host\":\"h\",\"password\":\"********\"}");
        assertThat(config.path("password").asText()).isEqualTo("abc");
    }
}
