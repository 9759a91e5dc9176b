package dev.serai.sync;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.dataset.Dataset;

import static org.assertj.core.api.Assertions.assertThat;

/** Positions that PostgreSQL itself tells, through the routes into the lake. */
class PostgresWatermarksTest {

    /** As texts they would sort otherwise: 9 after 10. */
    @ParameterizedTest
    @ValueSource(strings = {"numeric", "numeric(50,2)", "amount"})
    void numbersThatAreTextInDatasetsAreFollowedAsNumbers(String type) throws SQLException {
        Shop shop = new Shop(
                "create domain amount as numeric",
                "create table orders (id int primary key, item text, n " + type + ")",
                "insert into orders values (1, 'a', 8), (2, 'b', 9)");
        Dataset orders = shop.orders("n");
        assertThat(shop.sync(orders).watermarkAfter()).startsWith("9");

        shop.database.execute(
                "insert into orders values (3, 'c', 10)", "insert into orders values (4, 'd', 123456789)");
        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("incremental");
        assertThat(run.rowsWritten()).isEqualTo(2);
        assertThat(run.watermarkAfter()).startsWith("123456789");
        shop.database.execute(
                "insert into orders values (5, 'e', 123456790.5)", "insert into orders values (6, 'f', 'NaN')");
        assertThat(shop.sync(orders).watermarkAfter()).startsWith("123456790.5");
        shop.sameAsSource(orders, "id, item, n");
    }

    @Test
    void xminFindsWhatIsCommittedLate() throws SQLException {
        Shop shop = new Shop(
                "create table orders (id int primary key, item text)",
                "insert into orders select i, 'item ' || i from generate_series(1, 100) i");
        Dataset orders = shop.orders("xmin");
        shop.sync(orders);
        try (Connection slow = shop.database.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("insert into orders values (101, 'late')");
            statement.execute("update orders set item = 'late' where id = 7");
            shop.database.execute("insert into orders values (102, 'at once')");
            RunDataset before = shop.sync(orders);
            assertThat(before.mode()).isEqualTo("incremental");
            assertThat(before.rowsWritten()).isEqualTo(1);
            // The same row comes again and changes nothing.
            assertThat(shop.sync(orders).version()).isEqualTo(before.version());
            slow.commit();
        }

        RunDataset after = shop.sync(orders);

        assertThat(after.mode()).isEqualTo("incremental");
        assertThat(after.rowsWritten()).isEqualTo(2);
        assertThat(shop.snapshot(orders).columns())
                .extracting(column -> column.name())
                .containsExactly("id", "item");
        shop.sameAsSource(orders, "id, item");
    }

    /** The keys are read after the window, in a snapshot of their own. */
    @Test
    void whatComesGoesOrMovesBetweenWindowAndKeysIsRightInTheEnd() throws SQLException {
        Shop shop = new Shop(
                "create table orders (id int primary key, item text)",
                "insert into orders select i, 'item ' || i from generate_series(1, 200) i");
        Dataset orders = shop.orders("xmin", "'detect_deletes': 'hard'");
        shop.sync(orders);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> change(shop, stop));
        try {
            for (int i = 0; i < 10; i++) {
                shop.sync(orders);
            }
        } finally {
            stop.set(true);
            writer.join();
        }

        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
        shop.sameAsSource(orders, "id, item");
    }

    private static void change(Shop shop, AtomicBoolean stop) {
        Random random = new Random(7);
        try (Connection connection = shop.database.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; !stop.get(); i++) {
                int id = random.nextInt(300);
                switch (random.nextInt(3)) {
                    case 0 ->
                        statement.execute("insert into orders values (" + id + ", 'new " + i
                                + "') on conflict (id) do update set item = excluded.item");
                    case 1 -> statement.execute("delete from orders where id = " + id);
                    default -> statement.execute("update orders set id = " + (1000 + i) + " where id = " + id);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
