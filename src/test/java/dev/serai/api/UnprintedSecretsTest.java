package dev.serai.api;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.catalog.ConfigValidator;
import dev.serai.query.Asker;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;

class UnprintedSecretsTest {
    private static final String SECRET = "S3CRET";

    static Stream<Record> records() {
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("password", SECRET);
        Map<String, String> values = Map.of("x", SECRET);
        SeraiSettings settings = Settings.of(Map.of(
                "serai.admin-password", SECRET,
                "serai.sign-key", SECRET,
                "serai.sign-key-previous", SECRET,
                "serai.metadata.url", "jdbc:postgresql://db/serai?password=" + SECRET,
                "serai.metadata.password", SECRET));
        return Stream.of(
                settings,
                settings.metadata(),
                new Call(
                        "login",
                        null,
                        values,
                        values,
                        values,
                        config,
                        null,
                        "application/json",
                        "127.0.0.1",
                        Asker.PATIENT),
                new ConfigValidator.Validated(config, List.of()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void aRecordPrintsNoSecretOfItsOwn(Record holder) {
        assertThat(holder.toString())
                .startsWith(holder.getClass().getSimpleName())
                .doesNotContain(SECRET);
    }
}
