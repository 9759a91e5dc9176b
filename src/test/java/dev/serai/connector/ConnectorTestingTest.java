package dev.serai.connector;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.serai.failure.Failure;
import dev.serai.testing.MetadataStore;

import static dev.serai.connector.ConnectorFixture.failure;
import static dev.serai.connector.ConnectorFixture.json;
import static dev.serai.connector.ConnectorFixture.pointers;
import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ConnectorTestingTest {

    @ParameterizedTest
    @EnumSource
    void keepsEachTestThatRan(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector connector = fixture.create("tested");

        assertThat(fixture.connectors
                        .test(fixture.project, connector.id(), null)
                        .ok())
                .isTrue();
        assertThat(fixture.connectors
                        .test(fixture.project, connector.id(), json("{'password':'wrong-planted'}"), "anna")
                        .ok())
                .isFalse();
        assertThat(fixture.connectors
                        .testUnsaved(fixture.project, "tdb", json("{'host':'h','username':'u','password':'right'}"))
                        .ok())
                .isTrue();
        // These do not run, so they are no tests.
        failure(() -> fixture.connectors.testUnsaved(fixture.project, "tdb", json("{'host':'h'}")));
        failure(() -> fixture.connectors.test(fixture.project, connector.id(), json("{'port':0}")));

        List<TestRecord> all = fixture.tests.all(fixture.project, 10, null).items();
        assertThat(all).extracting(record -> record.result().ok()).containsExactly(true, false, true);
        assertThat(all).extracting(TestRecord::connectorId).containsExactly(null, connector.id(), connector.id());
        assertThat(all).extracting(TestRecord::type).containsOnly("test_db");
        assertThat(all.get(1).testedBy()).isEqualTo("anna");
        assertThat(fixture.tests
                        .ofConnector(fixture.project, connector.id(), 10, null)
                        .items())
                .hasSize(2);
        assertThat(fixture.store.open(connector).path("password").asText())
                .as("a test changes nothing")
                .isEqualTo("planted-1");
    }

    @Test
    void tellsAllFaultsOfAnUnsavedConfig() {
        ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
        Failure failure = failure(() -> fixture.connectors.testUnsaved(
                fixture.project, "test_db", json("{'host':'169.254.169.254','password':'********','extra':1}")));
        assertThat(pointers(failure))
                .containsExactlyInAnyOrder("/config/host", "/config/password", "/config/extra", "/config/username");
        assertThat(pointers(failure(() -> fixture.connectors.testUnsaved(fixture.project, "nosuch", json("{}")))))
                .containsExactly("/type");
    }

    @Test
    void writesNoSecretIntoLogsOrFailures(CapturedOutput output) {
        List<Logger> loggers = List.of(logger("dev.serai"), logger("org.springframework.jdbc"));
        loggers.forEach(logger -> logger.setLevel(Level.TRACE));
        try {
            ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
            Connector connector = fixture.create("quiet");
            assertThat(output).as("the statements are logged").contains("insert into connector_secrets");
            fixture.connectors.test(fixture.project, connector.id(), null);
            TestResult refused = fixture.connectors.test(
                    fixture.project, connector.id(), json("{'password':'wrong-planted','token':null}"));
            assertThat(refused.toString()).doesNotContain("planted");
            String tooLong = "planted".repeat(10);
            Failure failure = failure(() -> fixture.connectors.patch(
                    fixture.project, connector.id(), json("{'config':{'password':'" + tooLong + "','token':5}}")));
            assertThat(pointers(failure)).containsExactlyInAnyOrder("/config/password", "/config/token");
            assertThat(failure.toString()).doesNotContain("planted");
            fixture.connectors.patch(
                    fixture.project,
                    connector.id(),
                    json("{'config':{'host':'n','password':'planted-3','token':null}}"));
            fixture.connectors.delete(fixture.project, connector.id());
        } finally {
            loggers.forEach(logger -> logger.setLevel(null));
        }
        assertThat(output).doesNotContain("planted");
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
