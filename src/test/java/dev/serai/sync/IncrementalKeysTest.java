package dev.serai.sync;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.serai.dataset.Dataset;
import dev.serai.rows.Column;

import static org.assertj.core.api.Assertions.assertThat;

/** How rows of incremental syncs meet those that the dataset has: by key, or by window. */
class IncrementalKeysTest {
    private static final String ORDERS = "create table orders (id int primary key, item text, at timestamp)";
    private static final String KEYLESS = "create table orders (id int, item text, at timestamp)";

    @Test
    void aChangedKeyIsAnotherRowAndTheOldOneStaysUntilDeletesAreLookedFor() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset plain = shop.orders("at", "'name': 'plain'");
        Dataset exact = shop.orders("at", "'name': 'exact'", "'detect_deletes': 'hard'");
        shop.sync(plain);
        shop.sync(exact);
        shop.database.execute("update orders set id = 20, at = '2026-01-03' where id = 2");

        shop.sync(plain);
        RunDataset run = shop.sync(exact);

        assertThat(shop.column(plain, "id")).containsExactly("1", "2", "20");
        assertThat(shop.column(exact, "id")).containsExactly("1", "20");
        assertThat(run.rowsDeleted()).isEqualTo(1);
    }

    @Test
    void rowsWithoutAWatermarkAreReadInEachSyncAndCounted() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', null)");
        Dataset orders = shop.orders("at");
        assertThat(shop.sync(orders).warnings())
                .filteredOn(warning -> warning.code().equals("null_watermark"))
                .extracting(RunWarning::count)
                .containsExactly(1L);
        shop.database.execute("update orders set item = 'B' where id = 2", "insert into orders values (3, 'c', null)");

        RunDataset run = shop.sync(orders);

        assertThat(run.rowsWritten()).isEqualTo(2);
        assertThat(run.warnings()).hasSize(1);
        assertThat(run.warnings().get(0).count()).isEqualTo(2);
        assertThat(run.warnings().get(0).detail()).startsWith("Rows without at: 2. ");
        assertThat(shop.column(orders, "item")).containsExactly("a", "B", "c");
        assertThat(run.watermarkAfter()).isEqualTo("2026-01-01 00:00:00");
        assertThat(shop.sync(orders).version()).isEqualTo(1);
    }

    @Test
    void withOnlyNullWatermarksThereIsNoPositionAndEverythingIsRead() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', null)");
        Dataset orders = shop.orders("at");
        assertThat(shop.sync(orders).watermarkAfter()).isNull();
        shop.database.execute("insert into orders values (2, 'b', '2026-01-01')");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("full");
        assertThat(run.reason()).contains("no position");
        assertThat(shop.rows(orders)).hasSize(2);
        assertThat(run.watermarkAfter()).isEqualTo("2026-01-01 00:00:00");
    }

    @Test
    void withoutAKeyTheWindowIsReplaced() {
        Shop shop = new Shop(
                KEYLESS,
                "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02'), (2, 'b', '2026-01-02'),"
                        + " (9, 'none', null)");
        Dataset orders = shop.orders("at", "'lookback': 'P1D'");
        shop.sync(orders);
        shop.database.execute(
                "delete from orders where ctid = (select max(ctid) from orders where id = 2)",
                "update orders set item = 'unseen' where id = 9",
                "insert into orders values (3, 'c', '2026-01-03')");

        RunDataset run = shop.sync(orders);

        assertThat(run.mode()).isEqualTo("incremental");
        assertThat(run.rowsWritten()).isEqualTo(1);
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "c", "none");
        assertThat(shop.sync(orders).version()).isEqualTo(1);
    }

    @Test
    void anEmptyWindowWithoutAKeyTakesOutOnlyWhatWasInIt() {
        Shop shop = new Shop(KEYLESS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.database.execute("delete from orders");

        RunDataset run = shop.sync(orders);

        assertThat(shop.column(orders, "item")).containsExactly("a");
        assertThat(run.watermarkAfter()).isEqualTo("2026-01-02 00:00:00");
    }

    @Test
    void aGivenKeyCountsBeforeTheSourcesOwn() {
        Shop shop = new Shop(
                "create table orders (id int primary key, code text, item text, at timestamp)",
                "insert into orders values (1, 'x', 'a', '2026-01-01')");
        Dataset orders = shop.orders("at", "'primary_key': ['code']");
        shop.sync(orders);
        shop.database.execute("update orders set id = 7, item = 'b', at = '2026-01-02'");

        shop.sync(orders);

        assertThat(shop.rows(orders)).hasSize(1);
        assertThat(shop.column(orders, "item")).containsExactly("b");
        assertThat(shop.now(orders).primaryKey()).containsExactly("code");
    }

    @Test
    void anotherKeyMakesEverythingBeLoaded() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01')");
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.patch(orders, "{'primary_key': ['id', 'item']}");

        RunDataset given = shop.sync(orders);
        shop.sync(orders);
        shop.patch(orders, "{'primary_key': null}");
        shop.database.execute("alter table orders drop constraint orders_pkey, add primary key (item)");
        RunDataset found = shop.sync(orders);

        assertThat(List.of(given, found)).allSatisfy(run -> {
            assertThat(run.mode()).isEqualTo("full");
            assertThat(run.reason()).contains("another primary key");
        });
        assertThat(shop.now(orders).primaryKey()).containsExactly("item");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void theSourcesKeyMustBeWholeAmongChosenColumns() {
        Shop shop = new Shop(
                "create table orders (id int, part int, item text, at timestamp, primary key (id, part))",
                "insert into orders values (1, 1, 'a', '2026-01-01'), (1, 2, 'b', '2026-01-01')");
        Dataset cut = shop.orders("at", "'columns': ['id', 'item', 'at']");
        Dataset whole = shop.orders("at", "'name': 'whole'", "'columns': ['id', 'part', 'at']");
        Dataset given =
                shop.orders("at", "'name': 'given'", "'primary_key': ['item']", "'columns': ['id', 'item', 'at']");

        RunDataset refused = shop.run(cut, null);

        assertThat(refused.error()).isNotNull();
        assertThat(refused.error().code()).isEqualTo("needs_key");
        assertThat(refused.error().detail()).contains("id, part");
        assertThat(shop.sync(whole).rowsWritten()).isEqualTo(2);
        assertThat(shop.sync(given).rowsWritten()).isEqualTo(2);
        assertThat(shop.run(cut, "full").status()).isEqualTo("succeeded");
    }

    @Test
    void aKeyThatIsNoColumnIsAFault() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01')");
        Dataset orders = shop.orders("at", "'primary_key': ['nosuch']");

        RunDataset run = shop.run(orders, null);

        assertThat(run.error()).isNotNull();
        assertThat(run.error().code()).isEqualTo("needs_key");
        assertThat(run.error().detail()).contains("nosuch");
        assertThat(shop.now(orders).status()).isEqualTo("failed");
    }

    @Test
    void aNewColumnAndAnotherTypeLoadEverything() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset orders = shop.orders("at");
        shop.sync(orders);
        shop.database.execute(
                "alter table orders add column paid boolean default true",
                "insert into orders values (3, 'c', '2026-01-03', false)");

        RunDataset added = shop.sync(orders);

        assertThat(added.mode()).isEqualTo("full");
        assertThat(added.reason()).isEqualTo("The column paid is new, so everything was loaded.");
        assertThat(added.warnings()).extracting(RunWarning::code).containsExactly("column_added", "ran_full");
        assertThat(shop.column(orders, "paid")).containsExactly("true", "true", "false");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");

        shop.database.execute("alter table orders alter column item type int using ascii(item)");
        RunDataset changed = shop.sync(orders);

        assertThat(changed.mode()).isEqualTo("full");
        assertThat(changed.reason()).isEqualTo("The column item changed its type, so everything was loaded.");
        assertThat(changed.warnings()).extracting(RunWarning::code).containsExactly("column_changed", "ran_full");
        assertThat(changed.rowsRead()).isEqualTo(3);
        assertThat(shop.column(orders, "item")).containsExactly("97", "98", "99");
        assertThat(shop.column(orders, "paid")).containsExactly("true", "true", "false");
        assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
    }

    @Test
    void aRenamedColumnLoadsEverythingOnce() {
        Shop shop = new Shop(ORDERS, "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset byTime = shop.orders("at", "'name': 'by_time'");
        Dataset byXmin = shop.orders("xmin", "'name': 'by_xmin'");
        List<Dataset> both = List.of(byTime, byXmin);
        both.forEach(shop::sync);
        shop.database.execute(
                "alter table orders rename item to thing", "insert into orders values (3, 'c', '2026-01-03')");

        assertThat(both).allSatisfy(orders -> {
            RunDataset run = shop.sync(orders);
            assertThat(run.mode()).isEqualTo("full");
            assertThat(run.reason()).contains("so everything was loaded");
            assertThat(shop.column(orders, "thing")).containsExactly("a", "b", "c");
            assertThat(shop.now(orders).schema()).extracting(Column::name).containsExactly("id", "thing", "at");
            assertThat(shop.sync(orders).mode()).isEqualTo("incremental");
        });
    }
}
