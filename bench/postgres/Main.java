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
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

import dev.serai.testing.Lineitem;
import dev.serai.testing.PackagedSerai;
import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;
import dev.serai.testing.ProcessFigures;
import dev.serai.testing.SyncOverHttp;

/**
 * A full sync of a table like TPC-H's lineitem by a Serai as its users run it, asked for and awaited over HTTP, against
 * the time in which psql reads the same rows and throws them away. The two take turns, so that a busy machine disturbs
 * both. PostgreSQL is a real one on the same machine.
 */
public final class Main {
    private static final List<String> JVM = List.of("-Xmx256m");
    private static final Map<String, String> SETTINGS = Map.of("SERAI_SYNC_MEMORY", "512MB");

    private final Postgres.Database database;
    private final ProcessFigures figures;
    private final long rows;
    private final long idle;
    private final SyncOverHttp lineitem;
    private final SyncOverHttp parallel;
    private final @Nullable SyncOverHttp fetched;

    /** @param peak megabytes; {@code cpu} in seconds of Serai's process; {@code parallel} seconds over two connections; {@code cursor} seconds, or 0 */
    private record Round(double psql, double serai, double cpu, long peak, long bytes, double parallel, double cursor) {
        double ratio() {
            return psql / serai;
        }
    }

    private Main(Postgres.Database database, PackagedSerai serai, long rows, boolean cursor) {
        this.database = database;
        this.figures = serai.figures();
        this.rows = rows;
        this.idle = figures.megabytes();
        // Both go through a proxy, which costs something, so that they can be compared.
        Postgres.Database seen = cursor ? new PostgresProxy(database).database() : database;
        this.lineitem = SyncOverHttp.from(seen, serai.admin()).table("lineitem");
        this.parallel =
                SyncOverHttp.from("parallel", seen, serai.admin()).table("lineitem", "lineitem_over_two", 2);
        this.fetched = cursor ? fetched(serai) : null;
    }

    private SyncOverHttp fetched(PackagedSerai serai) {
        database.execute("CREATE VIEW fetched AS TABLE lineitem");
        PostgresProxy proxy = new PostgresProxy(database).refuseCopy("0A000", "COPY TO STDOUT not yet supported");
        return SyncOverHttp.from("cursor", proxy.database(), serai.admin()).table("fetched");
    }

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 6_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        boolean cursor = arguments.length > 2 && arguments[2].equals("cursor");
        List<String> options = new ArrayList<>(JVM);
        options.addAll(Arrays.asList(System.getProperty("jvm", "").split(" ")));
        options.removeIf(String::isBlank);
        System.out.printf(
                "postgres: %,d rows, %d rounds after one to warm up; Serai with %s, %s%n", rows, rounds, options, SETTINGS);
        Path folder = Files.createTempDirectory("serai-bench");
        try (Postgres server = Postgres.start(
                Map.of("shared_buffers", "2GB", "max_wal_size", "8GB", "fsync", "off", "jit", "off"))) {
            Postgres.Database database = server.newDatabase();
            Lineitem.create(database, rows);
            try (PackagedSerai serai = PackagedSerai.start(folder, options, SETTINGS)) {
                new Main(database, serai, rows, cursor).run(rounds);
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
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
        row("ratio (psql s / Serai s)", "%.2f", measured, Round::ratio);
        row("psql s", "%.2f", measured, Round::psql);
        row("Serai s", "%.2f", measured, Round::serai);
        row("Serai rows/s", "%,.0f", measured, round -> rows / round.serai());
        row("Serai CPU s", "%.1f", measured, Round::cpu);
        row("Serai peak MB", "%.0f", measured, Round::peak);
        row("Serai peak MB over idle", "%.0f", measured, round -> round.peak() - idle);
        row("over two connections s", "%.2f", measured, Round::parallel);
        row("ratio (over one s / over two s)", "%.2f", measured, round -> round.serai() / round.parallel());
        if (fetched != null) {
            row("by cursor s", "%.2f", measured, Round::cursor);
            row("ratio (by COPY s / by cursor s)", "%.2f", measured, round -> round.serai() / round.cursor());
        }
    }

    private Round round() throws IOException, InterruptedException {
        double psql = psql();
        figures.forgetPeak();
        Duration before = figures.cpu();
        long start = System.nanoTime();
        JsonNode dataset = sync(lineitem);
        double serai = seconds(start);
        double cpu = figures.cpu().minus(before).toMillis() / 1000.0;
        long peak = figures.peakMegabytes();
        return new Round(psql, serai, cpu, peak, dataset.path("bytes").asLong(), parallel(), cursor());
    }

    /** The same table over two connections. */
    private double parallel() {
        figures.forgetPeak();
        Duration before = figures.cpu();
        long start = System.nanoTime();
        JsonNode dataset = sync(parallel);
        double seconds = seconds(start);
        if (!dataset.path("warnings").isEmpty()) {
            throw new IllegalStateException(dataset.toPrettyString());
        }
        System.out.printf(
                "over two connections: %.2f s, %.1f s of CPU, peak %d MB%n",
                seconds, figures.cpu().minus(before).toMillis() / 1000.0, figures.peakMegabytes());
        return seconds;
    }

    private double cursor() {
        if (fetched == null) {
            return 0;
        }
        figures.forgetPeak();
        Duration before = figures.cpu();
        long start = System.nanoTime();
        JsonNode dataset = sync(fetched);
        double cursor = seconds(start);
        if (!dataset.at("/warnings/0/code").asText().equals("read_by_cursor")) {
            throw new IllegalStateException(dataset.toPrettyString());
        }
        System.out.printf(
                "by cursor: %.2f s, %.1f s of CPU, peak %d MB%n",
                cursor, figures.cpu().minus(before).toMillis() / 1000.0, figures.peakMegabytes());
        return cursor;
    }

    private double psql() throws IOException, InterruptedException {
        ProcessBuilder psql = new ProcessBuilder(
                "psql", "-h", database.host(), "-p", String.valueOf(database.port()), "-U", database.username(), "-d",
                database.name(), "-c", "copy lineitem to stdout (format binary)");
        psql.environment().put("PGPASSWORD", database.password());
        psql.environment().put("PGSSLMODE", "disable");
        psql.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        long start = System.nanoTime();
        if (psql.start().waitFor() != 0) {
            throw new IllegalStateException("psql failed");
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
                "%s: psql %.2f s, Serai %.2f s, ratio %.2f, %,.0f rows/s, %.1f s of CPU, peak %d MB (%d over idle), %d MB written%n",
                name, round.psql(), round.serai(), round.ratio(), rows / round.serai(), round.cpu(), round.peak(),
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
