package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.stereotype.Component;

import dev.serai.connector.ConfigRule;
import dev.serai.failure.Fault;

/** Do the properties of a MongoDB's config fit together? */
@Component
final class MongoConfigRule implements ConfigRule {
    private static final String TYPE = "mongodb";
    private static final int USUAL_PORT = 27_017;
    private static final int LAST_PORT = 65_535;
    private static final Pattern MEMBER = Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    @Override
    public List<Fault> faults(String type, ObjectNode config) {
        List<Fault> faults = new ArrayList<>();
        if (type.equals(TYPE)) {
            hosts(config, faults);
            login(config, faults);
            certificates(config, faults);
        }
        return faults;
    }

    private static void hosts(ObjectNode config, List<Fault> faults) {
        boolean host = given(config, "host");
        boolean hosts = given(config, "hosts");
        if (host == hosts) {
            faults.add(new Fault(
                    host ? "/hosts" : "/host",
                    host ? "must be absent where there is a host" : "is required where there are no hosts"));
        }
        for (String member : config.path("hosts").asText("").split(",", -1)) {
            Matcher parts = MEMBER.matcher(member.strip());
            if (hosts && !(parts.matches() && isPort(parts.group(1)))) {
                faults.add(new Fault("/hosts", "must be hosts with commas between them, each alone or with its port"));
                break;
            }
        }
        if (config.path("srv").asBoolean()) {
            if (hosts) {
                faults.add(new Fault("/hosts", "must be absent with srv: one host has the SRV records"));
            }
            if (config.path("port").asInt(USUAL_PORT) != USUAL_PORT) {
                faults.add(new Fault("/port", "must be absent with srv: the SRV records tell the ports"));
            }
        }
    }

    private static boolean isPort(@org.jspecify.annotations.Nullable String digits) {
        return digits == null || (Integer.parseInt(digits) >= 1 && Integer.parseInt(digits) <= LAST_PORT);
    }

    private static void login(ObjectNode config, List<Fault> faults) {
        String mechanism = config.path("auth_mechanism").asText("");
        boolean name = given(config, "username");
        boolean password = given(config, "password");
        if (mechanism.equals("MONGODB-X509")) {
            if (password) {
                faults.add(new Fault("/password", "must be absent: the client certificate logs in"));
            }
            if (!given(config, "ssl_client_cert")) {
                faults.add(new Fault("/ssl_client_cert", "is required: it logs in"));
            }
            return;
        }
        if (!name && (password || !mechanism.isEmpty())) {
            faults.add(new Fault("/username", "is required for a login"));
        }
        if (name && !password) {
            faults.add(new Fault("/password", "is required for a login"));
        }
        if (mechanism.equals("PLAIN") && !encrypted(config)) {
            faults.add(new Fault("/tls", "must be on: PLAIN sends the password as it is"));
        }
    }

    private static void certificates(ObjectNode config, List<Fault> faults) {
        boolean certificate = given(config, "ssl_client_cert");
        boolean key = given(config, "ssl_client_key");
        if (certificate != key) {
            faults.add(new Fault(
                    certificate ? "/ssl_client_key" : "/ssl_client_cert",
                    "is required: a certificate and its key go together"));
        }
        if (!encrypted(config) && (certificate || key || given(config, "ssl_ca"))) {
            faults.add(new Fault("/tls", "must be on where there are certificates"));
        }
    }

    private static boolean encrypted(ObjectNode config) {
        JsonNode tls = config.path("tls");
        return tls.isBoolean() ? tls.asBoolean() : config.path("srv").asBoolean();
    }

    private static boolean given(ObjectNode config, String name) {
        JsonNode value = config.path(name);
        return value.isTextual() ? !value.asText().isEmpty() : value.isObject();
    }
}
