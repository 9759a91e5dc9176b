package dev.serai.connector;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;

import dev.serai.failure.Failure;
import dev.serai.metadata.Page;
import dev.serai.testing.MetadataStore;

import static dev.serai.connector.ConnectorFixture.failure;
import static dev.serai.connector.ConnectorFixture.json;
import static dev.serai.connector.ConnectorFixture.pointers;
import static dev.serai.connector.ConnectorFixture.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class ConnectorsTest {

    @ParameterizedTest
    @EnumSource
    void readsBackWhatItMade(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        NewConnector wanted = new NewConnector(
                "  Bücher & Größen №1 \uD83D\uDC2B ",
                "tdb",
                "two\nlines",
                json(
                        "{'host':'h','username':'\uD83D\uDC2B\\u0000\\ud800','password':'p','headers':{'x':'1'},'ratio':1.50}"),
                List.of("public", "sales", "public"),
                false);
        Connector made = fixture.connectors.create(
                fixture.project, wanted, new Schedule("@daily", "full", null, "updated_at"), "pending");

        assertThat(made.type()).isEqualTo("test_db");
        assertThat(made.name()).isEqualTo("Bücher & Größen №1 \uD83D\uDC2B");
        assertThat(made.slug()).isEqualTo("bucher_grossen_no1");
        assertThat(made.outputSchemas()).containsExactly("public", "sales");
        assertThat(made.secrets()).containsExactly("password");
        assertThat(made.config().has("password")).isFalse();
        assertThat(made.config().path("port").asInt()).isEqualTo(5432);
        assertThat(made.scheduleTimezone()).isEqualTo("UTC");
        assertThat(made.createdAt()).isEqualTo(ConnectorFixture.NOW);
        assertThat(fixture.connectors.get(fixture.project, made.id())).isEqualTo(made);
        assertThat(fixture.store.findBySlug(fixture.project, made.slug())).contains(made);
        assertThat(fixture.store.open(made).path("password").asText()).isEqualTo("p");
        assertThat(fixture.connectors.masked(made).path("password").asText()).isEqualTo("********");
        assertThat(fixture.connectors.masked(made).has("token")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void keepsSecretsSealed(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector made = fixture.create("sealed");
        List<String> stored = new ArrayList<>();
        fixture.jdbc
                .sql("select c.*, s.sealed from data_connectors c join connector_secrets s on s.connector_id = c.id"
                        + " where c.id = ?")
                .param(made.id())
                .query(row -> {
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        Object value = row.getObject(i);
                        stored.add(
                                value instanceof byte[] bytes
                                        ? new String(bytes, StandardCharsets.ISO_8859_1)
                                        : row.getString(i));
                    }
                });
        assertThat(stored).isNotEmpty().noneMatch(text -> text != null && text.contains("planted"));
        assertThat(made.toString() + wanted("x", "{'password':'planted'}")).doesNotContain("planted");
    }

    @Test
    void tellsEveryFaultAtOnceAndMakesNothing() {
        ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
        NewConnector wanted = new NewConnector(
                "x".repeat(10_000),
                "test_db",
                "nul\u0000",
                json("{'host':'a@b','port':'x','socketFactory':'y','password':'********','url':'http://u:planted@h/'}"),
                List.of("ok", ""),
                true);
        Failure failure = failure(() -> fixture.connectors.create(
                fixture.project, wanted, new Schedule("0 0 0 * * *", "often", "Mars/Base", " "), null));

        assertThat(failure.code()).isEqualTo("invalid");
        assertThat(pointers(failure))
                .containsExactlyInAnyOrder(
                        "/name",
                        "/description",
                        "/config/password",
                        "/config/port",
                        "/config/socketFactory",
                        "/config/username",
                        "/config/host",
                        "/config/url",
                        "/output_schemas/1",
                        "/schedule_cron",
                        "/schedule_mode",
                        "/schedule_timezone",
                        "/watermark_column");
        assertThat(failure.toString()).doesNotContain("planted");
        assertThat(fixture.connectors.faults(wanted, Schedule.NONE)).hasSize(9);
        assertThat(listed(fixture)).isEmpty();
    }

    @Test
    void refusesAnUnknownTypeTogetherWithTheRest() {
        ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
        Failure failure = failure(() -> fixture.connectors.create(
                fixture.project, new NewConnector(" ", "nosuch", null, json("{}"), List.of(), true)));
        assertThat(pointers(failure)).containsExactlyInAnyOrder("/name", "/type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a/b",
                "a?b",
                "a@b",
                "u:p@b",
                "a#b",
                "a\\b",
                "a b",
                "' a'",
                "a:5432",
                "http://a",
                "''",
                "a%2e",
                "a;b",
                "a&b",
                "a,b"
            })
    void refusesHostsThatAreMoreThanAHost(String host) {
        assertThat(codeOf("{'host':'" + host.replace("\\", "\\\\") + "','username':'u','password':'p'}"))
                .isEqualTo("invalid /config/host");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url      | http://user:planted@example.com/  | invalid",
                "url      | http://planted@example.com/       | invalid",
                "url      | http://user:pl anted@example.com/ | invalid",
                "url      | http:example.com                  | invalid",
                "url      | http:///path                      | invalid",
                "url      | http://169.254.169.254/latest     | egress_denied",
                "url      | http://0xa9fea9fe/                | egress_denied",
                "url      | http://[::ffff:a9fe:a9fe]:80/     | egress_denied",
                "url      | gopher://0.0.0.0:70/              | invalid",
                "url      | file://example.com/etc/passwd     | invalid",
                "url      | file:///etc/passwd                | invalid",
                "url      | ftp://example.com/                | invalid",
                "url      | jar:http://example.com!/          | invalid",
                "url      | //example.com/                    | invalid",
                "endpoint | file://example.com/               | invalid",
                "endpoint | ldap://example.com/               | invalid",
                "endpoint | https://u:planted@example.com     | invalid",
                "endpoint | http://169.254.169.254\\@x.org    | invalid",
                "endpoint | 169.254.169.254:9000              | egress_denied",
                "endpoint | [fe80::1]:9000                    | egress_denied",
                "homepage | ftp://u:planted@example.com       | invalid",
                "host     | 169.254.169.254                   | egress_denied",
                "host     | ::ffff:169.254.169.254            | egress_denied",
                "host     | [fd00:ec2::254]                   | egress_denied",
                "host     | 0251.0376.0251.0376               | egress_denied",
            })
    void refusesDestinationsThatMustNotBe(String property, String value, String code) {
        String host = property.equals("host") ? "" : "'host':'h',";
        assertThat(codeOf("{" + host + "'username':'u','password':'p','" + property + "':'"
                        + value.replace("\\", "\\\\") + "'}"))
                .isEqualTo(code + " /config/" + property);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url      | http://example.com/a?b=c@d#e",
                "url      | http://10.0.0.1:8080/",
                "endpoint | minio:9000",
                "endpoint | https://[2001:db8::1]/",
                "homepage | http://169.254.169.254/",
                "database | 0",
                "host     | db_1.internal",
                "host     | ::1",
                "host     | [2001:db8::1]",
                "host     | 127.0.0.1",
            })
    void acceptsOtherDestinations(String property, String value) {
        String host = property.equals("host") ? "" : "'host':'h',";
        assertThat(codeOf("{" + host + "'username':'u','password':'p','" + property + "':'" + value + "'}"))
                .isEqualTo("none");
    }

    private static String codeOf(String config) {
        ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
        NewConnector wanted = wanted("hosts", config);
        if (fixture.connectors.faults(wanted, Schedule.NONE).isEmpty()) {
            return "none";
        }
        Failure failure = failure(() -> fixture.connectors.create(fixture.project, wanted));
        assertThat(failure.toString()).doesNotContain("planted");
        return failure.code() + " " + String.join(" ", pointers(failure));
    }

    @ParameterizedTest
    @EnumSource
    void takesEachNameOnceInAProjectIgnoringCase(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector first = fixture.create("Größe");
        assertThat(failure(() -> fixture.create("gRÖSSE".replace("SS", "ß"))).code())
                .isEqualTo("name_taken");
        assertThat(failure(() -> fixture.create(" GRÖße ")).code()).isEqualTo("name_taken");
        Connector second = fixture.create("grosse!");
        assertThat(second.slug()).isEqualTo(first.slug() + "_2");
        assertThat(failure(() -> fixture.connectors.patch(
                                fixture.project, second.id(), json("{'name':'GRÖßE','description':'x'}")))
                        .code())
                .isEqualTo("name_taken");
        assertThat(fixture.connectors.get(fixture.project, second.id())).isEqualTo(second);
        assertThat(new ConnectorFixture(database).create("Größe").slug()).isEqualTo(first.slug());
    }

    @ParameterizedTest
    @EnumSource
    void letsOneOfManyWinANameAndGivesOthersASlugEach(MetadataStore database) throws Exception {
        ConnectorFixture fixture = new ConnectorFixture(database);
        List<Callable<String>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String same = i % 2 == 0 ? "Same" : "sAME";
            tries.add(() -> attempt(fixture, same));
            String other = "sl" + "!".repeat(i + 1) + "ug";
            tries.add(() -> attempt(fixture, other));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<String> answers = new ArrayList<>();
        try {
            for (Future<String> answer : threads.invokeAll(tries)) {
                answers.add(answer.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(answers).filteredOn("name_taken"::equals).hasSize(7);
        assertThat(answers).contains("same", "sl_ug", "sl_ug_2", "sl_ug_8");
        assertThat(listed(fixture)).hasSize(9);
    }

    private static String attempt(ConnectorFixture fixture, String name) {
        try {
            return fixture.create(name).slug();
        } catch (dev.serai.failure.FailureException e) {
            return e.failure().code();
        }
    }

    @ParameterizedTest
    @EnumSource
    void destroysSecretsFreesTheNameAndLeavesATombstone(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector gone = fixture.create("Gone");
        fixture.cache.replace(gone, List.of(new Model("a", "a", null, "table", null)));
        fixture.connectors.delete(fixture.project, gone.id());

        for (String table :
                List.of("connector_secrets", "connector_models", "connector_tests", "connector_discoveries")) {
            assertThat(fixture.jdbc
                            .sql("select count(*) from " + table + " where connector_id = ?")
                            .param(gone.id())
                            .query(Long.class)
                            .single())
                    .isZero();
        }
        assertThat(fixture.jdbc
                        .sql("select name from deleted_connectors where id = ?")
                        .param(gone.id())
                        .query(String.class)
                        .single())
                .isEqualTo("Gone");
        assertThat(failure(() -> fixture.connectors.get(fixture.project, gone.id())))
                .isInstanceOf(Failure.Missing.class);
        assertThat(failure(() -> fixture.connectors.delete(fixture.project, gone.id())))
                .isInstanceOf(Failure.Missing.class);
        Connector again = fixture.create("gone");
        assertThat(again.slug()).isEqualTo("gone");
        assertThat(again.id()).isNotEqualTo(gone.id());
    }

    @ParameterizedTest
    @EnumSource
    void seesNothingOfOtherProjectsNorMalformedIds(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        ConnectorFixture other = new ConnectorFixture(database);
        Connector theirs = other.create("theirs");
        for (String id : List.of(theirs.id(), "", "con_\u0000", "' or 1=1 --", "x".repeat(5_000), "con_\ud800")) {
            assertThat(failure(() -> fixture.connectors.get(fixture.project, id)))
                    .isInstanceOf(Failure.Missing.class);
            assertThat(failure(() -> fixture.connectors.patch(fixture.project, id, json("{'name':'mine'}"))))
                    .isInstanceOf(Failure.Missing.class);
            assertThat(failure(() -> fixture.connectors.delete(fixture.project, id)))
                    .isInstanceOf(Failure.Missing.class);
        }
        assertThat(listed(fixture)).isEmpty();
        assertThat(other.connectors.get(other.project, theirs.id())).isEqualTo(theirs);
    }

    @ParameterizedTest
    @EnumSource
    void listsInPagesThatHoldWhileConnectorsComeAndGo(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(fixture.create("c" + i).id());
        }
        Page<Connector> first = page(fixture, 3, null);
        assertThat(first.items()).extracting(Connector::id).containsExactlyElementsOf(ids.subList(0, 3));
        fixture.connectors.delete(fixture.project, ids.get(2));
        fixture.connectors.delete(fixture.project, ids.get(4));
        String late = fixture.create("late").id();
        Page<Connector> second = page(fixture, 3, first.nextCursor());
        assertThat(second.items()).extracting(Connector::id).containsExactly(ids.get(3), ids.get(5), ids.get(6));
        Page<Connector> third = page(fixture, 3, second.nextCursor());
        assertThat(third.items()).extracting(Connector::id).containsExactly(late);
        assertThat(third.nextCursor()).isNull();
        assertThat(failure(() -> page(fixture, 3, "%%%")).code()).isEqualTo("bad_cursor");
    }

    @ParameterizedTest
    @EnumSource
    void listsByTypeCategoryStateAndText(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        fixture.create("100%_Sure");
        Connector off = fixture.create("Off");
        fixture.connectors.patch(fixture.project, off.id(), json("{'enabled':false,'description':'Lager ÖST'}"));

        assertThat(names(fixture, "tdb", null, null, null)).hasSize(2);
        assertThat(names(fixture, "test_db", "database", null, null)).hasSize(2);
        assertThat(names(fixture, "nosuch", null, null, null)).isEmpty();
        assertThat(names(fixture, null, "llm", null, null)).isEmpty();
        assertThat(names(fixture, null, null, false, null)).containsExactly("Off");
        assertThat(names(fixture, null, null, true, null)).containsExactly("100%_Sure");
        assertThat(names(fixture, null, null, null, "%_s")).containsExactly("100%_Sure");
        assertThat(names(fixture, null, null, null, "%")).containsExactly("100%_Sure");
        assertThat(names(fixture, null, null, null, "!")).isEmpty();
        assertThat(names(fixture, null, null, null, "LAGER")).containsExactly("Off");
        assertThat(names(fixture, null, null, null, "\u0000")).isEmpty();
    }

    @Test
    void tellsTheNextFiveRuns() {
        ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
        Connector made = fixture.create("timed");
        assertThat(fixture.connectors.nextRuns(made)).isEmpty();
        Connector timed = fixture.connectors.patch(
                fixture.project,
                made.id(),
                json("{'schedule_cron':'0 2 * * *','schedule_timezone':'Europe/Berlin','schedule_mode':'full'}"));
        assertThat(fixture.connectors.nextRuns(timed))
                .hasSize(5)
                .startsWith(Instant.parse("2026-11-24T01:00:00Z"), Instant.parse("2026-11-25T01:00:00Z"));
        Connector off = fixture.connectors.patch(fixture.project, made.id(), json("{'enabled':false}"));
        assertThat(fixture.connectors.nextRuns(off)).isEmpty();
        Connector cleared = fixture.connectors.patch(fixture.project, made.id(), json("{'schedule_cron':null}"));
        assertThat(cleared.scheduleCron()).isNull();
        assertThat(cleared.scheduleTimezone()).isEqualTo("Europe/Berlin");
    }

    @ParameterizedTest
    @CsvSource({"0 0 1W * *,UTC", "0 0 * * *,Mars/Olympus"})
    void tellsNoRunsOfAScheduleThatIsNotUnderstoodAnyMore(String cron, String zone) {
        ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
        Connector made = fixture.create("timed");
        fixture.connectors.patch(fixture.project, made.id(), json("{'schedule_cron':'@daily'}"));
        fixture.jdbc
                .sql("update data_connectors set schedule_cron = ?, schedule_timezone = ? where id = ?")
                .params(cron, zone, made.id())
                .update();
        assertThat(fixture.connectors.nextRuns(fixture.connectors.get(fixture.project, made.id())))
                .isEmpty();
        fixture.connectors.delete(fixture.project, made.id());
    }

    private static List<String> names(
            ConnectorFixture fixture, String type, String category, Boolean on, String search) {
        return fixture
                .connectors
                .list(fixture.project, new ConnectorStore.Filter(type, category, on, search, 100, null))
                .items()
                .stream()
                .map(Connector::name)
                .toList();
    }

    private static Page<Connector> page(ConnectorFixture fixture, int limit, String cursor) {
        return fixture.connectors.list(
                fixture.project, new ConnectorStore.Filter(null, null, null, null, limit, cursor));
    }

    private static List<Connector> listed(ConnectorFixture fixture) {
        return page(fixture, 100, null).items();
    }

    @ParameterizedTest
    @EnumSource
    void aChangeThatCannotBeAuditedDoesNotHappen(MetadataStore database) {
        try (MetadataStore.Own own = database.own()) {
            ConnectorFixture fixture = new ConnectorFixture(database, own.dataSource());
            Connector kept = fixture.create("kept");
            fixture.jdbc.sql("alter table audit_entries rename to audit_gone").update();

            for (ThrowableAssert.ThrowingCallable change : List.<ThrowableAssert.ThrowingCallable>of(
                    () -> fixture.create("new"),
                    () -> fixture.connectors.patch(fixture.project, kept.id(), json("{'name':'other'}")),
                    () -> fixture.connectors.delete(fixture.project, kept.id()))) {
                assertThat(catchThrowable(change)).isInstanceOf(DataAccessException.class);
            }

            assertThat(fixture.jdbc
                            .sql("select name from data_connectors")
                            .query(String.class)
                            .list())
                    .containsExactly("kept");
        }
    }
}
