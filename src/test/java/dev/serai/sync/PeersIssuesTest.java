package dev.serai.sync;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.serai.connector.Connector;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.DatasetStage;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Duck;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of other products lost in syncs, replayed: each test tells the story of one report, by the product's name and the
 * report's number.
 */
class PeersIssuesTest {
    private static final String USERS =
            "create table orders (id int primary key, email text, at timestamp not null default now())";

    private static final String EVAN_BRIAN_ANDY =
            """
            insert into orders values (1, 'evan@example.com', '2022-01-01'), (2, 'brian@example.com', '2022-01-02'),
                (3, 'andy@example.com', '2022-01-03')
            """;

    private static void emails(Shop shop, Dataset users) throws SQLException {
        shop.sameAsSource(users, "id, email");
    }

    /**
     * Airbyte 14732: a user is added in the same instant at which a sync runs, after its query. The next sync asks for what
     * is later than that instant, and never for her.
     */
    @Test
    void airbyte14732ARowAddedInTheInstantOfTheLastCursorIsSynced() throws SQLException {
        Shop shop = new Shop(USERS, EVAN_BRIAN_ANDY);
        Dataset users = shop.orders("at");
        shop.sync(users);
        shop.database.execute("insert into orders values (4, 'greg@example.com', '2022-01-03')");

        shop.sync(users);

        emails(shop, users);
        assertThat(shop.sync(users).rowsWritten()).as("and not again each time").isZero();
    }

    /** The same without a key, where the report's remedy brought the rows of that instant twice. */
    @Test
    void airbyte14732NorIsAnyRowOfThatInstantDoubledWithoutAKey() throws SQLException {
        Shop shop = new Shop(USERS.replace(" primary key", ""), EVAN_BRIAN_ANDY);
        Dataset users = shop.orders("at");
        shop.sync(users);
        shop.database.execute(
                "insert into orders values (4, 'greg@example.com', '2022-01-03'), (3, 'andy@example.com', '2022-01-03')");

        shop.sync(users);
        shop.sync(users);

        assertThat(shop.column(users, "id")).containsExactly("1", "2", "3", "3", "4");
    }

    /**
     * Airbyte 21500: rows are read page by page in the order of the cursor; one that is changed between two pages moves to the
     * end, all others move up by one, and the first of the next page is never seen.
     */
    @Test
    void airbyte21500RowsThatAreChangedWhileTheyAreReadHideNoOthers() throws Exception {
        Shop shop = new Shop(
                USERS,
                "insert into orders select i, repeat(md5(i::text), 20), timestamp '2022-01-01' + i * interval '1 second'"
                        + " from generate_series(1, 30000) i");
        Dataset users = shop.orders("at");
        try (Connection application = shop.database.connect();
                Statement statement = application.createStatement()) {
            Run run =
                    shop.syncs.start(shop.project, shop.connector.id(), null, List.of(users.id()), "manual", "tester");
            int changed = 0;
            while (!shop.syncs.get(shop.project, run.id()).ended()) {
                changed++;
                statement.execute("update orders set at = now(), email = 'changed' where id = " + changed);
            }
            assertThat(shop.ended(run).status()).isEqualTo("succeeded");
            assertThat(changed).isPositive();
            assertThat(shop.select(
                            "count(distinct id) from (" + shop.snapshot(users).scan() + ")"))
                    .containsExactly("30000");
        }

        shop.sync(users);

        emails(shop, users);
    }

    /**
     * Airbyte 80152: two rows get their time just before a sync begins and are committed just after it has looked; a third,
     * committed before, has a later time. The cursor goes past the two, and no sync ever asks for them.
     */
    @Test
    void airbyte80152RowsCommittedJustAfterTheSyncLookedAreFoundByItsLookbackOrByTheirTransactions()
            throws SQLException {
        Shop shop = new Shop(USERS, EVAN_BRIAN_ANDY);
        Dataset lookingBack = shop.orders("at", "'name': 'looking_back'", "'lookback': 'PT10M'");
        Dataset byTransaction = shop.orders("xmin", "'name': 'by_transaction'");
        shop.sync(lookingBack);
        shop.sync(byTransaction);
        try (Connection application = shop.database.connect();
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into orders values (4, 'first', '2026-06-12 16:31:32.869'),"
                    + " (5, 'second', '2026-06-12 16:31:32.869')");
            shop.database.execute("insert into orders values (6, 'third', '2026-06-12 16:31:33.68')");
            shop.sync(lookingBack);
            shop.sync(byTransaction);
            assertThat(shop.column(byTransaction, "email")).contains("third").doesNotContain("first", "second");
            application.commit();
        }

        shop.sync(lookingBack);
        shop.sync(byTransaction);

        emails(shop, lookingBack);
        emails(shop, byTransaction);
    }

    /**
     * Airbyte 9157: a time of the cursor is kept in milliseconds or seconds. Rounded up it skips rows, rounded down it brings
     * the same ones each time.
     */
    @Test
    void airbyte9157TheCursorIsNeitherRoundedUpNorDown() throws SQLException {
        Shop shop = new Shop(
                USERS,
                "insert into orders values (1, 'low', '2021-12-28 10:00:00.499999'), (2, 'high', '2021-12-28 10:00:00.500001')");
        Dataset users = shop.orders("at");
        assertThat(shop.sync(users).watermarkAfter()).isEqualTo("2021-12-28 10:00:00.500001");
        shop.database.execute("insert into orders values (3, 'higher', '2021-12-28 10:00:00.500002')");

        RunDataset run = shop.sync(users);

        assertThat(run.rowsRead()).as("the last of before and the new one").isEqualTo(2);
        assertThat(run.rowsWritten()).isEqualTo(1);
        emails(shop, users);
        assertThat(shop.column(users, "\"at\"")).contains("2021-12-28 10:00:00.500002");
    }

    /**
     * Airbyte 73715: a table that was synced incrementally is to be loaded anew, several times. The run says how many rows it
     * loaded and succeeds, and the table is empty: the rows carry the number of another attempt than the one looked for.
     */
    @Test
    void airbyte73715LoadingAnIncrementalTableAnewNeverEmptiesIt() throws SQLException {
        Shop shop = new Shop(USERS, EVAN_BRIAN_ANDY);
        Dataset users = shop.orders("at");
        shop.sync(users);
        for (int generation = 4; generation < 8; generation++) {
            shop.database.execute("insert into orders values (" + generation + ", 'another', '2022-01-04')");

            RunDataset anew = shop.run(users, "full");

            assertThat(anew.status()).isEqualTo("succeeded");
            assertThat(anew.rowsWritten()).isEqualTo(generation);
            emails(shop, users);
            assertThat(shop.now(users).rows()).isEqualTo(generation);
            shop.sync(users);
            emails(shop, users);
        }
    }

    /**
     * Airbyte 86347: an attempt loads everything, swaps the new table in, and fails after that. The next attempt of the same
     * job builds a table of what is left to do, which is next to nothing, swaps that in and reports success.
     */
    @Test
    void airbyte86347AnAttemptAfterOneThatFailedWithItsWorkDoneLeavesThatWorkWhole() throws SQLException {
        DatasetStage datasets = new DatasetStage(MetadataStore.H2, TestLake.shared());
        DatasetFlow tenThousandRows = OtherProcess.flow(datasets, datasets.lake, () -> {});
        AtomicInteger runs = new AtomicInteger();
        DatasetFlow failing = sync -> {
            DatasetResult done = tenThousandRows.run(sync);
            if (runs.incrementAndGet() == 1) {
                throw new FailureException(
                        new Failure.Source(Failure.Layer.CONNECT, "connection_lost", "It went away.", true));
            }
            // As an attempt that does not know of the one before.
            assertThat(tenThousandRows.run(sync).version()).isEqualTo(done.version());
            return done;
        };
        try (SyncStage stage = new SyncStage(
                datasets,
                failing,
                (connector, stop) -> List.of(),
                SyncStage.newDataDir(),
                Map.of("serai.sync.retry", "10s"))) {
            Connector shelf = datasets.shelf();
            Dataset books = datasets.dataset(shelf, "public.books");
            for (int version = 0; version < 2; version++) {
                Run run = stage.ended(stage.start(shelf));

                RunDataset outcome = SyncStage.of(run, books);
                assertThat(outcome.status()).as("%s", outcome.error()).isEqualTo("succeeded");
                assertThat(outcome.rowsWritten()).isEqualTo(10_000);
                assertThat(outcome.version()).isEqualTo(version);
                assertThat(datasets.lake.history(books.table())).hasSize(version + 1);
                assertThat(Duck.rows("select count(*), count(distinct n) from ("
                                + datasets.lake
                                        .snapshot(books.table())
                                        .orElseThrow()
                                        .scan() + ")"))
                        .containsExactly(List.of(10_000L, 10_000L));
            }
            assertThat(runs).as("what was committed is not tried again").hasValue(2);
        }
    }
}
