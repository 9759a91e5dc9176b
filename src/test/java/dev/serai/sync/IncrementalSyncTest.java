package dev.serai.sync;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.serai.dataset.Dataset;

import static org.assertj.core.api.Assertions.assertThat;

/** Incremental syncs from a real PostgreSQL through the routes into the lake. */
class IncrementalSyncTest {
    private static final String ORDERS =
            "create table orders (id int primary key, item text, at timestamp not null default now())";

    @Test
    void theFirstRunLoadsEverythingAndTheNextOnlyWhatIsNew() throws SQLException {
        Shop shop = new Shop(
                ORDERS,
                "insert into orders select i, 'item ' || i, timestamp '2026-01-01' + i * interval '1 hour'"
                        + " from generate_series(1, 500) i");
        Dataset orders = shop.orders("at");

        RunDataset first = shop.sync(orders);

        assertThat(first.mode()).isEqualTo("full");
        assertThat(first.reason()).isEqualTo("The first run of an incremental dataset loads everything.");
        assertThat(first.warnings()).extracting(RunWarning::code).containsExactly("ran_full");
        assertThat(first.watermarkBefore()).isNull();
        assertThat(first.watermarkAfter()).isEqualTo("2026-01-21 20:00:00");
        assertThat(shop.now(orders).watermark()).isEqualTo("2026-01-21 20:00:00");
        assertThat(shop.now(orders).watermarkOf()).isEqualTo("at");
        assertThat(shop.snapshot(orders).watermark()).isEqualTo("2026-01-21 20:00:00");

        shop.database.execute(
                "insert into orders values (501, 'new', '2026-02-01 00:00:00.000001')",
                "update orders set item = 'changed', at = '2026-02-01' where id = 7",
                "update orders set item = 'unseen' where id = 8");
        RunDataset second = shop.sync(orders);

        assertThat(second.mode()).isEqualTo("incremental");
        assertThat(second.reason()).isNull();
        assertThat(second.warnings()).isEmpty();
        assertThat(second.version()).isEqualTo(1);
        assertThat(second.rowsWritten()).isEqualTo(2);
        assertThat(second.watermarkBefore()).isEqualTo("2026-01-21 20:00:00");
        assertThat(second.watermarkAfter()).isEqualTo("2026-02-01 00:00:00.000001");
        assertThat(shop.now(orders).rows()).isEqualTo(501);
        assertThat(shop.now(orders).version()).isEqualTo(1);
        assertThat(shop.now(orders).watermark()).isEqualTo("2026-02-01 00:00:00.000001");
        assertThat(shop.column(orders, "item"))
                .contains("changed", "new", "item 8")
                .doesNotContain("item 7", "unseen");
    }

    @Test
    void aRunThatFindsNothingNewMakesNoVersion() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset orders = shop.orders("at");
        shop.sync(orders);

        RunDataset again = shop.sync(orders);

        assertThat(again.mode()).isEqualTo("incremental");
        assertThat(again.version()).isZero();
        assertThat(again.rowsWritten()).isZero();
        assertThat(again.bytes()).isZero();
        assertThat(again.watermarkAfter()).isEqualTo("2026-01-02 00:00:00");
        assertThat(shop.datasets.history(shop.project, orders.id())).hasSize(1);
        assertThat(shop.now(orders).lastRun()).isNotNull();
        assertThat(shop.now(orders).status()).isEqualTo("ready");
    }

    @Test
    void anEmptyWindowEmptiesNothing() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.datasets.setWatermark(shop.project, orders.id(), "2030-01-01T00:00:00");

        RunDataset empty = shop.sync(orders);

        assertThat(empty.mode()).isEqualTo("incremental");
        assertThat(shop.rows(orders)).hasSize(2);
        assertThat(shop.now(orders).watermark()).isEqualTo("2030-01-01 00:00:00");
        shop.database.execute("delete from orders");
        shop.sync(orders);
        assertThat(shop.rows(orders)).hasSize(2);
    }

    @Test
    void rowsWithTheSameWatermarkAsTheLastAreNotSkipped() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01 10:00:00.000001')");
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.database.execute("insert into orders values (2, 'b', '2026-01-01 10:00:00.000001')");

        RunDataset run = shop.sync(orders);

        assertThat(run.rowsWritten()).isEqualTo(1);
        assertThat(shop.column(orders, "item")).containsExactly("a", "b");
    }

    @Test
    void microsecondsAreNeverRounded() {
        Shop shop = new Shop(
                ORDERS,
                "insert into orders values (1, 'a', '2026-01-01 10:00:00.999999'), (2, 'b', '2026-01-01 10:00:00.999998')");
        Dataset orders = shop.orders("at");
        assertThat(shop.sync(orders).watermarkAfter()).isEqualTo("2026-01-01 10:00:00.999999");
        shop.database.execute(
                "update orders set item = 'unseen'", "insert into orders values (3, 'c', '2026-01-01 10:00:01')");

        shop.sync(orders);

        assertThat(shop.column(orders, "item")).containsExactly("unseen", "b", "c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "timestamp; 2026-01-01 10:00:00.123456; 2026-01-01 10:00:00.123457; 2026-01-01 10:00:00.123457",
                "timestamptz; 2026-03-29 02:59:59.5+02; 2026-03-29 03:00:00+02; 2026-03-29 01:00:00+00",
                "date; 2026-01-01; 2026-01-02; 2026-01-02",
                "date; 0044-03-15 BC; 0044-03-16 BC; 0044-03-16 (BC)",
                "smallint; -3; 7; 7",
                "int; 1; 2147483647; 2147483647",
                "bigint; 9007199254740993; 9007199254740994; 9007199254740994",
                "numeric(38,9); 12345678901234567890123456789.000000001; 12345678901234567890123456789.000000002;"
                        + " 12345678901234567890123456789.000000002",
                "numeric(10,2); 9.99; 10.00; 10.00",
                "text; 2026-01; 2026-02; 2026-02",
                "double precision; 0.1; 0.30000000000000004; 0.30000000000000004"
            })
    void goesByAnyTypeThatHasAnOrder(String type, String before, String later, String position) {
        Shop shop = new Shop(
                "create table orders (id int primary key, item text, at " + type + ")",
                "insert into orders values (1, 'a', '" + before + "'), (2, 'b', '" + before + "')");
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.database.execute(
                "insert into orders values (3, 'c', '" + later + "'), (4, 'd', '" + before + "')",
                "update orders set item = 'B', at = '" + later + "' where id = 2");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).as(run.reason()).isEqualTo("incremental");
        assertThat(run.watermarkAfter()).isEqualTo(position);
        assertThat(shop.column(orders, "item")).containsExactly("a", "B", "c", "d");
        assertThat(shop.sync(orders).version()).isEqualTo(1);
        assertThat(shop.now(orders).watermark()).isEqualTo(position);
    }

    @Test
    void rowsThatCommitLateAreFoundByTheLookback() throws SQLException {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01 10:00:00')");
        Dataset plain = shop.orders("at", "'name': 'plain'");
        Dataset lookingBack = shop.orders("at", "'name': 'looking_back'", "'lookback': 'PT1H'");
        try (Connection slow = shop.database.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("insert into orders values (2, 'late', '2026-01-01 10:30:00')");
            shop.database.execute("insert into orders values (3, 'c', '2026-01-01 11:00:00')");
            shop.sync(plain);
            shop.sync(lookingBack);
            slow.commit();
        }

        shop.sync(plain);
        RunDataset run = shop.sync(lookingBack);

        assertThat(shop.column(plain, "item")).containsExactly("a", "c");
        assertThat(shop.column(lookingBack, "item")).containsExactly("a", "late", "c");
        assertThat(run.rowsWritten()).isEqualTo(1);
        assertThat(run.watermarkAfter()).isEqualTo("2026-01-01 11:00:00");
    }

    @Test
    void twoDatasetsOfOneConnectorGoTheirOwnWays() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset whole = shop.dataset("{'model': 'public.orders', 'name': 'whole', 'mode': 'full'}");
        Dataset part = shop.orders("at", "'name': 'part'");
        Dataset latest = shop.orders("id", "'name': 'latest'");
        Run first = shop.ended(shop.syncs.start(shop.project, shop.connector.id(), null, null, "manual", "tester"));
        assertThat(first.status()).isEqualTo("succeeded");
        shop.database.execute("delete from orders where id = 1", "insert into orders values (3, 'c', '2026-01-03')");

        Run second = shop.ended(shop.syncs.start(shop.project, shop.connector.id(), null, null, "manual", "tester"));

        assertThat(second.datasets())
                .extracting(RunDataset::mode)
                .containsExactly("full", "incremental", "incremental");
        assertThat(shop.column(whole, "item")).containsExactly("b", "c");
        assertThat(shop.column(part, "item")).containsExactly("a", "b", "c");
        assertThat(shop.now(latest).watermark()).isEqualTo("3");
        assertThat(List.of(shop.now(part).watermarkOf(), shop.now(latest).watermarkOf()))
                .containsExactly("at", "id");
    }
}
