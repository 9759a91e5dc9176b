package dev.serai.secrets;

import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;

/** A type's bean in Java as people write them: what it was given is in every exception, and in its causes. */
public final class CarelessClient implements AutoCloseable {
    private final Map<String, ?> config;

    public CarelessClient(Map<String, ?> config) {
        this.config = config;
        if ("made".equals(config.get("fails"))) {
            throw broken("cannot be made");
        }
    }

    public Object answer(Exchange exchange) {
        String operation = exchange.getMessage().getHeader("operation", String.class);
        if (operation.equals(config.get("fails"))) {
            throw broken(operation);
        }
        return operation.equals("models")
                ? List.of(Map.of("name", "things"))
                : operation.equals("test") ? "" : List.of(Map.of("id", 1), Map.of("id", 2));
    }

    private RuntimeException broken(String what) {
        RuntimeException thrown = new IllegalStateException(
                what + " with " + config.get("password"),
                new java.net.UnknownServiceException("jdbc:careless://u:" + config.get("password") + "@host"));
        thrown.addSuppressed(new java.sql.SQLException("password=" + config.get("password")));
        return thrown;
    }

    @Override
    public void close() {
        if ("close".equals(config.get("fails"))) {
            throw broken("close");
        }
    }
}
