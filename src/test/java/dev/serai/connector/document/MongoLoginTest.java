package dev.serai.connector.document;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.TestResult;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Certificate;
import dev.serai.testing.GuardedMongo;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Who is let in, what is told to whom is not, and what do the server's errors mean? Against a double that checks logins. */
class MongoLoginTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Certificate CERTIFICATE = Certificate.of("localhost", "dns:localhost,ip:127.0.0.1");
    private static final Certificate STRANGER = Certificate.of("localhost", "dns:localhost");
    private static GuardedMongo open;
    private static GuardedMongo encrypted;

    @BeforeAll
    static void start() {
        open = new GuardedMongo(null);
        encrypted = new GuardedMongo(CERTIFICATE);
    }

    @AfterAll
    static void stop() {
        open.close();
        encrypted.close();
    }

    @SuppressWarnings("unchecked")
    private static MongoSource source(ObjectNode config) {
        return new MongoSource(JSON.convertValue(config, Map.class), new EgressPolicy(Settings.of(Map.of())));
    }

    private static TestResult tested(ObjectNode config) {
        try (MongoSource source = source(config)) {
            return source.test();
        }
    }

    @ParameterizedTest
    @CsvSource({"SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN"})
    void logsInBy(String mechanism) {
        TestResult result = tested(open.config().put("auth_mechanism", mechanism));

        assertThat(result.ok()).as(result.toString()).isTrue();
        assertThat(result.steps())
                .extracting(TestResult.Step::name)
                .containsExactly("resolve", "connect", "authenticate", "authorize", "read");
        assertThat(open.logins()).contains(mechanism);
    }

    @Test
    void logsInOverAnEncryptedConnectionThatItTrusts() {
        TestResult result = tested(encrypted.config().put("tls", true).put("ssl_ca", CERTIFICATE.pem()));

        assertThat(result.ok()).as(result.toString()).isTrue();
        assertThat(result.steps()).extracting(TestResult.Step::name).contains("tls", "authenticate");
    }

    @Test
    void tellsNoPasswordToWhomItDoesNotTrust() {
        int before = encrypted.logins().size();

        TestResult result = tested(encrypted.config().put("tls", true).put("ssl_ca", STRANGER.pem()));

        assertThat(result.category()).isEqualTo("tls");
        assertThat(encrypted.logins()).hasSize(before);
        assertThat(tested(encrypted.config().put("tls", true).put("ssl_ca", "no PEM"))
                        .category())
                .isEqualTo("tls");
    }

    @ParameterizedTest
    @CsvSource({"password,wrong", "username,nobody", "auth_source,shop"})
    void tellsARefusedLogin(String property, String value) {
        TestResult result = tested(open.config().put(property, value));

        assertThat(result.category()).isEqualTo("authenticate");
        assertThat(result.error()).doesNotContain(GuardedMongo.PASSWORD).doesNotContain("wrong");
    }

    @Test
    void tellsThatALoginIsWanted() {
        ObjectNode config = open.config();
        config.remove("username");
        config.remove("password");

        assertThat(tested(config).category()).isEqualTo("authorize");
    }

    @ParameterizedTest
    @CsvSource({
        "13,AUTHORIZE,permission_denied,false",
        "50,READ,timeout,true",
        "43,READ,connection_lost,true",
        "91,READ,connection_lost,true",
        "189,READ,connection_lost,true",
        "10107,READ,connection_lost,true",
        "11600,READ,connection_lost,true",
        "2,READ,rejected,false"
    })
    void tellsWhatTheServersErrorsMean(int error, Failure.Layer layer, String code, boolean retryable) {
        try (MongoSource source = source(open.config())) {
            open.failWith(error);
            FailureException failed = catchThrowableOfType(
                    FailureException.class, () -> source.schema(Map.of("model", Map.of("name", "goods"))));

            assertThat(failed.failure())
                    .isInstanceOfSatisfying(Failure.Source.class, told -> {
                        assertThat(told.layer()).isEqualTo(layer);
                        assertThat(told.code()).isEqualTo(code);
                        assertThat(told.retryable()).isEqualTo(retryable);
                        assertThat(told.detail()).doesNotContain("told to");
                    })
                    .isNotInstanceOf(MongoClientException.class);
        } finally {
            open.failWith(0);
        }
    }

    @Test
    void tellsWhatMayNotBeRead() {
        try (MongoSource source = source(open.config())) {
            FailureException failed = catchThrowableOfType(
                    FailureException.class, () -> source.schema(Map.of("model", Map.of("name", "hidden"))));

            assertThat(failed.failure().code()).isEqualTo("permission_denied");
        }
    }

    @Test
    void tellsTheKindsOfModels() {
        try (MongoSource source = source(open.config())) {
            JsonNode items = source.models(Map.of()).path("items");

            assertThat(items)
                    .extracting(item ->
                            item.path("name").asText() + " " + item.path("kind").asText())
                    .containsExactly("goods collection", "hidden view", "log capped", "weather timeseries");
        }
    }

    @Test
    void takesTheIdsOfACollectionForAKeyAndNotThoseOfATimeSeriesOrAQuery() {
        try (MongoSource source = source(open.config())) {
            assertThat(source.question(Map.of("model", Map.of("name", "goods")), "read")
                            .key())
                    .containsExactly("_id");
            assertThat(source.question(Map.of("model", Map.of("name", "weather")), "read")
                            .key())
                    .isEmpty();
            assertThat(source.question(Map.of("query", "{collection: 'goods', pipeline: []}"), "read")
                            .key())
                    .isEmpty();
        }
    }
}
