package dev.serai.sync;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.serai.dataset.Dataset;
import dev.serai.rows.Column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What becomes of rows that the source has no more. */
class FoundDeletesTest {
    private static final String DELETED = "_serai_deleted_at is not null";
    private static final String[] ORDERS = {
        "create table orders (id int primary key, item text, at timestamp)",
        "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02'), (3, 'c', '2026-01-03')"
    };

    @Test
    void hardTakesThemOut() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'hard'");
        shop.sync(orders);
        shop.database.execute(
                "delete from orders where id in (1, 3)", "insert into orders values (4, 'd', '2026-01-04')");

        RunDataset run = shop.sync(orders);

        assertThat(run.rowsDeleted()).isEqualTo(2);
        assertThat(run.rowsWritten()).isEqualTo(1);
        assertThat(run.rowsRejected()).isZero();
        assertThat(shop.column(orders, "item")).containsExactly("b", "d");
        assertThat(shop.sync(orders).version()).isEqualTo(1);

        shop.database.execute("insert into orders values (1, 'again', '2026-01-05')");
        shop.sync(orders);
        assertThat(shop.column(orders, "item")).containsExactly("again", "b", "d");

        shop.database.execute("delete from orders");
        assertThat(shop.sync(orders).rowsDeleted()).isEqualTo(3);
        assertThat(shop.rows(orders)).isEmpty();
    }

    @Test
    void softMarksThemAndTakesTheMarkBack() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'soft'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id in (1, 2)");

        RunDataset run = shop.sync(orders);

        assertThat(run.rowsDeleted()).isEqualTo(2);
        assertThat(shop.column(orders, DELETED)).containsExactly("true", "true", "false");
        assertThat(shop.sync(orders).version()).isEqualTo(1);

        shop.database.execute("insert into orders values (1, 'a', '2026-01-01'), (2, 'new', '2026-01-09')");
        RunDataset back = shop.sync(orders);

        assertThat(back.rowsDeleted()).isZero();
        assertThat(back.rowsWritten()).isEqualTo(2);
        assertThat(shop.column(orders, DELETED)).containsOnly("false");
        assertThat(shop.column(orders, "item")).containsExactly("a", "new", "c");
    }

    @Test
    void marksOutliveSyncsThatReadEverything() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'soft'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 1");
        shop.sync(orders);
        String marked = shop.column(orders, "_serai_deleted_at").get(0);
        shop.database.execute("delete from orders where id = 2", "update orders set item = 'C' where id = 3");

        RunDataset full = shop.run(orders, "full");

        assertThat(full.mode()).isEqualTo("full");
        assertThat(full.rowsDeleted()).isEqualTo(1);
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "C");
        assertThat(shop.column(orders, DELETED)).containsExactly("true", "true", "false");
        assertThat(shop.column(orders, "_serai_deleted_at").get(0)).isEqualTo(marked);
        assertThat(full.watermarkAfter()).isEqualTo("2026-01-03 00:00:00");

        shop.datasets.setWatermark(shop.project, orders.id(), null);
        assertThat(shop.sync(orders).mode()).isEqualTo("full");
        assertThat(shop.column(orders, DELETED)).containsExactly("true", "true", "false");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void marksThatCannotBeKeptAreNotLostSilently() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'soft'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 1");
        shop.sync(orders);
        shop.database.execute("alter table orders alter column item type int using ascii(item)");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.warnings()).extracting(RunWarning::code).contains("deleted_rows_dropped");
        assertThat(shop.column(orders, "item")).containsExactly("98", "99");
    }

    @Test
    void aRowThatCameBackWithAnOldWatermarkIsThereAgain() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'hard'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 1");
        shop.sync(orders);
        assertThat(shop.column(orders, "item")).containsExactly("b", "c");
        shop.database.execute("insert into orders values (1, 'again', '2026-01-01')");

        RunDataset run = shop.sync(orders);

        assertThat(shop.column(orders, "item")).containsExactly("again", "b", "c");
        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.reason())
                .startsWith("Rows below the window that the dataset did not have as the source has them: 1. ");
        assertThat(run.warnings()).extracting(RunWarning::code).containsExactly("ran_full");
        assertThat(run.watermarkAfter()).isEqualTo("2026-01-03 00:00:00");
        RunDataset next = shop.sync(orders);
        assertThat(next.mode()).isEqualTo("incremental");
        assertThat(next.version()).isEqualTo(run.version());
    }

    @Test
    void whatCommittedLateIsThereWithoutALookback() throws SQLException {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'soft'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 2");
        shop.sync(orders);
        try (Connection slow = shop.database.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("insert into orders values (5, 'late', '2026-01-04')");
            statement.execute("update orders set item = 'late too', at = '2026-01-05' where id = 1");
            shop.database.execute("insert into orders values (4, 'd', '2026-01-06')");
            shop.sync(orders);
            slow.commit();
        }

        RunDataset run = shop.sync(orders);

        assertThat(run.reason())
                .startsWith("Rows below the window that the dataset did not have as the source has them: 2. ");
        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.rowsWritten()).isEqualTo(2);
        assertThat(shop.column(orders, "item")).containsExactly("late too", "b", "c", "d", "late");
        assertThat(shop.column(orders, DELETED)).containsExactly("false", "true", "false", "false", "false");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void aMarkedRowThatCameBackOtherwiseIsAsTheSourceHasIt() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'soft'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 2");
        shop.sync(orders);
        shop.database.execute("insert into orders values (2, 'restored', '2025-12-31')");

        shop.sync(orders);

        assertThat(shop.column(orders, "item")).containsExactly("a", "restored", "c");
        assertThat(shop.column(orders, DELETED)).containsOnly("false");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void whatIsWrittenWhileASyncReadsIsLeftToTheNext() throws SQLException {
        Shop shop = new Shop(
                ORDERS[0],
                ORDERS[1],
                "create function gate() returns boolean language plpgsql volatile as $$ begin"
                        + " if current_query() like '%>=%' then"
                        + " perform pg_advisory_lock_shared(7); perform pg_advisory_unlock_shared(7); end if;"
                        + " return true; end $$");
        Dataset orders = shop.orders("at", "'detect_deletes': 'hard'", "'filter': 'gate()'");
        shop.sync(orders);
        Run held;
        try (Connection gate = shop.database.connect();
                Statement statement = gate.createStatement()) {
            statement.execute("select pg_advisory_lock(7)");
            held = shop.syncs.start(shop.project, shop.connector.id(), null, List.of(orders.id()), "manual", "tester");
            await().atMost(Duration.ofSeconds(20)).until(() -> waits(statement));
            statement.execute("insert into orders values (4, 'same', '2026-01-03'), (5, 'later', '2026-01-05')");
        }

        RunDataset run = shop.ended(held).datasets().get(0);

        assertThat(run.error()).isNull();
        assertThat(run.mode()).as(run.reason()).isEqualTo("incremental");
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "c");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "c", "same", "later");
    }

    private static boolean waits(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("select count(*) from pg_locks where locktype = 'advisory' and not granted"
                        + " and database = (select oid from pg_database where datname = current_database())")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }

    @Test
    void aColumnThatIsChosenNoMoreIsGoneWithTheMarks() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'soft'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 1");
        shop.sync(orders);
        shop.patch(orders, "{'columns': ['id', 'at']}");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.warnings()).extracting(RunWarning::code).contains("deleted_rows_dropped", "column_removed");
        assertThat(shop.column(orders, "id")).containsExactly("2", "3");
        assertThat(shop.now(orders).schema()).extracting(Column::name).containsExactly("id", "at");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void marksOutliveANewColumnThatIsEmpty() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'soft'");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 1");
        shop.sync(orders);
        shop.database.execute("alter table orders add note text");

        assertThat(shop.sync(orders).mode()).isEqualTo("full");

        assertThat(shop.column(orders, "note")).containsOnly("null");
        assertThat(shop.column(orders, DELETED)).containsExactly("true", "false", "false");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void aRowThatNoLongerPassesTheFilterIsGone() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at", "'detect_deletes': 'hard'", "'filter': 'char_length(item) < 2 and id < 3'");
        shop.sync(orders);
        assertThat(shop.column(orders, "item")).containsExactly("a", "b");
        shop.database.execute("update orders set item = 'too long' where id = 1");

        shop.sync(orders);

        assertThat(shop.column(orders, "item")).containsExactly("b");
    }

    @Test
    void withoutAKeyTheyCannotBeFoundAndTheRunSaysSo() {
        Shop shop = new Shop("create table orders (id int, item text, at timestamp)");
        Dataset hard = shop.orders("at", "'name': 'hard'", "'detect_deletes': 'hard'");
        Dataset soft = shop.dataset("{'model': 'public.orders', 'name': 'soft', 'detect_deletes': 'soft'}");

        for (Dataset orders : new Dataset[] {hard, soft}) {
            RunDataset run = shop.run(orders, null);
            assertThat(run.error()).isNotNull();
            assertThat(run.error().code()).isEqualTo("needs_key");
        }
        assertThat(shop.run(hard, "full").status()).isEqualTo("succeeded");
    }

    @Test
    void inModeFullSoftFindsThemToo() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.dataset("{'model': 'public.orders', 'mode': 'full', 'detect_deletes': 'soft'}");
        shop.sync(orders);
        shop.database.execute("delete from orders where id = 2");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.rowsDeleted()).isEqualTo(1);
        assertThat(shop.column(orders, DELETED)).containsExactly("false", "true", "false");
    }

    @Test
    void anEmptySourceInModeFullEmptiesTheDataset() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.dataset("{'model': 'public.orders', 'mode': 'full', 'detect_deletes': 'hard'}");
        shop.sync(orders);
        shop.database.execute("delete from orders");

        assertThat(shop.sync(orders).status()).isEqualTo("succeeded");
        assertThat(shop.rows(orders)).isEmpty();
    }
}
