package dev.serai.connector.document;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.spi.dns.DnsClient;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.connector.EgressPolicy;
import dev.serai.failure.FailureException;
import dev.serai.testing.Certificate;
import dev.serai.testing.MongoMember;
import dev.serai.testing.Settings;
import dev.serai.testing.TlsGate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which ways lead to a server: replica sets, SRV records, certificates? Against a double of a set's one member. */
class MongoWaysTest {
    private static final Certificate SERVER = Certificate.of("localhost", "dns:localhost,ip:127.0.0.1");
    private static final Certificate CLIENT = Certificate.of("reader", "dns:reader");
    private static MongoMember member;

    @BeforeAll
    static void start() {
        member = new MongoMember("node.db.example.com");
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    /** Names below example.com lead to this machine. */
    private static final class Names extends EgressPolicy {
        Names() {
            super(Settings.of(Map.of()));
        }

        @Override
        public List<InetAddress> resolve(String host) {
            return super.resolve(host.endsWith(".example.com") ? "127.0.0.1" : host);
        }
    }

    private static ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("host", "127.0.0.1")
                .put("port", member.port())
                .put("database", "shop")
                .put("connect_timeout", 2);
    }

    @SuppressWarnings("unchecked")
    private static Document ask(ObjectNode config, DnsClient dns) {
        MongoSettings settings =
                MongoSettings.of(new com.fasterxml.jackson.databind.ObjectMapper().convertValue(config, Map.class));
        try (MongoConnection connection = new MongoConnection(settings, new Names(), dns);
                MongoClient client = connection.open(Duration.ofSeconds(2))) {
            return client.getDatabase("shop")
                    .runCommand(new Document("ping", 1), ReadPreference.valueOf(settings.readPreference()));
        } catch (RuntimeException e) {
            throw MongoFailures.of(e);
        }
    }

    private static final DnsClient NONE = (name, type) -> List.of();

    @Test
    void findsTheSetsMembersFromAnyThatAnswers() {
        ObjectNode config = config().put("replica_set", "rs0").put("read_preference", "secondary");
        config.remove("host");

        assertThat(ask(config.put("hosts", "127.0.0.1:1,127.0.0.1"), NONE)).containsEntry("ok", 1.0);
        assertThat(member.readPreference("ping")).isEqualTo("secondary");
    }

    @ParameterizedTest
    @CsvSource({"rs0,primary,unreachable", "other,secondary,timeout"})
    void reachesNoMemberThatDoesNotFit(String set, String preference, String code) {
        ObjectNode config = config().put("replica_set", set)
                .put("read_preference", preference)
                .put("connect_timeout", 1);

        assertThatThrownBy(() -> ask(config, NONE))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure().code()).isEqualTo(code));
    }

    @Test
    void findsTheHostsInSrvRecords() {
        ObjectNode config = config().put("srv", true).put("tls", false).put("host", "db.example.com");
        config.remove("port");
        DnsClient dns = (name, type) -> switch (type) {
            case "SRV" ->
                name.equals("_mongodb._tcp.db.example.com")
                        ? List.of("0 0 " + member.port() + " node.db.example.com.")
                        : List.of();
            case "TXT" -> List.of("replicaSet=rs0");
            default -> List.of();
        };

        assertThat(ask(config, dns)).containsEntry("ok", 1.0);
    }

    @Test
    void logsInByACertificateOfItsOwnAndOnlyWithIt() throws Exception {
        try (TlsGate gate = new TlsGate(SERVER, CLIENT, member.port())) {
            ObjectNode config =
                    config().put("port", gate.port()).put("tls", true).put("ssl_ca", SERVER.pem());

            assertThatThrownBy(() -> ask(config, NONE)).isInstanceOf(FailureException.class);
            assertThat(member.logins()).isEmpty();

            config.put("ssl_client_cert", CLIENT.pem())
                    .put("ssl_client_key", CLIENT.key())
                    .put("auth_mechanism", "MONGODB-X509");
            assertThat(ask(config, NONE)).containsEntry("ok", 1.0);
            assertThat(member.logins()).contains("MONGODB-X509 $external");
        }
    }
}
