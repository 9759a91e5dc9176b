package dev.serai.connector;

import java.time.Duration;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A connector's whole config with its secrets opened, as its route sees it: the local bean {@code config} and the
 * exchange variable {@code config}. Cannot be changed, and never prints its values.
 */
final class OpenedConfig extends AbstractMap<String, Object> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Object> values;

    private final boolean referring;

    OpenedConfig(ObjectNode config) {
        this(config, false);
    }

    /** @param referring whether some of it came from where references led, and may be another by now */
    OpenedConfig(ObjectNode config, boolean referring) {
        this.referring = referring;
        Map<String, Object> all = new LinkedHashMap<>();
        config.properties()
                .forEach(entry -> all.put(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class)));
        this.values = Collections.unmodifiableMap(all);
    }

    /** A time in seconds, such as {@code read_timeout}, where the type has one. */
    Optional<Duration> seconds(String property) {
        return values.get(property) instanceof Number seconds
                ? Optional.of(Duration.ofMillis((long) (seconds.doubleValue() * 1000)))
                : Optional.empty();
    }

    boolean referring() {
        return referring;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return values.entrySet();
    }

    @Override
    public String toString() {
        return "config" + values.keySet();
    }
}
