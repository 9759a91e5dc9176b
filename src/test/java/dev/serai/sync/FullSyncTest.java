package dev.serai.sync;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.connector.NewConnector;
import dev.serai.connector.Schedule;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.FailureException;
import dev.serai.lake.Lake;
import dev.serai.lake.TableSnapshot;
import dev.serai.lake.TableVersion;
import dev.serai.metadata.Json;
import dev.serai.rows.Column;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/** From a real PostgreSQL through the routes into the lake. */
class FullSyncTest {
    private static final AtomicInteger PROJECTS = new AtomicInteger();

    private final RunningSerai serai = RunningSerai.shared();
    private final Connectors connectors = serai.bean(Connectors.class);
    private final Datasets datasets = serai.bean(Datasets.class);
    private final Syncs syncs = serai.bean(Syncs.class);
    private final Lake lake = serai.bean(Lake.class);
    private final Postgres.Database database = Postgres.database();
    private final String project = "full-sync-" + PROJECTS.incrementAndGet();
    private Connector shop = null;

    @BeforeEach
    void connect() {
        database.execute(
                "create table orders (id int primary key, item text not null, price numeric(10,2), at timestamptz)",
                "insert into orders values (1, 'saddle', 129.90, '2026-01-02 03:04:05Z'), (2, 'rope', null, null)");
        shop = connectors.create(project, postgres("Shop"));
    }

    private NewConnector postgres(String name) {
        return new NewConnector(name, "postgresql", null, database.config(), List.of("public"), true);
    }

    private Dataset dataset(String json) {
        return datasets.create(project, Json.object(json.replace('\'', '"')).put("connector_id", shop.id()));
    }

    private Run sync() {
        return ended(syncs.start(project, shop.id(), null, null, "manual", "tester"));
    }

    private Run ended(Run run) {
        return until(run, Run::ended);
    }

    private Run until(Run run, Predicate<Run> as) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> syncs.get(project, run.id()), as);
    }

    private Dataset now(Dataset dataset) {
        return datasets.get(project, dataset.id());
    }

    private List<List<@Nullable Object>> rows(Dataset dataset) throws SQLException {
        return Duck.rows("select * from (" + snapshot(dataset).scan() + ") order by 1");
    }

    private TableSnapshot snapshot(Dataset dataset) {
        return lake.snapshot(dataset.table()).orElseThrow();
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }

    @Test
    void aTableBecomesADataset() throws SQLException {
        Dataset orders = dataset("{'model': 'public.orders'}");
        Instant before = Instant.now();

        Run run = sync();

        RunDataset result = run.datasets().get(0);
        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(result.error()).isNull();
        assertThat(result.rowsRead()).isEqualTo(2);
        assertThat(result.rowsWritten()).isEqualTo(2);
        assertThat(result.bytes()).isPositive();
        assertThat(result.warnings()).isEmpty();
        assertThat(result.version()).isZero();
        Dataset ready = now(orders);
        assertThat(ready.name()).isEqualTo("shop__public__orders");
        assertThat(ready.status()).isEqualTo("ready");
        assertThat(ready.rows()).isEqualTo(2);
        assertThat(ready.version()).isZero();
        assertThat(ready.primaryKey()).containsExactly("id");
        assertThat(ready.schema()).extracting(Column::name).containsExactly("id", "item", "price", "at");
        assertThat(ready.schema())
                .extracting(column -> column.type().duckdb())
                .containsExactly("INTEGER", "VARCHAR", "DECIMAL(10,2)", "TIMESTAMP WITH TIME ZONE");
        assertThat(ready.freshness()).isAfterOrEqualTo(before.minusSeconds(1));
        assertThat(ready.lastRun()).isEqualTo(run.id());
        List<List<@Nullable Object>> rows = rows(orders);
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).subList(0, 3).stream().map(FullSyncTest::text)).containsExactly("1", "saddle", "129.90");
        assertThat(rows.get(1).subList(2, 4)).containsOnlyNulls();
    }

    @Test
    void anotherSyncReplacesTheRowsAndTellsHowTheColumnsChanged() throws SQLException {
        Dataset orders = dataset("{'model': 'public.orders'}");
        sync();
        database.execute(
                "alter table orders drop column at, add column paid boolean not null default true,"
                        + " alter column item type varchar(20), alter column price type numeric(12,2)",
                "delete from orders where id = 1",
                "insert into orders values (3, 'lamp', 5, false)");

        RunDataset result = sync().datasets().get(0);

        assertThat(result.version()).isEqualTo(1);
        assertThat(result.warnings())
                .extracting(RunWarning::code, RunWarning::column)
                .containsExactlyInAnyOrder(
                        tuple("column_added", "paid"), tuple("column_removed", "at"), tuple("column_changed", "price"));
        assertThat(now(orders).schema()).extracting(Column::name).containsExactly("id", "item", "price", "paid");
        assertThat(rows(orders).stream().map(row -> text(row.get(0)))).containsExactly("2", "3");
        List<TableVersion> history = datasets.history(project, orders.id());
        assertThat(history).extracting(TableVersion::version).containsExactly(1L, 0L);
        assertThat(history.get(0).schemaChanges()).isNotEmpty();
        assertThat(lake.snapshot(orders.table(), 0).orElseThrow().rows()).isEqualTo(2);
    }

    @Test
    void anEmptySourceGivesAnEmptyDataset() throws SQLException {
        Dataset orders = dataset("{'model': 'public.orders'}");
        database.execute("create table gifts (id int, name text)");
        Dataset gifts = dataset("{'model': 'public.gifts'}");
        sync();
        database.execute("delete from orders");

        Run run = sync();

        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(now(orders).rows()).isZero();
        assertThat(rows(orders)).isEmpty();
        assertThat(now(gifts).status()).isEqualTo("ready");
        assertThat(now(gifts).schema()).extracting(Column::name).containsExactly("id", "name");
        assertThat(rows(gifts)).isEmpty();
    }

    @Test
    void aFailedDatasetKeepsItsOldRowsAndTheOthersRun() throws SQLException {
        database.execute("create table a (id int)", "create table z (id int)", "insert into z values (1)");
        Dataset first = dataset("{'model': 'public.a'}");
        Dataset orders = dataset("{'model': 'public.orders'}");
        Dataset last = dataset("{'model': 'public.z'}");
        sync();
        database.execute("alter table orders rename to elsewhere", "insert into z values (2)");

        Run run = sync();

        assertThat(run.status()).isEqualTo("failed");
        assertThat(run.reason()).isEqualTo("1 of 3 datasets failed.");
        assertThat(SyncStage.of(run, first).status()).isEqualTo("succeeded");
        assertThat(SyncStage.of(run, last).rowsWritten()).isEqualTo(2);
        RunError error = SyncStage.of(run, orders).error();
        assertThat(error).isNotNull();
        assertThat(error.layer()).isIn("read", "authorize");
        assertThat(error.code()).isNotEqualTo("internal");
        assertThat(now(orders).status()).isEqualTo("failed");
        assertThat(now(orders).rows()).isEqualTo(2);
        assertThat(rows(orders)).hasSize(2);
    }

    @Test
    void aQueryAndChosenColumnsAreReadAsAsked() throws SQLException {
        Dataset few = dataset("{'model': 'public.orders', 'name': 'few', 'columns': ['item', 'id']}");
        Dataset sums = dataset(
                "{'query': 'select count(*) as n, sum(price) as total from orders where id < 10', 'name': 'sums'}");
        Dataset wrong = dataset("{'model': 'public.orders', 'name': 'wrong', 'columns': ['id', 'colour']}");

        Run run = sync();

        assertThat(now(few).schema()).extracting(Column::name).containsExactlyInAnyOrder("item", "id");
        assertThat(rows(sums).get(0).stream().map(FullSyncTest::text)).containsExactly("2", "129.90");
        assertThat(SyncStage.of(run, wrong).status()).isEqualTo("failed");
        assertThat(SyncStage.of(run, wrong).error().code()).isNotEqualTo("internal");
    }

    @Test
    void schemasThatAreNotOfferedAnyMoreAreNotRead() {
        Dataset orders = dataset("{'model': 'public.orders'}");
        connectors.patch(project, shop.id(), Json.object("{\"output_schemas\": [\"sales\"]}"));

        Run run = sync();

        assertThat(SyncStage.of(run, orders).error()).extracting(RunError::code).isEqualTo("schema_not_offered");
    }

    @Test
    void cancellingStopsTheStatementAtTheSource() throws SQLException {
        Dataset slow = dataset(
                "{'query': 'select g, pg_sleep(0.01) is null as s from generate_series(1, 100000) g', 'name': 'slow'}");
        Run run = until(
                syncs.startDataset(project, slow.id(), "tester"),
                going -> going.datasets().get(0).status().equals("running") && statements() > 0);

        Instant asked = Instant.now();
        syncs.cancel(project, run.id());
        Run ended = ended(run);

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(ended.status()).isEqualTo("cancelled");
        await().atMost(Duration.ofSeconds(5)).until(() -> statements() == 0);
        assertThat(lake.snapshot(slow.table())).isEmpty();
        assertThat(now(slow).status()).isEqualTo("new");
    }

    @Test
    void aDatasetThatIsDeletedDuringItsSyncEndsItAndNoOther() {
        Dataset slow = dataset(
                "{'query': 'select g, pg_sleep(0.01) is null as s from generate_series(1, 100000) g', 'name': 'slow'}");
        Dataset orders = dataset("{'model': 'public.orders'}");
        Run run = until(
                syncs.start(project, shop.id(), null, null, "manual", "tester"),
                going -> SyncStage.of(going, slow).status().equals("running") && statements() > 0);

        serai.as("member", project).delete("/api/datasets/" + slow.id());
        Run ended = ended(run);

        assertThat(SyncStage.of(ended, slow).error()).extracting(RunError::code).isEqualTo("dataset_deleted");
        assertThat(SyncStage.of(ended, orders).status()).isEqualTo("succeeded");
        assertThat(statements()).isZero();
        assertThat(lake.snapshot(slow.table())).isEmpty();
    }

    private int statements() {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity where state = 'active'"
                        + " and query like '%pg_sleep%' and pid <> pg_backend_pid() and datname = '" + database.name()
                        + "'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDeletedConnectorsDatasetsStayAsTheyAre() throws SQLException {
        Dataset orders = dataset("{'model': 'public.orders'}");
        sync();

        connectors.delete(project, shop.id());

        assertThat(now(orders).connectorStatus()).isEqualTo("deleted");
        assertThat(now(orders).schema()).hasSize(4);
        assertThat(rows(orders)).hasSize(2);
        assertThat(datasets.history(project, orders.id())).hasSize(1);
        assertThatThrownBy(() -> syncs.startDataset(project, orders.id(), "tester"))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("connector_deleted"));
    }

    @Test
    void deletingADatasetRemovesItsRowsAndHistory() {
        Dataset orders = dataset("{'model': 'public.orders'}");
        sync();

        datasets.delete(project, orders.id());

        assertThat(lake.snapshot(orders.table())).isEmpty();
        assertThat(lake.history(orders.table())).isEmpty();
        assertThat(datasets.byName(project, orders.name())).isEmpty();
        assertThat(dataset("{'model': 'public.orders'}").version()).isNull();
    }

    @Test
    void anIncrementalDatasetIsFirstLoadedWholeAndSaysSo() {
        Dataset orders = dataset("{'model': 'public.orders', 'mode': 'incremental', 'watermark_column': 'at'}");
        Dataset blind = dataset(
                "{'model': 'public.orders', 'name': 'blind', 'mode': 'incremental', 'watermark_column': 'nosuch'}");

        Run first = sync();
        RunDataset again = SyncStage.of(sync(), orders);

        assertThat(SyncStage.of(first, orders).mode()).isEqualTo("full");
        assertThat(SyncStage.of(first, orders).reason()).contains("first run");
        assertThat(again.mode()).isEqualTo("incremental");
        assertThat(again.warnings()).extracting(RunWarning::code).containsExactly("null_watermark");
        assertThat(SyncStage.of(first, blind).status()).isEqualTo("skipped");
        assertThat(SyncStage.of(first, blind).reason()).contains("nosuch");
        assertThat(now(blind).status()).isEqualTo("needs_watermark");
        assertThat(first.status()).isEqualTo("succeeded");
    }

    @Test
    void aBootstrapDiscoversEveryTableAndSyncsIt() {
        database.execute("create table customers (id int primary key)", "create view names as select item from orders");
        Bootstrapped made = serai.bean(Bootstrap.class)
                .bootstrap(project, new BootstrapRequest(postgres("All of it"), Schedule.NONE, null));

        Run run = ended(syncs.start(project, made.connector().id(), null, null, "manual", "tester"));

        assertThat(run.status()).isEqualTo("succeeded");
        assertThat(run.datasets())
                .extracting(RunDataset::name)
                .containsExactlyInAnyOrder(
                        "all_of_it__public__orders", "all_of_it__public__customers", "all_of_it__public__names");
        assertThat(run.datasets()).allMatch(dataset -> dataset.status().equals("succeeded"));
        assertThat(connectors.get(project, made.connector().id()).discovery()).isEqualTo("done");
    }

    @Test
    void aUsersRouteStartsASync() {
        dataset("{'model': 'public.orders'}");
        ProducerTemplate camel = serai.bean(ProducerTemplate.class);

        Object answer =
                camel.requestBodyAndHeaders("direct:sync", null, Map.of("connector", shop.slug(), "project", project));

        assertThat(answer).isInstanceOf(Map.class);
        String id = String.valueOf(((Map<?, ?>) answer).get("run_id"));
        assertThat(ended(syncs.get(project, id)).status()).isEqualTo("succeeded");
    }
}
