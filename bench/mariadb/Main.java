import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import com.fasterxml.jackson.databind.JsonNode;
import org.springframework.util.FileSystemUtils;

import dev.serai.testing.MariaDb;
import dev.serai.testing.PackagedSerai;
import dev.serai.testing.ProcessFigures;
import dev.serai.testing.SyncOverHttp;

/**
 * A full sync of a table like TPC-H's lineitem by a Serai as its users run it, asked for and awaited over HTTP, against
 * the time in which the client mariadb reads the same rows and throws them away. The two take turns, so that a busy machine disturbs
 * both. MariaDB is a real one on the same machine.
 */
public final class Main {
    private static final List<String> JVM = List.of("-Xmx256m");
    private static final Map<String, String> SETTINGS = Map.of("SERAI_SYNC_MEMORY", "512MB");

    private final MariaDb.Database database;
    private final ProcessFigures figures;
    private final long rows;
    private final long idle;
    private final SyncOverHttp lineitem;

    /** @param peak megabytes; {@code cpu} in seconds of Serai's process */
    private record Round(double client, double serai, double cpu, long peak, long bytes) {
        double ratio() {
            return client / serai;
        }
    }

    private Main(MariaDb.Database database, PackagedSerai serai, long rows) {
        this.database = database;
        this.figures = serai.figures();
        this.rows = rows;
        this.idle = figures.megabytes();
        this.lineitem = SyncOverHttp.from(database, serai.admin()).table("lineitem");
    }

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 6_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        List<String> options = new ArrayList<>(JVM);
        options.addAll(Arrays.asList(System.getProperty("jvm", "").split(" ")));
        options.removeIf(String::isBlank);
        System.out.printf(
                "mariadb: %,d rows, %d rounds after one to warm up; Serai with %s, %s%n", rows, rounds, options, SETTINGS);
        Path folder = Files.createTempDirectory("serai-bench");
        try (MariaDb server = MariaDb.start("--innodb-buffer-pool-size=2G", "--innodb-log-file-size=1G")) {
            MariaDb.Database database = server.newDatabase();
            create(database, rows);
            try (PackagedSerai serai = PackagedSerai.start(folder, options, SETTINGS)) {
                new Main(database, serai, rows).run(rounds);
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    /** Like TPC-H's lineitem: 16 columns, rows of about 150 bytes, texts with words in them. */
    private static void create(MariaDb.Database database, long rows) {
        database.execute(
                """
                CREATE TABLE lineitem (
                  l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber int, l_quantity decimal(15,2),
                  l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2), l_returnflag char(1),
                  l_linestatus char(1), l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct char(25),
                  l_shipmode char(10), l_comment varchar(100))
                """,
                """
                INSERT INTO lineitem
                SELECT seq DIV 4, crc32(seq) & 199999, crc32(seq + 7) & 9999, seq % 4 + 1, 1 + seq % 50,
                       900 + (crc32(seq) & 9999999) / 100, (seq % 11) / 100, (seq % 9) / 100, elt(1 + seq % 3, 'A', 'N', 'R'),
                       elt(1 + seq % 2, 'O', 'F'), '1992-01-02' + INTERVAL (crc32(seq) & 2047) DAY,
                       '1992-01-31' + INTERVAL (crc32(seq + 1) & 2047) DAY, '1992-01-04' + INTERVAL (crc32(seq + 2) & 2047) DAY,
                       elt(1 + seq % 4, 'DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'),
                       elt(1 + seq % 7, 'TRUCK', 'MAIL', 'SHIP', 'AIR', 'RAIL', 'FOB', 'REG AIR'),
                       concat_ws(' ', elt(1 + (crc32(seq) & 7), 'carefully', 'final', 'deposits', 'slyly', 'furious', 'regular', 'packages', 'even'),
                         elt(1 + (crc32(seq + 3) & 7), 'accounts', 'sleep', 'quickly', 'above', 'pending', 'requests', 'nag', 'bold'),
                         elt(1 + (crc32(seq + 5) & 7), 'ideas', 'wake', 'express', 'theodolites', 'silent', 'foxes', 'haggle', 'daringly'))
                FROM seq_0_to_:last
                """
                        .replace(":last", String.valueOf(rows - 1)),
                "SELECT count(*) FROM lineitem");
    }

    private void run(int rounds) throws IOException, InterruptedException {
        System.out.printf("idle: %d MB%n", idle);
        print("warm-up", round());
        List<Round> measured = new ArrayList<>();
        for (int i = 1; i <= rounds; i++) {
            Round round = round();
            print("round " + i, round);
            measured.add(round);
        }
        System.out.printf("%n%-34s %10s %10s %10s%n", "", "median", "least", "most");
        row("ratio (mariadb s / Serai s)", "%.2f", measured, Round::ratio);
        row("mariadb s", "%.2f", measured, Round::client);
        row("Serai s", "%.2f", measured, Round::serai);
        row("Serai rows/s", "%,.0f", measured, round -> rows / round.serai());
        row("Serai CPU s", "%.1f", measured, Round::cpu);
        row("Serai peak MB", "%.0f", measured, Round::peak);
        row("Serai peak MB over idle", "%.0f", measured, round -> round.peak() - idle);
    }

    private Round round() throws IOException, InterruptedException {
        double client = client();
        figures.forgetPeak();
        Duration before = figures.cpu();
        long start = System.nanoTime();
        JsonNode dataset = sync(lineitem);
        double serai = seconds(start);
        double cpu = figures.cpu().minus(before).toMillis() / 1000.0;
        long peak = figures.peakMegabytes();
        return new Round(client, serai, cpu, peak, dataset.path("bytes").asLong());
    }

    private double client() throws IOException, InterruptedException {
        ProcessBuilder client = new ProcessBuilder(
                MariaDb.program("mariadb"), "--no-defaults", "--quick", "--skip-ssl", "--protocol=tcp",
                "--host=" + database.host(), "--port=" + database.port(), "--user=" + database.username(),
                "--database=" + database.name(), "--execute=SELECT * FROM lineitem");
        client.environment().put("MYSQL_PWD", database.password());
        client.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        long start = System.nanoTime();
        if (client.start().waitFor() != 0) {
            throw new IllegalStateException("mariadb failed");
        }
        return seconds(start);
    }

    /** What the run says of the dataset. */
    private JsonNode sync(SyncOverHttp source) {
        JsonNode run = source.run();
        JsonNode dataset = run.path("datasets").path(0);
        if (!run.path("status").asText().equals("succeeded") || dataset.path("rows_written").asLong() != rows) {
            throw new IllegalStateException(run.toPrettyString());
        }
        return dataset;
    }

    private void print(String name, Round round) {
        System.out.printf(
                "%s: mariadb %.2f s, Serai %.2f s, ratio %.2f, %,.0f rows/s, %.1f s of CPU, peak %d MB (%d over idle), %d MB written%n",
                name, round.client(), round.serai(), round.ratio(), rows / round.serai(), round.cpu(), round.peak(),
                round.peak() - idle, round.bytes() >> 20);
    }

    private static void row(String name, String format, List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        System.out.printf(
                "%-34s %10s %10s %10s%n",
                name,
                format.formatted(sorted[sorted.length / 2]),
                format.formatted(sorted[0]),
                format.formatted(sorted[sorted.length - 1]));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
