import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.sql.PostgresDatabase;
import dev.serai.lake.CommitRequest;
import dev.serai.lake.CommitResult;
import dev.serai.lake.Lake;
import dev.serai.lake.TableId;
import dev.serai.rows.Cancellation;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.Postgres;
import dev.serai.testing.Settings;

/**
 * A full sync of a table like TPC-H's lineitem, from a real PostgreSQL into a Delta table, against the time in which
 * psql reads the same rows and throws them away. The two take turns, so that a busy machine disturbs both.
 */
public final class Main {
    private static final String LINEITEM = """
            SELECT n / 4 AS l_orderkey, (hashint8(n) & 199999) AS l_partkey, (hashint8(n + 7) & 9999) AS l_suppkey,
                   (n % 4 + 1)::int AS l_linenumber, (1 + n % 50)::numeric(15, 2) AS l_quantity,
                   (900 + (hashint8(n) & 9999999) / 100.0)::numeric(15, 2) AS l_extendedprice,
                   ((n % 11) / 100.0)::numeric(15, 2) AS l_discount, ((n % 9) / 100.0)::numeric(15, 2) AS l_tax,
                   (ARRAY['A', 'N', 'R'])[1 + n % 3]::char(1) AS l_returnflag,
                   (ARRAY['O', 'F'])[1 + n % 2]::char(1) AS l_linestatus,
                   DATE '1992-01-02' + (hashint8(n) & 2047) AS l_shipdate,
                   DATE '1992-01-31' + (hashint8(n + 1) & 2047) AS l_commitdate,
                   DATE '1992-01-04' + (hashint8(n + 2) & 2047) AS l_receiptdate,
                   (ARRAY['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'])[1 + n % 4]::char(25)
                       AS l_shipinstruct,
                   (ARRAY['TRUCK', 'MAIL', 'SHIP', 'AIR', 'RAIL', 'FOB', 'REG AIR'])[1 + n % 7]::char(10) AS l_shipmode,
                   (SELECT string_agg(words[1 + (hashint8(n * 8 + i) & 31)], ' ')
                    FROM generate_series(1, 3 + (n % 4)::int) i) AS l_comment
            FROM generate_series(0, :last) n,
                 (SELECT string_to_array('carefully final deposits detect slyly against the furiously regular packages '
                     || 'blithely even accounts sleep quickly above pending requests nag bold ideas wake express theodolites '
                     || 'silent foxes haggle daringly ironic pinto beans', ' ') AS words) dictionary
            """;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 6_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Path data = Files.createTempDirectory("serai-bench");
        SeraiSettings settings = Settings.of(Map.of("serai.data-dir", data.toString()));
        try (Postgres server = Postgres.start(
                        Map.of("shared_buffers", "1GB", "max_wal_size", "8GB", "fsync", "off", "jit", "off"));
                Lake lake = new Lake(settings)) {
            Postgres.Database database = server.newDatabase();
            System.out.printf("%,d rows: making them …%n", rows);
            database.execute(
                    "CREATE UNLOGGED TABLE lineitem AS " + LINEITEM.replace(":last", String.valueOf(rows - 1)), "VACUUM ANALYZE lineitem");
            database.execute("SELECT count(*) FROM lineitem");
            compare(database, lake, settings, rounds);
        }
        System.out.printf("peak memory of this process: %d MB%n", peakMegabytes());
    }

    private static void compare(Postgres.Database database, Lake lake, SeraiSettings settings, int rounds)
            throws Exception {
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double psql = psql(database);
            double cpuBefore = cpu();
            long start = System.nanoTime();
            CommitResult result = sync(database, lake, settings, round);
            double serai = seconds(start);
            ratios.add(psql / serai);
            System.out.printf(
                    "round %d: psql %.2f s, serai %.2f s (%.1f s of CPU, %,d rows, %d MB): ratio %.2f, load %.1f%n",
                    round, psql, serai, cpu() - cpuBefore, result.rowsWritten(), result.bytes() >> 20, psql / serai,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        }
        ratios.sort(Double::compare);
        System.out.printf("median ratio %.2f%n", ratios.get(ratios.size() / 2));
    }

    private static double psql(Postgres.Database database) throws IOException, InterruptedException {
        ProcessBuilder psql = new ProcessBuilder(
                "psql", "-h", database.host(), "-p", String.valueOf(database.port()), "-U", database.username(), "-d",
                database.name(), "-c", "COPY lineitem TO STDOUT (FORMAT binary)");
        psql.environment().put("PGPASSWORD", database.password());
        psql.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        long start = System.nanoTime();
        if (psql.start().waitFor() != 0) {
            throw new IllegalStateException("psql failed");
        }
        return seconds(start);
    }

    private static CommitResult sync(Postgres.Database database, Lake lake, SeraiSettings settings, int round) {
        Map<String, Object> config = Map.of(
                "host", database.host(), "port", database.port(), "database", database.name(), "username",
                database.username(), "password", database.password(), "sslmode", "disable", "connect_timeout", 10,
                "read_timeout", 300);
        try (PostgresDatabase source = new PostgresDatabase(config, new EgressPolicy(settings))) {
            return lake.replace(
                    new TableId("default", "lineitem"),
                    source.read(Map.of("model", Map.of("schema", "public", "name", "lineitem"))),
                    new CommitRequest("run_" + round, null, rows -> {}, new Cancellation()));
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private static long peakMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElse(-1);
    }
}
