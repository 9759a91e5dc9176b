package dev.serai.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.springframework.core.io.ClassPathResource;

/** A real PostgreSQL with a small shop in it, whose orders keep changing. Its data is gone when it closes. */
final class ShopDatabase implements AutoCloseable {
    static final String DATABASE = "postgres";
    static final String USERNAME = "shop_reader";

    private final EmbeddedPostgres server;
    private final String password = UUID.randomUUID().toString();

    private ShopDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts the server and fills it; takes about ten seconds. */
    static ShopDatabase start() {
        try {
            var shop = new ShopDatabase(EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_wal_size", "2GB")
                    .start());
            shop.execute(new ClassPathResource("demo/shop.sql").getContentAsString(StandardCharsets.UTF_8));
            shop.execute("CREATE ROLE " + USERNAME + " LOGIN PASSWORD '" + shop.password + "';"
                    + "GRANT USAGE ON SCHEMA shop TO " + USERNAME + ";"
                    + "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO " + USERNAME);
            return shop;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    String password() {
        return password;
    }

    /** A customer orders, and a few older orders move on. */
    void tradeForAMoment() {
        execute(
                """
                INSERT INTO shop.orders (customer_id, product_id, quantity, amount, status, ordered_at, updated_at)
                VALUES (1 + floor(random() * 20000), 1 + floor(random() * 500), 1, round((5 + random() * 90)::numeric, 2), 'new', now(), now());
                UPDATE shop.orders SET status = 'shipped', updated_at = now()
                WHERE id IN (SELECT id FROM shop.orders WHERE status = 'paid' ORDER BY updated_at LIMIT 5)
                """);
    }

    private void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The demo's database refused a statement", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
