package dev.serai.connector.sql.postgres;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.serai.rows.RowScan;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;

import static org.assertj.core.api.Assertions.assertThat;

/** Many wide rows through a cursor: several times as many bytes as there is memory. */
@Tag("soak")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CursorMemoryTest {
    private static final long MOST_MORE = 128L << 20;

    @Test
    void aMillionWideRowsTakeNoMoreMemoryThanAFew() throws Exception {
        Postgres.Database server = Postgres.database();
        // A view: the rows are made on their way.
        server.execute("CREATE VIEW wide AS SELECT i, repeat(md5(i::text), 64 + (i % 3)::int * 32) AS t"
                + " FROM generate_series(1, 1200000) i");
        AtomicLong most = new AtomicLong();
        try (PostgresProxy proxy = new PostgresProxy(server).refuseCopy("0A000", "COPY TO STDOUT not yet supported");
                PostgresDatabase connector = PostgresConfigs.open(proxy.database());
                Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("SET memory_limit = '512MB'");
            statement.execute("SET threads = 2");
            System.gc();
            long before = kept();
            try (RowScan scan = RowScan.open(
                            duckdb,
                            connector.read(Map.of("model", Map.of("schema", "public", "name", "wide"))),
                            Path.of(System.getProperty("java.io.tmpdir")),
                            rows -> most.accumulateAndGet(kept(), Math::max));
                    ResultSet row = statement.executeQuery(
                            "SELECT count(*), sum(length(t))::BIGINT FROM " + scan.relation() + " AS rows")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(1_200_000);
                assertThat(row.getLong(2)).isEqualTo(1_200_000L * 32 * 96);
            }
            assertThat(proxy.asked("FETCH")).isGreaterThan(1_200_000 / CursorRows.MOST_ROWS);
            assertThat(most.get() - before).isLessThan(MOST_MORE);
        }
    }

    /** What the last collection of the heap's old part left. */
    private static long kept() {
        List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
        return pools.stream()
                .filter(pool ->
                        pool.getName().contains("Tenured") || pool.getName().contains("Old"))
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }
}
