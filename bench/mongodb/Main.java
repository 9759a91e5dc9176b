import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoCursor;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.springframework.util.FileSystemUtils;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Mongo;
import dev.serai.testing.PackagedSerai;

/**
 * A full sync of a collection by a Serai as its users run it, against the time in which MongoDB's driver alone drains the
 * same cursor and throws the documents away. The two take turns. The server is a double in this process, on the same
 * machine: it bounds both, so the ratio says what Serai adds to reading, and the rows per second say nothing of a real one.
 */
public final class Main {
    private static final Map<String, String> SETTINGS = Map.of("SERAI_SYNC_MEMORY", "512MB");
    private static final int BATCH = 1_000;

    private final Mongo mongo;
    private final PackagedSerai serai;
    private final HttpCaller admin;
    private final String connector;
    private final long rows;

    private record Round(double driver, double serai, double cpu, long peak) {
        double ratio() {
            return driver / serai;
        }
    }

    private Main(Mongo mongo, PackagedSerai serai, long rows) {
        this.mongo = mongo;
        this.serai = serai;
        this.rows = rows;
        admin = serai.admin();
        connector = admin.post(
                        "/api/connectors",
                        Map.of("name", "Mongo", "type", "mongodb", "config", mongo.config().put("batch_size", BATCH)))
                .expect(201)
                .path("id")
                .asText();
        admin.post(
                        "/api/datasets",
                        Map.of("connector_id", connector, "model", "shop.orders", "name", "orders", "mode", "full"))
                .expect(201);
    }

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        System.out.printf("mongodb: %,d documents, %d rounds after one to warm up; Serai with %s%n", rows, rounds, SETTINGS);
        Path folder = Files.createTempDirectory("serai-bench");
        try (Mongo mongo = new Mongo()) {
            fill(mongo, rows);
            try (PackagedSerai serai = PackagedSerai.start(folder, List.of("-Xmx256m"), SETTINGS)) {
                new Main(mongo, serai, rows).run(rounds);
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static void fill(Mongo mongo, int rows) {
        List<Document> batch = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            batch.add(new Document("_id", i)
                    .append("customer", (long) i * 7 % 9_999)
                    .append("price", new Decimal128(i))
                    .append("at", new Date(1_700_000_000_000L + i))
                    .append("note", "carefully packed " + i)
                    .append("lines", List.of(new Document("sku", "s" + i % 100).append("n", i % 9))));
            if (batch.size() == BATCH || i == rows - 1) {
                mongo.collection("orders").insertMany(batch);
                batch.clear();
            }
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
        System.out.printf("%n%-34s %10s %10s %10s%n", "", "median", "least", "most");
        row("ratio (driver s / Serai s)", measured, Round::ratio);
        row("driver s", measured, Round::driver);
        row("Serai s", measured, Round::serai);
        row("Serai CPU s", measured, Round::cpu);
        row("Serai peak MB", measured, Round::peak);
    }

    private Round round() throws Exception {
        long start = System.nanoTime();
        drain();
        double driver = seconds(start);
        serai.figures().forgetPeak();
        Duration before = serai.figures().cpu();
        start = System.nanoTime();
        sync();
        double took = seconds(start);
        return new Round(
                driver,
                took,
                serai.figures().cpu().minus(before).toMillis() / 1000.0,
                serai.figures().peakMegabytes());
    }

    private void drain() {
        long seen = 0;
        try (MongoCursor<Document> cursor = mongo.collection("orders").find().batchSize(BATCH).iterator()) {
            while (cursor.hasNext()) {
                cursor.next();
                seen++;
            }
        }
        if (seen != rows) {
            throw new IllegalStateException("The driver saw " + seen);
        }
    }

    private void sync() throws InterruptedException {
        String run = admin.post("/api/connectors/" + connector + "/sync", Map.of())
                .expect(202)
                .path("run_id")
                .asText();
        JsonNode ended = admin.get("/api/runs/" + run).expect(200);
        while (ended.path("ended_at").isNull()) {
            Thread.sleep(20);
            ended = admin.get("/api/runs/" + run).expect(200);
        }
        if (ended.at("/datasets/0/rows_read").asLong() != rows) {
            throw new IllegalStateException(ended.toPrettyString());
        }
    }

    private static void print(String name, Round round) {
        System.out.printf(
                "%s: driver %.2f s, Serai %.2f s, ratio %.2f, %.1f s of CPU, peak %d MB%n",
                name, round.driver(), round.serai(), round.ratio(), round.cpu(), round.peak());
    }

    private static void row(String name, List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        System.out.printf(
                "%-34s %10.2f %10.2f %10.2f%n", name, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
