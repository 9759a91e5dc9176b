import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.springframework.util.FileSystemUtils;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.PackagedSerai;

/**
 * An upload of a CSV file like TPC-H's lineitem into a dataset, by a Serai as its users run it, against the time in which
 * DuckDB's own read_csv makes Parquet of the same file, with the same memory and compression. The two take turns, and
 * what the one wrote is on the disk before the other begins.
 */
public final class Main {
    private static final String MEMORY = "512MB";
    private static final Map<String, String> SETTINGS =
            Map.of("SERAI_SYNC_MEMORY", MEMORY, "SERAI_MAX_UPLOAD", "3GB");
    private static final String BOUNDARY = "serai-bench";

    private final Path folder;
    private final Path file;
    private final long rows;
    private final PackagedSerai serai;
    private final HttpCaller admin;
    private final String connector;

    /** Seconds; {@code sent} until the answer to the upload, {@code run} of the run, {@code all} until that was seen. */
    private record Round(double duckdb, double sent, double run, double all, long peak) {
        double ratio() {
            return run / duckdb;
        }

        double ratioOfAll() {
            return all / duckdb;
        }
    }

    private Main(Path folder, Path file, long rows, PackagedSerai serai) {
        this.folder = folder;
        this.file = file;
        this.rows = rows;
        this.serai = serai;
        this.admin = serai.admin();
        this.connector = admin.post("/api/connectors", Map.of("name", "Files", "type", "csv", "config", Map.of()))
                .expect(201)
                .path("id")
                .asText();
    }

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 8_300_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Path folder = Files.createTempDirectory("serai-bench");
        try {
            Path file = folder.resolve("lineitem.csv");
            write(file, rows);
            System.out.printf(
                    "csv: %,d rows, %d MB, %d rounds after one to warm up; Serai with %s%n",
                    rows, Files.size(file) >> 20, rounds, SETTINGS);
            try (PackagedSerai serai = PackagedSerai.start(folder, List.of("-Xmx256m"), SETTINGS)) {
                new Main(folder, file, rows, serai).run(rounds);
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static void write(Path file, long rows) throws SQLException {
        String day = "DATE '1992-01-01' + (hash(i + %d) %% 2500)::INTEGER";
        String cents = "((hash(i + %d) %% %d)::BIGINT / 100.0)::DECIMAL(12, 2)";
        duckdb("COPY (SELECT i // 4 + 1 AS l_orderkey, (hash(i) % 200000)::BIGINT AS l_partkey,"
                + " (hash(i + 1) % 10000)::BIGINT AS l_suppkey, i % 7 + 1 AS l_linenumber,"
                + " (hash(i) % 50 + 1)::BIGINT || '.00' AS l_quantity, " + cents.formatted(3, 9_000_000)
                + " AS l_extendedprice, " + cents.formatted(0, 11) + " AS l_discount, " + cents.formatted(0, 9)
                + " AS l_tax, ['A', 'N', 'R'][(hash(i) % 3)::BIGINT + 1] AS l_returnflag,"
                + " ['O', 'F'][(hash(i) % 2)::BIGINT + 1] AS l_linestatus, " + day.formatted(2) + " AS l_shipdate, "
                + day.formatted(4) + " AS l_commitdate, " + day.formatted(5) + " AS l_receiptdate,"
                + " ['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'][(hash(i) % 4)::BIGINT + 1]"
                + " AS l_shipinstruct, ['AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL'][(hash(i) % 5)::BIGINT + 1] AS l_shipmode,"
                + " 'carefully ' || left(md5(i::VARCHAR), 20) AS l_comment FROM range(" + rows + ") t(i)) TO '" + file
                + "' (HEADER)");
    }

    private static double duckdb(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET memory_limit = '" + MEMORY + "'");
            long start = System.nanoTime();
            statement.execute(sql);
            return seconds(start);
        }
    }

    private void run(int rounds) throws Exception {
        print("warm-up", round());
        List<Round> measured = new ArrayList<>();
        for (int i = 1; i <= rounds; i++) {
            Round round = round();
            print("round " + i, round);
            measured.add(round);
        }
        System.out.printf("%n%-44s %8s %8s %8s%n", "", "median", "least", "most");
        row("DuckDB's read_csv to Parquet s", measured, Round::duckdb);
        row("Serai's run s", measured, Round::run);
        row("Serai's upload until the answer s", measured, Round::sent);
        row("Serai in all s", measured, Round::all);
        row("ratio (Serai's run / DuckDB)", measured, Round::ratio);
        row("ratio (Serai in all / DuckDB)", measured, Round::ratioOfAll);
        row("Serai peak MB", measured, Round::peak);
    }

    private Round round() throws Exception {
        Path parquet = folder.resolve("duckdb.parquet");
        flush();
        double duckdb = duckdb("COPY (SELECT * FROM read_csv('" + file + "')) TO '" + parquet
                + "' (FORMAT parquet, COMPRESSION zstd)");
        Files.delete(parquet);
        flush();
        serai.figures().forgetPeak();
        long start = System.nanoTime();
        String run = upload();
        double sent = seconds(start);
        JsonNode ended = admin.get("/api/runs/" + run).expect(200);
        while (ended.path("ended_at").isNull()) {
            Thread.sleep(20);
            ended = admin.get("/api/runs/" + run).expect(200);
        }
        double all = seconds(start);
        if (ended.at("/datasets/0/rows_written").asLong() != rows) {
            throw new IllegalStateException(ended.toPrettyString());
        }
        Duration ran = Duration.between(
                Instant.parse(ended.path("started_at").asText()), Instant.parse(ended.path("ended_at").asText()));
        return new Round(duckdb, sent, ran.toMillis() / 1000.0, all, serai.figures().peakMegabytes());
    }

    private static void flush() throws IOException, InterruptedException {
        if (new ProcessBuilder("sync").inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("sync failed");
        }
    }

    private String upload() throws IOException, InterruptedException {
        byte[] before = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"dataset\"\r\n\r\nlineitem\r\n--"
                        + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] behind = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(serai.address() + "/api/connectors/" + connector + "/upload"))
                .header("Authorization", "Bearer " + admin.token())
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofByteArray(before),
                        BodyPublishers.ofFile(file),
                        BodyPublishers.ofByteArray(behind)))
                .build();
        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            JsonNode begun = new ObjectMapper().readTree(body);
            if (answer.statusCode() != 202) {
                throw new IllegalStateException(begun.toPrettyString());
            }
            return begun.path("run_id").asText();
        }
    }

    private static void print(String name, Round round) {
        System.out.printf(
                "%s: DuckDB %.2f s; Serai's run %.2f s (%.2f), answer after %.2f s, in all %.2f s (%.2f), peak %d MB%n",
                name, round.duckdb(), round.run(), round.ratio(), round.sent(), round.all(), round.ratioOfAll(),
                round.peak());
    }

    private static void row(String name, List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        System.out.printf(
                "%-44s %8.2f %8.2f %8.2f%n",
                name, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
