package dev.serai.sync;

import org.junit.jupiter.api.Test;

import dev.serai.connector.Connectors;
import dev.serai.dataset.Dataset;
import dev.serai.metadata.Json;

import static org.assertj.core.api.Assertions.assertThat;

/** A connector that may open one connection only, which is enough: no sync holds two at a time. */
class OneConnectionTest {
    private static Shop shop(String... statements) {
        Shop shop = new Shop(statements);
        shop.serai
                .bean(Connectors.class)
                .patch(
                        shop.project,
                        shop.connector.id(),
                        Json.newObject()
                                .set(
                                        "config",
                                        Json.newObject().put("pool_size", 1).put("max_overflow", 0)));
        return shop;
    }

    @Test
    void isEnoughToFindDeletes() {
        Shop shop = shop(
                "create table orders (id int primary key, item text, at timestamp)",
                "insert into orders values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')");
        Dataset hard = shop.orders("at", "'name': 'hard'", "'detect_deletes': 'hard'");
        Dataset soft =
                shop.dataset("{'model': 'public.orders', 'mode': 'full', 'name': 'soft', 'detect_deletes': 'soft'}");
        shop.sync(hard);
        shop.sync(soft);
        shop.database.execute("delete from orders where id = 1");

        assertThat(shop.sync(hard).rowsDeleted()).isEqualTo(1);
        assertThat(shop.sync(soft).rowsDeleted()).isEqualTo(1);
        assertThat(shop.column(hard, "item")).containsExactly("b");
    }

    @Test
    void isEnoughToSeeThatTheKeyIsWholeAndToLoadEverythingInstead() {
        Shop shop = shop(
                "create table orders (tenant int, id int, item text, at timestamp, primary key (tenant, id))",
                "insert into orders values (1, 1, 'a', '2026-01-01')");
        Dataset whole = shop.orders("at", "'name': 'whole'", "'columns': ['tenant', 'id', 'item', 'at']");
        Dataset part = shop.orders("at", "'name': 'part'", "'columns': ['id', 'item', 'at']");
        shop.sync(whole);

        RunError refused = shop.run(part, null).error();
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo("needs_key");

        shop.database.execute("alter table orders alter column item type int using ascii(item)");
        assertThat(shop.sync(whole).mode()).isEqualTo("full");
        assertThat(shop.column(whole, "item")).containsExactly("97");
    }
}
