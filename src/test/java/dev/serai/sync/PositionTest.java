package dev.serai.sync;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.dataset.Dataset;
import dev.serai.failure.FailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Where incremental syncs go on, and when they begin anew. */
class PositionTest {
    private static final String[] ORDERS = {
        "create table orders (id int primary key, item text, at timestamptz, day date)",
        "insert into orders values (1, 'a', '2026-01-01 12:00Z', '2026-01-01'), (2, 'b', '2026-01-02 12:00Z', '2026-01-02'),"
                + " (3, 'c', '2026-01-03 12:00Z', '2026-01-03')"
    };

    @Test
    void onePutByHandCountsForthAndBack() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.database.execute("update orders set item = upper(item)");

        shop.datasets.setWatermark(shop.project, orders.id(), "2026-01-02T13:00:00+01:00");
        RunDataset back = shop.sync(orders);

        assertThat(back.mode()).isEqualTo("incremental");
        assertThat(back.watermarkBefore()).isEqualTo("2026-01-02 12:00:00+00");
        assertThat(back.watermarkAfter()).isEqualTo("2026-01-03 12:00:00+00");
        assertThat(shop.column(orders, "item")).containsExactly("a", "B", "C");

        shop.database.execute("insert into orders values (4, 'd', '2026-01-04Z', null)");
        shop.datasets.setWatermark(shop.project, orders.id(), "2026-02-01 00:00:00Z");
        assertThat(shop.sync(orders).rowsWritten()).isZero();
        assertThat(shop.now(orders).watermark()).isEqualTo("2026-02-01 00:00:00+00");

        shop.datasets.setWatermark(shop.project, orders.id(), null);
        RunDataset cleared = shop.sync(orders);
        assertThat(cleared.mode()).isEqualTo("full");
        assertThat(cleared.reason()).contains("no position");
        assertThat(shop.column(orders, "item")).containsExactly("A", "B", "C", "d");
        assertThat(shop.now(orders).watermark()).isEqualTo("2026-01-04 00:00:00+00");
    }

    /** Such as after the source was restored from a backup. */
    @Test
    void aPositionSetBackStaysBackWhereTheSourceHasNothingLater() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.database.execute("delete from orders where id > 1");
        shop.datasets.setWatermark(shop.project, orders.id(), "2026-01-01 12:00:00Z");

        RunDataset run = shop.sync(orders);
        shop.database.execute("insert into orders values (7, 'after the restore', '2026-01-02 00:00Z', null)");
        shop.sync(orders);

        assertThat(run.watermarkAfter()).isEqualTo("2026-01-01 12:00:00+00");
        assertThat(shop.column(orders, "item")).contains("after the restore");
    }

    @Test
    void ofAnotherColumnItDoesNotCount() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.patch(orders, "{'watermark_column': 'day'}");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.reason()).contains("one of at and the watermark column is now day");
        assertThat(run.watermarkAfter()).isEqualTo("2026-01-03");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'columns': ['id', 'at']}; other columns",
                "{'filter': 'id > 1'}; another filter",
            })
    void rowsChosenOtherwiseAreNeverMerged(String patch, String reason) {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.patch(orders, patch);

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.reason()).contains(reason);
        assertThat(shop.now(orders).rows()).isEqualTo(patch.contains("filter") ? 2 : 3);
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void aFullSyncLeavesAPositionToo() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.dataset("{'model': 'public.orders', 'mode': 'full', 'watermark_column': 'at'}");
        Dataset blind = shop.dataset(
                "{'model': 'public.orders', 'name': 'blind', 'mode': 'full', 'watermark_column': 'nosuch'}");
        assertThat(shop.sync(orders).watermarkAfter()).isEqualTo("2026-01-03 12:00:00+00");
        assertThat(shop.sync(blind).watermarkAfter()).isNull();
        shop.database.execute("insert into orders values (4, 'd', '2026-01-04Z', null)");

        RunDataset run = shop.run(orders, "incremental");

        assertThat(run.mode()).as(run.reason()).isEqualTo("incremental");
        assertThat(run.rowsWritten()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "at; '5'; bad_lookback; ISO 8601 duration",
                "id; 'PT1H'; bad_lookback; must be a number",
                "item; '1'; bad_lookback; must be 0 or absent"
            })
    void aLookbackThatDoesNotFitIsAFault(String column, String lookback, String code, String detail) {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders(column, "'lookback': '" + lookback + "'");
        shop.sync(orders);

        RunDataset run = shop.run(orders, null);

        assertThat(run.error()).isNotNull();
        assertThat(run.error().code()).isEqualTo(code);
        assertThat(run.error().detail()).contains(detail);
        assertThat(run.error().retryable()).isFalse();
        assertThat(shop.rows(orders)).hasSize(3);
    }

    @Test
    void onePutBeforeTheColumnsTypeWasKnownIsReadWhenItIs() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("at");
        shop.datasets.setWatermark(shop.project, orders.id(), "yesterday");
        assertThat(shop.sync(orders).mode()).isEqualTo("full");
        assertThat(shop.now(orders).watermark()).isEqualTo("2026-01-03 12:00:00+00");
        assertThatThrownBy(() -> shop.datasets.setWatermark(shop.project, orders.id(), "yesterday"))
                .isInstanceOf(FailureException.class);
    }

    @Test
    void oneThatCannotBeReadIsAFaultThatSaysWhatToDo() {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("day");
        shop.sync(orders);
        shop.database.execute("alter table orders alter column day type int using extract(day from day)");
        assertThat(shop.run(orders, "full").watermarkAfter()).isEqualTo("3");
        shop.serai
                .bean(org.springframework.jdbc.core.simple.JdbcClient.class)
                .sql("update datasets set watermark = '2026-01-03' where id = ?")
                .param(orders.id())
                .update();

        RunDataset run = shop.run(orders, null);

        assertThat(run.error()).isNotNull();
        assertThat(run.error().code()).isEqualTo("bad_watermark");
        assertThat(run.error().detail())
                .contains("PUT /api/datasets/{id}/watermark")
                .contains("INTEGER");
        shop.datasets.setWatermark(shop.project, orders.id(), "2");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void theZoneOfASessionDoesNotMatterNorItsClocksBeingPutBack() {
        Shop shop = new Shop(
                "alter role current_user set timezone to 'America/New_York'",
                "create table orders (id int primary key, item text, at timestamptz, day date, local timestamp)",
                "insert into orders values (1, 'first half past one', '2026-11-01 01:30:00-04', '2026-11-01',"
                        + " '2026-11-01 01:30')");
        Dataset orders = shop.orders("at");
        Dataset byLocal = shop.orders("local", "'name': 'by_local'");
        assertThat(shop.sync(orders).watermarkAfter()).isEqualTo("2026-11-01 05:30:00+00");
        assertThat(shop.sync(byLocal).watermarkAfter()).isEqualTo("2026-11-01 01:30:00");
        shop.database.execute(
                "insert into orders values (2, 'second half past one', '2026-11-01 01:30:00-05', '2026-11-01',"
                        + " '2026-11-01 01:30'), (3, 'before', '2026-11-01 05:29:59.999999Z', '2026-11-01', '2026-11-01 01:29')");

        assertThat(shop.sync(orders).watermarkAfter()).isEqualTo("2026-11-01 06:30:00+00");
        shop.sync(byLocal);

        assertThat(shop.column(orders, "id")).containsExactly("1", "2");
        assertThat(shop.column(byLocal, "id")).containsExactly("1", "2");
    }

    @Test
    void numbersKeptAsTextAreComparedAsNumbers() {
        Shop shop = new Shop(
                "create table orders (id int primary key, item text, at numeric)",
                "insert into orders values (1, 'a', 9), (2, 'b', 10)");
        Dataset orders = shop.orders("at", "'lookback': '0.5'");
        assertThat(shop.sync(orders).watermarkAfter()).isEqualTo("10");
        shop.database.execute(
                "update orders set item = 'unseen' where id = 1",
                "insert into orders values (3, 'c', 100), (4, 'd', 9.5), (5, 'e', 9.4)");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).as(run.reason()).isEqualTo("incremental");
        assertThat(run.watermarkAfter()).isEqualTo("100");
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "c", "d");
        shop.database.execute("alter table orders drop constraint orders_pkey");
        RunDataset keyless = shop.run(orders, null);
        assertThat(keyless.error()).isNotNull();
        assertThat(keyless.error().code()).isEqualTo("needs_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xmin", "at"})
    void aRunInModeFullThatCanLeaveNoPositionMakesTheNextLoadEverything(String watermark) {
        Shop shop = new Shop(
                "create table orders (id int primary key, item text, at numeric)",
                "insert into orders values (1, 'a', 9), (2, 'b', 10)");
        Dataset orders = shop.orders(watermark);
        assertThat(shop.sync(orders).watermarkAfter()).isNotNull();
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");

        shop.run(orders, "full");
        shop.database.execute("insert into orders values (3, 'c', 1)");
        RunDataset next = shop.sync(orders);

        assertThat(next.mode()).isEqualTo("full");
        assertThat(next.reason()).isEqualTo("There was no position to go on from, so everything was loaded.");
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "c");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void transactionsAreFollowedWhateverTheyTook() throws SQLException {
        Shop shop = new Shop(ORDERS);
        Dataset orders = shop.orders("xmin");
        try (Connection slow = shop.database.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("update orders set item = 'late' where id = 1");
            shop.sync(orders);
            shop.database.execute("insert into orders values (4, 'd', null, null)");
            assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
            slow.commit();
        }

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("incremental");
        assertThat(run.rowsWritten()).isEqualTo(1);
        assertThat(shop.column(orders, "item")).containsExactly("late", "b", "c", "d");
        assertThat(shop.now(orders).watermarkOf()).isEqualTo("xmin");
        assertThat(shop.now(orders).watermark()).matches("\\d+");
        assertThat(shop.snapshot(orders).columns()).hasSize(4);
        assertThat(shop.sync(orders).version()).isEqualTo(2);
    }
}
