package dev.serai.connector.ssh;

import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Through which SSH server does a connector reach its own, and as whom? The {@code ssh_*} properties of a config, typed.
 *
 * @param privateKey in the form of OpenSSH or PEM
 * @param hostKey what the server is known by; see {@link HostKeys}
 * @param checksHostKey false only where the config says that any server will do
 */
public record SshSettings(
        String host,
        int port,
        String username,
        String privateKey,
        @Nullable String passphrase,
        @Nullable String hostKey,
        boolean checksHostKey) {
    private static final int PORT = 22;

    /** Empty where the config has no SSH server. */
    public static Optional<SshSettings> of(Map<String, ?> config) {
        String host = text(config, "ssh_host");
        return host == null
                ? Optional.empty()
                : Optional.of(new SshSettings(
                        host,
                        config.get("ssh_port") instanceof Number port ? port.intValue() : PORT,
                        required(config, "ssh_username"),
                        required(config, SshKey.PROPERTY),
                        text(config, SshKey.PASSPHRASE),
                        text(config, HostKeys.PROPERTY),
                        !"none".equals(text(config, "ssh_host_key_check"))));
    }

    /** What the catalog asks for is there. */
    private static String required(Map<String, ?> config, String name) {
        String value = text(config, name);
        return value == null ? "" : value;
    }

    private static @Nullable String text(Map<String, ?> config, String name) {
        Object value = config.get(name);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    /** The host as sockets take it: an IPv6 address without its brackets. */
    String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return username + "@" + host + ":" + port;
    }
}
