package dev.serai.connector.ssh;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.stereotype.Component;

import dev.serai.catalog.ConfigValidator;
import dev.serai.connector.ConfigRule;
import dev.serai.failure.Fault;

/** Can the key and the host keys of a config be read? Told before anybody is called. */
@Component
final class SshConfigRule implements ConfigRule {
    @Override
    public List<Fault> faults(String type, ObjectNode config) {
        List<Fault> faults = new ArrayList<>();
        String key = config.path(SshKey.PROPERTY).textValue();
        // A passphrase that is a reference is known only when it is used, a masked secret where it is kept.
        if (key != null
                && !key.equals(ConfigValidator.MASK)
                && !config.path(SshKey.PASSPHRASE).isObject()
                && !config.path(SshKey.PASSPHRASE).asText().equals(ConfigValidator.MASK)) {
            try {
                SshKey.open(key, config.path(SshKey.PASSPHRASE).textValue());
            } catch (SshKey.UnusableException e) {
                faults.add(new Fault("/" + e.property(), String.valueOf(e.getMessage())));
            }
        }
        try {
            HostKeys.parse(config.path(HostKeys.PROPERTY).textValue());
        } catch (IllegalArgumentException e) {
            faults.add(new Fault("/" + HostKeys.PROPERTY, String.valueOf(e.getMessage())));
        }
        return faults;
    }
}
