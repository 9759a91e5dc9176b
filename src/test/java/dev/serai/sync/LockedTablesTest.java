package dev.serai.sync;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.serai.dataset.Dataset;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Syncs of tables that are truncated and filled again for longer than the source's {@code lock_timeout} lets them wait. */
class LockedTablesTest {
    private static Shop shop(String... statements) {
        Shop shop = new Shop(statements);
        shop.database.execute("alter database " + shop.database.name() + " set lock_timeout = '2s'");
        return shop;
    }

    private static boolean waits(Postgres.Database database, String locks) {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement()) {
            return statement
                    .executeQuery("select from pg_locks where not granted and database ="
                            + " (select oid from pg_database where datname = current_database()) and " + locks)
                    .next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whoever went on without the lock waits now to read, with a snapshot to which the table has no rows. */
    private static void endedOrCopying(CompletableFuture<RunDataset> run, Postgres.Database database) {
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> run.isDone()
                        || waits(
                                database,
                                "locktype = 'relation' and pid in"
                                        + " (select pid from pg_stat_activity where query like 'COPY%')"));
    }

    private static void assertLocked(@Nullable RunError error) {
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo("locked");
        assertThat(error.retryable()).isTrue();
    }

    @Test
    void aDatasetIsNotEmptiedByWhatItCouldNotRead() throws Exception {
        Shop shop = shop("create table orders (id int primary key, item text)", "insert into orders values (1, 'a')");
        Dataset orders = shop.dataset("{'model': 'public.orders', 'mode': 'full'}");
        shop.sync(orders);
        try (Connection etl = shop.database.connect();
                Statement statement = etl.createStatement()) {
            statement.execute("set lock_timeout = 0");
            etl.setAutoCommit(false);
            statement.execute("truncate orders");
            statement.execute("insert into orders values (1, 'A'), (2, 'B')");

            CompletableFuture<RunDataset> run = CompletableFuture.supplyAsync(() -> shop.run(orders, null));
            endedOrCopying(run, shop.database);
            etl.commit();

            assertLocked(run.get().error());
        }
        assertThat(shop.rows(orders)).containsExactly("1|a");
        shop.sync(orders);
        assertThat(shop.rows(orders)).containsExactly("1|A", "2|B");
    }

    /** The table is truncated between the read of the window, which holds it, and that of the keys. */
    @Test
    void rowsWhoseKeysCouldNotBeReadAreNotTakenForDeleted() throws Exception {
        Shop shop = shop(
                "create table stock (id int primary key, item text, at timestamp)",
                "insert into stock values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')",
                "create view orders as select * from stock where pg_advisory_xact_lock_shared(9) is not null");
        Dataset orders = shop.orders("at", "'primary_key': ['id']", "'detect_deletes': 'hard'");
        shop.sync(orders);
        CompletableFuture<RunDataset> run;
        try (Connection etl = shop.database.connect();
                Connection gate = shop.database.connect();
                Statement statement = etl.createStatement();
                Statement gatekeeper = gate.createStatement()) {
            statement.execute("set lock_timeout = 0");
            etl.setAutoCommit(false);
            gatekeeper.execute("select pg_advisory_lock(9)");
            run = CompletableFuture.supplyAsync(() -> shop.run(orders, null));
            await().pollInterval(Duration.ofMillis(20)).until(() -> waits(shop.database, "locktype = 'advisory'"));
            CompletableFuture<Boolean> truncated = CompletableFuture.supplyAsync(() -> {
                try {
                    return statement.execute("truncate stock");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().pollInterval(Duration.ofMillis(20)).until(() -> waits(shop.database, "locktype = 'relation'"));
            gatekeeper.execute("select pg_advisory_unlock(9)");
            truncated.get();
            statement.execute("insert into stock values (2, 'b', '2026-01-02'), (3, 'c', '2026-01-03')");

            endedOrCopying(run, shop.database);
            etl.commit();

            assertLocked(run.get().error());
        }
        assertThat(shop.column(orders, "id")).isEqualTo(List.of("1", "2"));
        assertThat(shop.sync(orders).rowsDeleted()).isEqualTo(1);
        assertThat(shop.column(orders, "id")).isEqualTo(List.of("2", "3"));
    }
}
