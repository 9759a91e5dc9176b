package dev.serai.connector.document;

import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Fault;

import static org.assertj.core.api.Assertions.assertThat;

class MongoConfigRuleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {} | /host
            {"host": "a", "hosts": "b"} | /hosts
            {"hosts": "a:70000"} | /hosts
            {"hosts": "a,,b"} | /hosts
            {"hosts": "a:1:2"} | /hosts
            {"hosts": "a", "srv": true} | /hosts
            {"host": "a", "srv": true, "port": 27018} | /port
            {"host": "a", "password": "p"} | /username
            {"host": "a", "auth_mechanism": "SCRAM-SHA-1"} | /username
            {"host": "a", "username": "u"} | /password
            {"host": "a", "username": "u", "password": "p", "auth_mechanism": "PLAIN"} | /tls
            {"host": "a", "username": "u", "password": "p", "auth_mechanism": "PLAIN", "srv": true, "tls": false} | /tls
            {"host": "a", "tls": true, "auth_mechanism": "MONGODB-X509"} | /ssl_client_cert
            {"host": "a", "tls": true, "auth_mechanism": "MONGODB-X509", "ssl_client_cert": "c", "ssl_client_key": "k", "password": "p"} | /password
            {"host": "a", "tls": true, "ssl_client_cert": "c"} | /ssl_client_key
            {"host": "a", "tls": true, "ssl_client_key": "k"} | /ssl_client_cert
            {"host": "a", "ssl_ca": "c"} | /tls
            """)
    void refusesWhatDoesNotFitTogether(String config, String pointer) throws Exception {
        assertThat(faults(config)).containsExactly(pointer);
    }

    @Test
    void tellsAllAtOnce() throws Exception {
        assertThat(
                        faults(
                                "{\"srv\": true, \"port\": 1, \"hosts\": \"a b\", \"password\": \"p\", \"ssl_client_key\": \"k\"}"))
                .containsExactly("/hosts", "/hosts", "/port", "/username", "/ssl_client_cert");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"host\": \"a\", \"port\": 1}",
                "{\"hosts\": \"a:27017, [::1]:27018,c\", \"replica_set\": \"rs0\"}",
                "{\"host\": \"a\", \"srv\": true, \"port\": 27017, \"username\": \"u\", \"password\": {\"$ref\": \"x\"}}",
                "{\"host\": \"a\", \"srv\": true, \"username\": \"u\", \"password\": \"p\", \"auth_mechanism\": \"PLAIN\"}",
                "{\"host\": \"a\", \"tls\": true, \"auth_mechanism\": \"MONGODB-X509\", \"ssl_client_cert\": \"c\", \"ssl_client_key\": \"k\"}"
            })
    void takesWhatFits(String config) throws Exception {
        assertThat(faults(config)).isEmpty();
    }

    @Test
    void leavesOtherTypesAlone() {
        assertThat(new MongoConfigRule().faults("postgresql", new ObjectMapper().createObjectNode()))
                .isEmpty();
    }

    private static List<String> faults(String config) throws JsonProcessingException {
        return new MongoConfigRule()
                .faults("mongodb", (ObjectNode) new ObjectMapper().readTree(config)).stream()
                        .map(Fault::pointer)
                        .toList();
    }
}
