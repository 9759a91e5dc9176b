package dev.serai.connector.ssh;

import java.util.HashMap;
import java.util.Map;

import dev.serai.testing.SshGate;

/** Settings for tests of the way through an SSH server. */
final class SshTunnels {
    private SshTunnels() {}

    static Map<String, Object> config(SshGate gate) {
        Map<String, Object> config = new HashMap<>();
        config.put("ssh_host", "127.0.0.1");
        config.put("ssh_port", gate.port());
        config.put("ssh_username", SshGate.USER);
        config.put("ssh_private_key", SshGate.pem(SshGate.USER_KEY));
        config.put("ssh_host_key", SshGate.line(SshGate.HOST_KEY.getPublic()));
        return config;
    }

    static SshSettings settings(SshGate gate) {
        return SshSettings.of(config(gate)).orElseThrow();
    }
}
