import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import org.springframework.util.FileSystemUtils;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Lineitem;
import dev.serai.testing.PackagedSerai;
import dev.serai.testing.Postgres;
import dev.serai.testing.ProcessFigures;

/**
 * Two big syncs and a hundred small ones, asked for at once, and how long the API's answers take meanwhile, against those
 * of the same Serai with nothing to do. Sources, metadata and the asking program share the machine with it.
 */
public final class Main {
    private static final List<String> JVM = List.of("-Xmx512m");
    private static final int BIG = 2;
    private static final int SMALL = 100;
    private static final int SMALL_ROWS = 1_000;
    private static final int WARM_UP = 400;
    private static final int IDLE = 300;

    private final HttpCaller api;
    private final ProcessFigures figures;
    private final Map<String, Runnable> calls = new LinkedHashMap<>();
    private final List<String> connectors = new ArrayList<>();
    private final Map<String, String> datasets = new LinkedHashMap<>();

    private Main(PackagedSerai serai) {
        this.api = serai.admin();
        this.figures = serai.figures();
    }

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 4_000_000;
        List<String> options = new ArrayList<>(JVM);
        options.addAll(Arrays.asList(System.getProperty("jvm", "").split(" ")));
        options.removeIf(String::isBlank);
        System.out.printf(
                "many: %d syncs of %,d rows and %d of %,d at once; Serai with %s%n",
                BIG, rows, SMALL, SMALL_ROWS, options);
        Path folder = Files.createTempDirectory("serai-bench");
        try (Postgres server = Postgres.start(Map.of(
                "shared_buffers", "2GB", "max_wal_size", "8GB", "fsync", "off", "jit", "off",
                "max_connections", "700"))) {
            Postgres.Database source = server.newDatabase();
            Lineitem.create(source, rows);
            for (int i = 0; i < SMALL; i++) {
                source.execute("CREATE TABLE small" + i + " AS SELECT n, md5(n::text) AS text FROM generate_series(1, "
                        + SMALL_ROWS + ") n");
            }
            Postgres.Database metadata = server.newDatabase();
            Map<String, String> settings = Map.of(
                    "SERAI_METADATA_URL", metadata.url(),
                    "SERAI_METADATA_USERNAME", metadata.username(),
                    "SERAI_METADATA_PASSWORD", metadata.password());
            try (PackagedSerai serai = PackagedSerai.start(folder, options, settings)) {
                new Main(serai).run(source);
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private void run(Postgres.Database source) throws IOException {
        for (int i = 0; i < BIG; i++) {
            connectors.add(connector(source, "big" + i, "lineitem"));
        }
        for (int i = 0; i < SMALL; i++) {
            connectors.add(connector(source, "small" + i, "small" + i));
        }
        String asked = connector(source, "asked", "small0");
        List<String> first = List.of(start(asked));
        during(going(first));
        String dataset = datasets.get(asked);
        calls.put("GET connectors", () -> api.get("/api/connectors").expect(200));
        calls.put("GET rows", () -> api.get("/api/datasets/" + dataset + "/rows?limit=100").expect(200));
        calls.put(
                "POST query",
                () -> api.post("/api/query", Map.of("sql", "SELECT count(*), max(text) FROM asked")).expect(200));
        measured(repeat(WARM_UP));
        Map<String, double[]> idle = measured(repeat(IDLE));
        figures.forgetPeak();
        long before = System.nanoTime();
        List<String> runs = connectors.stream().map(this::start).toList();
        double begun = seconds(before);
        Map<String, double[]> busy = measured(going(runs));
        double took = seconds(before);
        long succeeded = runs.stream().filter(run -> status(run).equals("succeeded")).count();
        System.out.printf(
                "%d of %d runs succeeded in %.1f s (asked for within %.1f s), peak %d MB%n%n",
                succeeded, runs.size(), took, begun, figures.peakMegabytes());
        System.out.printf(
                "%-16s %10s %10s %10s %10s %10s %6s%n",
                "ms", "idle", "busy", "ratio", "idle p95", "busy p95", "calls");
        idle.forEach((name, quiet) -> {
            double[] loaded = busy.get(name);
            System.out.printf(
                    "%-16s %10.1f %10.1f %10.2f %10.1f %10.1f %6d%n",
                    name,
                    at(quiet, 0.5),
                    at(loaded, 0.5),
                    at(loaded, 0.5) / at(quiet, 0.5),
                    at(quiet, 0.95),
                    at(loaded, 0.95),
                    loaded.length);
        });
    }

    private static BooleanSupplier repeat(int times) {
        int[] left = {times};
        return () -> left[0]-- > 0;
    }

    private static void during(BooleanSupplier going) {
        while (going.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /** Milliseconds of each call, sorted. */
    private Map<String, double[]> measured(BooleanSupplier going) {
        Map<String, List<Double>> found = new LinkedHashMap<>();
        while (going.getAsBoolean()) {
            calls.forEach((name, call) -> {
                long start = System.nanoTime();
                call.run();
                found.computeIfAbsent(name, key -> new ArrayList<>()).add(seconds(start) * 1000);
            });
        }
        Map<String, double[]> sorted = new LinkedHashMap<>();
        found.forEach((name, all) ->
                sorted.put(name, all.stream().mapToDouble(Double::doubleValue).sorted().toArray()));
        return sorted;
    }

    private static double at(double[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private String connector(Postgres.Database source, String name, String table) {
        Map<String, Object> config = Map.of(
                "host", source.host(),
                "port", source.port(),
                "database", source.name(),
                "username", source.username(),
                "password", source.password(),
                "sslmode", "disable");
        String id = api.post("/api/connectors", Map.of("name", name, "type", "postgresql", "config", config))
                .expect(201)
                .path("id")
                .asText();
        JsonNode dataset = api.post(
                        "/api/datasets", Map.of("connector_id", id, "model", "public." + table, "name", name))
                .expect(201);
        datasets.put(id, dataset.path("id").asText());
        return id;
    }

    private String start(String connector) {
        return api.post("/api/connectors/" + connector + "/sync", null)
                .expect(202)
                .path("run_id")
                .asText();
    }

    private String status(String run) {
        return api.get("/api/runs/" + run).expect(200).path("status").asText();
    }

    /** Whether any has not ended; asks for one at a time. */
    private BooleanSupplier going(List<String> runs) {
        Deque<String> left = new ArrayDeque<>(runs);
        return () -> {
            JsonNode run = api.get("/api/runs/" + left.peek()).expect(200);
            while (run.hasNonNull("ended_at")) {
                left.remove();
                if (left.isEmpty()) {
                    return false;
                }
                run = api.get("/api/runs/" + left.peek()).expect(200);
            }
            return true;
        };
    }
}
