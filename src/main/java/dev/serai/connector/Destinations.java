package dev.serai.connector;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.catalog.ConnectorType;

/**
 * Whether the hosts and URLs of a config may be connected to, as far as that can be told without asking a name server, and
 * what else is wrong with it by the rules of those who connect.
 */
final class Destinations {
    private static final Pattern URL = Pattern.compile("^\\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\\\]{2}.*", Pattern.DOTALL);
    private static final Pattern HOST_PROPERTY = Pattern.compile("(.*_)?(host|hosts|hostname)");
    private static final Pattern ADDRESS_PROPERTY =
            Pattern.compile("(.*_)?(server|servers|address|endpoint|account|broker|brokers|url|uri)");
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^]]*]|[^:]*):\\d+");
    private static final Pattern NOT_IN_A_HOST = Pattern.compile("[\\s\\p{Cntrl}/?#@\\\\,;=&%<>\"'{}()|^`$]");
    /** Whose server looks up the other hosts of its config. */
    private static final String SSH_HOST = "ssh_host";

    private static final String DENIED = "egress_denied";
    private static final Set<String> HTTP = new TreeSet<>(Set.of("http", "https"));

    private final EgressPolicy egress;
    private final List<ConfigRule> rules;

    Destinations(EgressPolicy egress, List<ConfigRule> rules) {
        this.egress = egress;
        this.rules = List.copyOf(rules);
    }

    void check(ConnectorType type, ObjectNode config, Faults faults) {
        boolean tunnelled = !config.path(SSH_HOST).asText().isEmpty();
        config.properties().forEach(entry -> {
            if (!type.isSecret(entry.getKey())) {
                check(
                        new Property(
                                type,
                                entry.getKey(),
                                tunnelled && !entry.getKey().equals(SSH_HOST)),
                        "/config/" + escaped(entry.getKey()),
                        entry.getValue(),
                        faults);
            }
        });
        rules.stream()
                .flatMap(rule -> rule.faults(type.type(), config).stream())
                .forEach(fault -> faults.add("/config" + fault.pointer(), fault.message()));
    }

    private void check(Property property, String pointer, JsonNode value, Faults faults) {
        if (value.isTextual()) {
            checkText(property, pointer, value.textValue(), faults);
        } else if (value.isObject()) {
            value.properties()
                    .forEach(entry ->
                            check(property, pointer + "/" + escaped(entry.getKey()), entry.getValue(), faults));
        } else {
            for (int i = 0; i < value.size(); i++) {
                check(property, pointer + "/" + i, value.path(i), faults);
            }
        }
    }

    private void checkText(Property property, String pointer, String text, Faults faults) {
        if (property.isHost()) {
            String[] hosts = property.isList() ? text.split(",", -1) : new String[] {text};
            for (String host : hosts) {
                checkHost(property, property.isList() ? withoutPort(host) : host, pointer, faults);
            }
        } else if (property.isUrl() || URL.matcher(text).matches()) {
            checkUrl(property, pointer, text, faults);
        } else if (property.isAddress()) {
            checkLiteral(property, withoutPort(text), pointer, faults);
        }
    }

    private void checkUrl(Property property, String pointer, String text, Faults faults) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            // Not the exception's words: they quote the URL, which may hold a password.
            faults.add(pointer, text.contains("@") ? "must not contain a user name or password" : "must be a URL");
            return;
        }
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            faults.add(pointer, "must not contain a user name or password");
        } else if (property.isDestination()) {
            if (url.getScheme() == null
                    || !property.schemes().contains(url.getScheme().toLowerCase(Locale.ROOT))) {
                faults.add(pointer, "must begin with " + String.join(":// or ", property.schemes()) + "://");
            } else if (url.getHost() == null) {
                faults.add(pointer, "must be a URL with a host");
            } else {
                checkLiteral(property, url.getHost(), pointer, faults);
            }
        }
    }

    private void checkHost(Property property, String host, String pointer, Faults faults) {
        boolean address = host.contains(":");
        if (host.isEmpty()
                || NOT_IN_A_HOST.matcher(host).find()
                || (address && AddressLiteral.readings(host).isEmpty())) {
            faults.add(pointer, "must be a host name or an address alone: no scheme, port, path, user or space");
        } else {
            checkLiteral(property, host, pointer, faults);
        }
    }

    private void checkLiteral(Property property, String host, String pointer, Faults faults) {
        (property.elsewhere() ? egress.elsewhereDenial(host) : egress.literalDenial(host))
                .ifPresent(reason -> faults.add(DENIED, pointer, reason));
    }

    private static String withoutPort(String text) {
        Matcher matcher = WITH_PORT.matcher(text);
        return matcher.matches() ? matcher.group(1) : text;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /**
     * What the type says of a top-level property.
     *
     * @param elsewhere whether an SSH server looks its hosts up
     */
    private record Property(ConnectorType type, String name, boolean elsewhere) {
        boolean isDestination() {
            return type.isDestination(name);
        }

        boolean isUrl() {
            return isDestination() && format().equals("uri");
        }

        boolean isHost() {
            return isDestination() && (HOST_PROPERTY.matcher(name).matches() || format().equals("hostname"));
        }

        /** Those that its URLs may have, by {@code x-schemes}; those of HTTP where the type does not say. */
        Set<String> schemes() {
            Set<String> schemes = new TreeSet<>();
            schema().path("x-schemes").forEach(scheme -> schemes.add(scheme.asText()));
            return schemes.isEmpty() ? HTTP : schemes;
        }

        /** Several, each with a port where need be. */
        boolean isList() {
            return name.endsWith("hosts");
        }

        boolean isAddress() {
            return isDestination() && ADDRESS_PROPERTY.matcher(name).matches();
        }

        private String format() {
            return schema().path("format").asText();
        }

        private JsonNode schema() {
            return type.configSchema().path("properties").path(name);
        }
    }
}
