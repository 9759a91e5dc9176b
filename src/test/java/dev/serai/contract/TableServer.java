package dev.serai.contract;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import dev.serai.connector.ItemsServer;

/** A source of the suite's tables over HTTP, for whoever has the token. */
final class TableServer implements AutoCloseable {
    static final String TOKEN = "t0p";

    /** A table whose second page takes a minute. */
    static final String SLOW = "slow";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 4_000;

    private final ItemsServer server = new ItemsServer();
    private final Map<String, Table> tables = new ConcurrentSkipListMap<>();
    private final Set<Integer> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    TableServer() {
        on("/me", exchange -> send(exchange, 200, JSON.createObjectNode()));
        on("/search", exchange -> send(exchange, 200, search(JSON.readTree(exchange.getRequestBody()))));
        on("/tables/", this::page);
    }

    String url() {
        return server.url();
    }

    void add(Table table) {
        tables.put(table.name(), table);
    }

    /** How many requests it is at. */
    int waiting() {
        return waiting.get();
    }

    /** How many connections have asked for something; when one ends the JDK's server does not tell. */
    int connections() {
        return clients.size();
    }

    private void on(String path, HttpHandler handler) {
        server.on(path, exchange -> {
            clients.add(exchange.getRemoteAddress().getPort());
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (("Bearer " + TOKEN).equals(authorization)) {
                handler.handle(exchange);
            } else {
                send(exchange, 401, JSON.createObjectNode());
            }
        });
    }

    private ObjectNode search(JsonNode request) {
        String part = request.path("search").asText("").toLowerCase(Locale.ROOT);
        String after = request.path("cursor").asText("");
        List<String> found = tables.keySet().stream()
                .filter(name -> name.contains(part) && name.compareTo(after) > 0)
                .toList();
        int count = Math.min(found.size(), request.path("limit").asInt(100));
        ObjectNode page = JSON.createObjectNode();
        ArrayNode items = page.putArray("items");
        found.subList(0, count).forEach(name -> items.addObject()
                .put("schema", "shop")
                .put("name", name)
                .put("kind", "table"));
        page.put("next_cursor", count < found.size() ? found.get(count - 1) : null);
        return page;
    }

    private void page(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring("/tables/".length());
        String query = exchange.getRequestURI().getQuery();
        int number = query == null ? 0 : Integer.parseInt(query.substring("page=".length()));
        Table table = tables.get(name);
        if (name.equals(SLOW)) {
            slowPage(exchange, number);
        } else if (table == null) {
            send(exchange, 404, JSON.createObjectNode());
        } else {
            ObjectNode page = JSON.createObjectNode();
            ArrayNode items = page.putArray("items");
            int end = Math.min(table.rows().size(), (number + 1) * PAGE);
            for (List<Object> row : table.rows().subList(number * PAGE, end)) {
                ObjectNode item = items.addObject();
                for (int i = 0; i < row.size(); i++) {
                    item.putPOJO(table.columns().get(i), row.get(i));
                }
            }
            if (end < table.rows().size()) {
                page.put("next", String.valueOf(number + 1));
            }
            send(exchange, 200, page);
        }
    }

    private void slowPage(HttpExchange exchange, int number) throws IOException {
        ObjectNode page = JSON.createObjectNode();
        page.putArray("items").addObject().put("id", number);
        if (number == 0) {
            send(exchange, 200, page.put("next", "1"));
            return;
        }
        waiting.incrementAndGet();
        try {
            // Something now and then, by which it notices that nobody listens any more.
            exchange.sendResponseHeaders(200, 0);
            while (!closed.await(50, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        ItemsServer.send(exchange, status, "application/json", body.toString());
    }

    @Override
    public void close() {
        closed.countDown();
        server.close();
    }
}
