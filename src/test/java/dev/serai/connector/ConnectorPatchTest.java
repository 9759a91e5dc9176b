package dev.serai.connector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.failure.Failure;
import dev.serai.testing.MetadataStore;

import static dev.serai.connector.ConnectorFixture.failure;
import static dev.serai.connector.ConnectorFixture.json;
import static dev.serai.connector.ConnectorFixture.pointers;
import static org.assertj.core.api.Assertions.assertThat;

class ConnectorPatchTest {
    private final ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
    private Connector before;

    @BeforeEach
    void make() {
        before = fixture.create("before");
    }

    /** The config before: host, port 5432, sslmode require, username u, password, token, headers a and b, ratio. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                            | password=planted-1 token=planted-2 port=5432",
                "{'config':{}}                                 | password=planted-1 token=planted-2",
                "{'config':{'password':'********'}}            | password=planted-1 token=planted-2",
                "{'config':{'password':'new'}}                 | password=new token=planted-2",
                "{'config':{'token':null}}                     | password=planted-1 token= ",
                "{'config':{'username':'other'}}               | password=planted-1 username=other",
                "{'config':{'headers':{'a':null,'c':'3'}}}     | headers={\"b\":\"2\",\"c\":\"3\"}",
                "{'config':{'headers':null}}                   | headers= ",
                "{'config':{'ratio':2}}                        | ratio=2",
                "{'config':{'port':5432}}                      | port=5432 token=planted-2",
                "{'config':{'port':5432.0}}                    | secret_required /config/password /config/token",
                "{'config':{'host':'db.example.com'}}          | host=db.example.com token=planted-2",
                "{'config':{'port':null}}                      | port=5432 token=planted-2",
                // what says where secrets go changes only together with all of them
                "{'config':{'host':'evil'}}                    | secret_required /config/password /config/token",
                "{'config':{'host':'evil','password':'new'}}   | secret_required /config/token",
                "{'config':{'host':'evil','password':'********','token':'********'}} | secret_required /config/password /config/token",
                "{'config':{'host':'new','password':'new','token':'new'}} | host=new password=new token=new",
                "{'config':{'host':'new','password':'new','token':null}}  | host=new password=new token= ",
                "{'config':{'port':5433}}                      | secret_required /config/password /config/token",
                "{'config':{'sslmode':'disable'}}              | secret_required /config/password /config/token",
                "{'config':{'url':'http://evil/'}}             | secret_required /config/password /config/token",
                "{'config':{'host':'EVIL','port':'x'}}         | invalid /config/port /config/password /config/token",
                // a reference is no secret, but leads to one
                "{'config':{'token':{'$ref':'env:TEST_A'}}}    | password=planted-1 token={\"$ref\":\"env:TEST_A\"}",
                "{'config':{'token':{'$ref':'env:HOME'}}}      | invalid /config/token/$ref",
                "{'config':{'token':{'$ref':'env:SERAI_SIGN_KEY'},'password':{'$ref':'file:/x'}}} | invalid /config/password/$ref /config/token/$ref",
                "{'config':{'token':{'$ref':7},'headers':7}}   | invalid /config/headers /config/token/$ref",
                "{'config':{'token':{'$ref':'env:TEST_A','x':1}}} | invalid /config/token/x",
                "{'config':{'token':{}}}                       | invalid /config/token/$ref",
                "{'config':{'token':7}}                        | invalid /config/token",
                "{'config':{'username':{'$ref':'env:TEST_A'}}} | invalid /config/username",
                "{'config':{'host':'evil','token':{'$ref':'env:TEST_A'}}} | secret_required /config/password",
                // what has to be there stays
                "{'config':{'password':null}}                  | invalid /config/password",
                "{'config':{'host':null}}                      | invalid /config/host /config/password /config/token",
                "{'config':{'socketFactory':'x'}}              | invalid /config/socketFactory",
                "{'config':{'host':'169.254.169.254','password':'n','token':'n'}} | egress_denied /config/host",
                "{'config':null}                               | invalid /config",
                "{'config':'x'}                                | invalid /config",
                "{'config':[]}                                 | invalid /config",
            })
    void changesTheConfig(String patch, String expected) {
        if (!expected.contains("=")) {
            Failure failure = failure(() -> fixture.connectors.patch(fixture.project, before.id(), json(patch)));
            assertThat(failure.code() + " " + String.join(" ", pointers(failure)))
                    .isEqualTo(expected);
            assertThat(failure.toString()).doesNotContain("planted");
            assertThat(fixture.connectors.get(fixture.project, before.id())).isEqualTo(before);
            assertThat(fixture.store.open(before).path("password").asText()).isEqualTo("planted-1");
            return;
        }
        Connector after = fixture.connectors.patch(fixture.project, before.id(), json(patch));
        assertThat(fixture.connectors.get(fixture.project, before.id())).isEqualTo(after);
        ObjectNode opened = fixture.store.open(after);
        for (String pair : expected.split(" ")) {
            String[] property = pair.split("=", -1);
            assertThat(opened.has(property[0]) ? text(opened, property[0]) : "").isEqualTo(property[1].strip());
            assertThat(after.config().has(property[0]) || after.secrets().contains(property[0]))
                    .isEqualTo(opened.has(property[0]));
        }
    }

    private static String text(ObjectNode config, String property) {
        return config.get(property).isContainerNode()
                ? config.get(property).toString()
                : config.get(property).asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':''}                    | /name",
                "{'name':null}                  | /name",
                "{'name':5}                     | /name",
                "{'name':'a\\u0007b'}           | /name",
                "{'name':'a\\ud800b'}           | /name",
                "{'type':'other'}               | /type",
                "{'type':null}                  | /type",
                "{'slug':'other'}               | /slug",
                "{'id':'other'}                 | /id",
                "{'enabled':'yes'}              | /enabled",
                "{'enabled':null}               | /enabled",
                "{'output_schemas':'public'}    | /output_schemas",
                "{'output_schemas':[1,'a']}     | /output_schemas/0",
                "{'schedule_cron':'0 0 0 * * *'} | /schedule_cron",
                "{'schedule_cron':'0 0 31 2 *'} | /schedule_cron",
                "{'schedule_cron':5}            | /schedule_cron",
                "{'schedule_mode':'sometimes'}  | /schedule_mode",
                "{'schedule_timezone':'Nowhere/City'} | /schedule_timezone",
                "{'watermark_column':''}        | /watermark_column",
                "{'name':'','schedule_cron':'x','config':{'port':0}} | /name /schedule_cron /config/port /config/password /config/token",
            })
    void refusesWhatAFieldCannotBe(String patch, String pointers) {
        Failure failure = failure(() -> fixture.connectors.patch(fixture.project, before.id(), json(patch)));
        assertThat(pointers(failure)).containsExactly(pointers.split(" "));
        assertThat(fixture.connectors.get(fixture.project, before.id())).isEqualTo(before);
    }

    @Test
    void changesOnlyWhatIsNamed() {
        Connector after = fixture.connectors.patch(
                fixture.project,
                before.id(),
                json("{'name':'after','type':'tdb','output_schemas':['s'],'watermark_column':'at'}"));
        assertThat(after.name()).isEqualTo("after");
        assertThat(after.slug()).isEqualTo("before");
        assertThat(after.outputSchemas()).containsExactly("s");
        assertThat(after.watermarkColumn()).isEqualTo("at");
        assertThat(after.config()).isEqualTo(before.config());
        assertThat(after.secrets()).isEqualTo(before.secrets());
        assertThat(after.revision()).isEqualTo(before.revision());
        Connector cleared = fixture.connectors.patch(
                fixture.project,
                before.id(),
                json("{'description':null,'output_schemas':null,'watermark_column':null}"));
        assertThat(cleared.description()).isEmpty();
        assertThat(cleared.outputSchemas()).isEmpty();
        assertThat(cleared.watermarkColumn()).isNull();
    }

    @Test
    void countsARevisionOnlyWhereTheConfigChanged() {
        assertThat(revisionAfter("{'config':{'username':'u'}}")).isEqualTo(1);
        assertThat(revisionAfter("{'config':{'password':'planted-1'}}")).isEqualTo(1);
        assertThat(revisionAfter("{'config':{'password':'********'}}")).isEqualTo(1);
        assertThat(revisionAfter("{'config':{'username':'v'}}")).isEqualTo(2);
        assertThat(revisionAfter("{'config':{'password':'other'}}")).isEqualTo(3);
        assertThat(revisionAfter("{'config':{'token':null}}")).isEqualTo(4);
        assertThat(revisionAfter("{'description':'x'}")).isEqualTo(4);
    }

    private long revisionAfter(String patch) {
        return fixture.connectors
                .patch(fixture.project, before.id(), json(patch))
                .revision();
    }

    @Test
    void refusesAMaskWhereNoSecretIsStored() {
        fixture.connectors.patch(fixture.project, before.id(), json("{'config':{'token':null}}"));
        Failure failure = failure(
                () -> fixture.connectors.patch(fixture.project, before.id(), json("{'config':{'token':'********'}}")));
        assertThat(pointers(failure)).containsExactly("/config/token");
    }

    @Test
    void asksForSecretsAlsoToTestAnotherDestination() {
        Failure failure = failure(
                () -> fixture.connectors.test(fixture.project, before.id(), json("{'host':'evil','token':null}")));
        assertThat(failure.code()).isEqualTo("secret_required");
        assertThat(pointers(failure)).containsExactly("/config/password");
    }

    @Test
    void keepsAReferenceAsItKeepsASecret() {
        Connector referring = patched("{'config':{'token':{'$ref':'env:TEST_A'},'password':{'$ref':'env:TEST_B'}}}");

        assertThat(referring.secrets()).isEmpty();
        assertThat(fixture.connectors.masked(referring).path("token")).isEqualTo(json("{'$ref':'env:TEST_A'}"));
        assertThat(fixture.jdbc
                        .sql("select count(*) from connector_secrets where connector_id = ?")
                        .param(before.id())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(pointers(failure(() -> patched("{'config':{'host':'evil','token':'********'}}"))))
                .containsExactlyInAnyOrder("/config/password", "/config/token");
        assertThat(patched("{'config':{'token':'********','username':'v'}}")
                        .config()
                        .path("token"))
                .isEqualTo(json("{'$ref':'env:TEST_A'}"));
        assertThat(patched("{'config':{'token':{'$ref':'env:TEST_C'}}}")
                        .config()
                        .path("token"))
                .isEqualTo(json("{'$ref':'env:TEST_C'}"));
        assertThat(patched("{'config':{'token':'plain'}}").secrets()).containsExactly("token");
    }

    private Connector patched(String patch) {
        return fixture.connectors.patch(fixture.project, before.id(), json(patch));
    }
}
