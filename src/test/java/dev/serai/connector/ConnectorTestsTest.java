package dev.serai.connector;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.serai.failure.Failure;
import dev.serai.metadata.Page;
import dev.serai.testing.MetadataStore;

import static dev.serai.connector.ConnectorFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

class ConnectorTestsTest {
    private static final TestResult GOOD =
            new TestResult(true, 12, null, null, List.of(new TestResult.Step("connect", true, 5, null)));
    private static final TestResult BAD = new TestResult(
            false,
            15_000,
            "Too slow: 9 s\u20ac.",
            "timeout",
            List.of(new TestResult.Step("resolve", false, 15_000, "Too slow.")));

    @ParameterizedTest
    @EnumSource
    void keepsSavedAndUnsavedTestsNewestFirst(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector one = fixture.create("one");
        Connector two = fixture.create("two");
        fixture.tests.add(fixture.project, one.id(), "test_db", GOOD, "admin");
        fixture.tests.add(fixture.project, null, "test_db", BAD, null);
        fixture.tests.add(fixture.project, two.id(), "test_db", GOOD, null);
        fixture.tests.add(fixture.project, one.id(), "test_db", BAD, null);

        assertThat(fixture.tests
                        .ofConnector(fixture.project, one.id(), 10, null)
                        .items())
                .extracting(TestRecord::result)
                .containsExactly(BAD, GOOD);
        Page<TestRecord> all = fixture.tests.all(fixture.project, 3, null);
        assertThat(all.items()).extracting(TestRecord::connectorId).containsExactly(one.id(), two.id(), null);
        Page<TestRecord> rest = fixture.tests.all(fixture.project, 3, all.nextCursor());
        assertThat(rest.nextCursor()).isNull();
        assertThat(rest.items()).singleElement().satisfies(record -> {
            assertThat(record.testedBy()).isEqualTo("admin");
            assertThat(record.testedAt()).isEqualTo(ConnectorFixture.NOW);
            assertThat(record.type()).isEqualTo("test_db");
        });
        assertThat(fixture.tests.latest(List.of(one.id(), two.id(), "con_none")))
                .hasSize(2)
                .hasEntrySatisfying(
                        one.id(), record -> assertThat(record.result()).isEqualTo(BAD))
                .hasEntrySatisfying(
                        two.id(), record -> assertThat(record.result()).isEqualTo(GOOD));
        assertThat(fixture.tests.latest(List.of())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void keepsErrorsThatHaveWhatNoDatabaseTakes(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        TestResult odd = new TestResult(
                false, 1, "a\u0000b\ud800c", "read", List.of(new TestResult.Step("read", false, 1, "a\u0000b\ud800c")));
        fixture.tests.add(fixture.project, null, "test_db", odd, null);
        assertThat(fixture.tests
                        .all(fixture.project, 10, null)
                        .items()
                        .get(0)
                        .result()
                        .error())
                .isEqualTo("abc");
    }

    @ParameterizedTest
    @EnumSource
    void forgetsTheOldestOfAConnectorOnly(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector one = fixture.create("one");
        fixture.tests.add(fixture.project, null, "test_db", GOOD, null);
        for (int i = 0; i < ConnectorTests.KEPT + 5; i++) {
            fixture.tests.add(
                    fixture.project, one.id(), "test_db", new TestResult(true, i, null, null, List.of()), null);
        }
        List<Long> kept = new ArrayList<>();
        String cursor = null;
        do {
            Page<TestRecord> page = fixture.tests.ofConnector(fixture.project, one.id(), 70, cursor);
            page.items().forEach(record -> kept.add(record.result().latencyMs()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(kept).hasSize(ConnectorTests.KEPT).startsWith(204L, 203L).endsWith(6L, 5L);
        assertThat(fixture.tests.all(fixture.project, 1000, null).items()).hasSize(ConnectorTests.KEPT + 1);
    }

    @ParameterizedTest
    @EnumSource
    void keepsNothingOfAConnectorThatWasDeletedWhileItWasTested(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector gone = fixture.create("gone");
        fixture.connectors.delete(fixture.project, gone.id());
        fixture.tests.add(fixture.project, gone.id(), "test_db", GOOD, null);
        assertThat(fixture.tests.all(fixture.project, 10, null).items()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void showsNothingOfOtherProjects(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        ConnectorFixture other = new ConnectorFixture(database);
        Connector theirs = other.create("theirs");
        other.tests.add(other.project, theirs.id(), "test_db", GOOD, null);
        assertThat(failure(() -> fixture.tests.ofConnector(fixture.project, theirs.id(), 10, null)))
                .isInstanceOf(Failure.Missing.class);
        assertThat(fixture.tests.all(fixture.project, 10, null).items()).isEmpty();
    }
}
