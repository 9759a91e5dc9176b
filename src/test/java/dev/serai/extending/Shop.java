package dev.serai.extending;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpExchange;

import dev.serai.connector.ItemsServer;

/** The shop of docs/extending.md: tables in pages, a search, a token; and a chat that takes reports. */
final class Shop implements AutoCloseable {
    static final String TOKEN = "shop-token-1";
    static final int ORDERS = 250;

    final ItemsServer server = new ItemsServer();
    final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

    Shop() {
        server.on("/status", exchange -> answer(exchange, "{\"ok\":true}"));
        server.on(
                "/tables",
                exchange -> answer(exchange, "{\"tables\":[{\"name\":\"orders\"},{\"name\":\"customers\"}]}"));
        server.on("/tables/orders", Shop::orders);
        server.on("/search", exchange -> {
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean open = asked.contains("open orders");
            answer(exchange, open ? "{\"rows\":[{\"id\":7,\"state\":\"open\"}]}" : "{\"rows\":[]}");
        });
        server.on("/hook", exchange -> {
            reports.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            ItemsServer.send(exchange, 204, "text/plain", "");
        });
    }

    private static void orders(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int size = Integer.parseInt(query.replaceFirst(".*size=(\\d+).*", "$1"));
        String after = query.replaceFirst(".*after=(\\d*).*", "$1");
        int first = after.isEmpty() ? 1 : Integer.parseInt(after) + 1;
        int last = Math.min(ORDERS, first + size - 1);
        String rows = IntStream.rangeClosed(first, last)
                .mapToObj(
                        id -> "{\"id\":" + id + ",\"price\":" + id + ".5,\"paid\":true,\"note\":\"order " + id + "\"}")
                .collect(Collectors.joining(","));
        answer(exchange, "{\"rows\":[" + rows + "]" + (last < ORDERS ? ",\"next\":" + last : "") + "}");
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        List<String> token = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        boolean known = token.equals(List.of("Bearer " + TOKEN));
        ItemsServer.send(exchange, known ? 200 : 401, "application/json", known ? json : "{}");
    }

    @Override
    public void close() {
        server.close();
    }
}
