package dev.serai.connector;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.apache.camel.Exchange;

/** What a source that connectors reach has to say; each user name of a config has answers of its own. */
public final class FarSource {
    private static final Map<String, Function<Map<String, Object>, Object>> MODELS = new ConcurrentHashMap<>();
    private static final Map<String, String> ROWS = new ConcurrentHashMap<>();

    /** @param models gives the answer to a request */
    static void models(String username, Function<Map<String, Object>, Object> models) {
        MODELS.put(username, models);
    }

    static void rows(String username, String ndjson) {
        ROWS.put(username, ndjson);
    }

    static List<Map<String, Object>> tables(String... names) {
        return List.of(names).stream()
                .map(name -> Map.<String, Object>of(
                        "schema",
                        name.substring(0, name.lastIndexOf('.')),
                        "name",
                        name.substring(name.lastIndexOf('.') + 1),
                        "kind",
                        "table",
                        "row_estimate",
                        7))
                .toList();
    }

    /** Lets in whoever has a password that does not begin with {@code wrong}; told with the password, as careless drivers do. */
    public void test(Exchange exchange) {
        String password =
                String.valueOf(exchange.getVariable("config", Map.class).get("password"));
        if (password.startsWith("wrong")) {
            throw new IllegalStateException("Login failed for password " + password);
        }
    }

    public Object models(Exchange exchange) {
        return MODELS.getOrDefault(username(exchange), request -> List.of()).apply(request(exchange));
    }

    public Object read(Exchange exchange) {
        return ROWS.getOrDefault(username(exchange), "")
                .replace("$request", request(exchange).get("model") + "");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> request(Exchange exchange) {
        return exchange.getVariable("request", Map.class);
    }

    private static String username(Exchange exchange) {
        return String.valueOf(exchange.getVariable("config", Map.class).get("username"));
    }
}
