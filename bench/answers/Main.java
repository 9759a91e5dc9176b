import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serai.testing.Postgres;

/**
 * Streams a dataset like TPC-H's lineitem out of a Serai that runs in a process of its own with a heap of 256 MB, through
 * the HTTP API, in each format: when the first bytes come, how fast the rest, and what memory the server and the query's
 * process hold meanwhile.
 */
public final class Main {
    private static final String LINEITEM = """
            SELECT n / 4 AS l_orderkey, (hashint8(n) & 199999) AS l_partkey, (hashint8(n + 7) & 9999) AS l_suppkey,
                   (n % 4 + 1)::int AS l_linenumber, (1 + n % 50)::numeric(15, 2) AS l_quantity,
                   (900 + (hashint8(n) & 9999999) / 100.0)::numeric(15, 2) AS l_extendedprice,
                   ((n % 11) / 100.0)::numeric(15, 2) AS l_discount, ((n % 9) / 100.0)::numeric(15, 2) AS l_tax,
                   (ARRAY['A', 'N', 'R'])[1 + n % 3] AS l_returnflag, (ARRAY['O', 'F'])[1 + n % 2] AS l_linestatus,
                   DATE '1992-01-02' + (hashint8(n) & 2047) AS l_shipdate,
                   DATE '1992-01-31' + (hashint8(n + 1) & 2047) AS l_commitdate,
                   DATE '1992-01-04' + (hashint8(n + 2) & 2047) AS l_receiptdate,
                   (ARRAY['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'])[1 + n % 4] AS l_shipinstruct,
                   (ARRAY['TRUCK', 'MAIL', 'SHIP', 'AIR', 'RAIL', 'FOB', 'REG AIR'])[1 + n % 7] AS l_shipmode,
                   substr('carefully final deposits detect slyly against the furiously regular packages', 1 + (hashint8(n)
                       & 31), 10 + (hashint8(n + 3) & 31)) AS l_comment
            FROM generate_series(0, :last) n
            """;
    private static final Map<String, String> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put("ndjson", "application/x-ndjson");
        FORMATS.put("csv", "text/csv");
        FORMATS.put("arrow", "application/vnd.apache.arrow.stream");
        FORMATS.put("json", "application/json");
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String address;
    private final long server;
    private String token = "";

    private Main(String address, long server) {
        this.address = address;
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 6_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        Path folder = Files.createTempDirectory("serai-bench-answers");
        Path log = folder.resolve("log");
        Process serai = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m", "-jar", jar().toString(), "--server.port=0",
                        "--serai.data-dir=" + folder.resolve("data"), "--serai.admin-password=correct horse battery",
                        "--serai.query.timeout=10m")
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try (Postgres source = Postgres.start(Map.of("fsync", "off", "jit", "off"))) {
            Main bench = new Main("http://localhost:" + port(serai, log), serai.pid());
            bench.logIn();
            bench.fill(source.newDatabase(), rows);
            bench.measure(rows, rounds);
        } finally {
            serai.destroy();
            serai.waitFor(60, TimeUnit.SECONDS);
        }
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("serai-.*\\.jar")).findFirst().orElseThrow();
        }
    }

    private static String port(Process serai, Path log) throws Exception {
        Pattern started = Pattern.compile("Tomcat started on port (\\d+)[\\s\\S]*Started Serai in");
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2); System.nanoTime() < end && serai.isAlive(); ) {
            Matcher matcher = started.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher.group(1);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IllegalStateException(Files.readString(log));
    }

    private void logIn() throws Exception {
        token = post("/api/auth/login", Map.of("username", "admin", "password", "correct horse battery"))
                .path("access_token").asText();
    }

    private void fill(Postgres.Database database, long rows) throws Exception {
        JsonNode connector = post("/api/connectors", Map.of("name", "Source", "type", "postgresql", "config",
                Map.of("host", database.host(), "port", database.port(), "database", database.name(), "username",
                        database.username(), "password", database.password(), "sslmode", "disable")));
        String id = connector.path("id").asText();
        post("/api/datasets", Map.of("connector_id", id, "name", "lineitem", "mode", "full", "query",
                LINEITEM.replace(":last", String.valueOf(rows - 1))));
        String run = post("/api/connectors/" + id + "/sync", Map.of()).path("run_id").asText();
        JsonNode state;
        do {
            TimeUnit.MILLISECONDS.sleep(500);
            state = JSON.readTree(CLIENT.send(request("/api/runs/" + run).GET().build(), BodyHandlers.ofString()).body());
        } while (List.of("queued", "running").contains(state.path("status").asText()));
        if (!state.path("status").asText().equals("succeeded")) {
            throw new IllegalStateException(state.toString());
        }
    }

    private void measure(long rows, int rounds) throws Exception {
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<String, String> format : FORMATS.entrySet()) {
                stream(format.getKey(), format.getValue(), rows, round);
            }
        }
    }

    private void stream(String name, String mediaType, long rows, int round) throws Exception {
        Memory memory = new Memory(server);
        long start = System.nanoTime();
        HttpResponse<InputStream> answer = CLIENT.send(
                request("/api/query").header("Accept", mediaType).header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(
                                Map.of("sql", "SELECT * FROM lineitem", "limit", rows))))
                        .build(),
                BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(new String(answer.body().readAllBytes()));
        }
        long bytes;
        double first;
        try (InputStream body = answer.body()) {
            byte[] chunk = new byte[1 << 16];
            bytes = body.read(chunk);
            first = seconds(start);
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                bytes += count;
            }
        }
        double all = seconds(start);
        System.out.printf(
                "round %d %-6s first row %.3f s, all %.1f s: %,.0f rows/s, %,.0f MB/s; memory of the server %s, of the query %s%n",
                round, name, first, all, rows / all, bytes / all / 1e6, memory.of(memory.servers),
                memory.of(memory.queries));
        memory.stop();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofMinutes(5))
                .header("Authorization", "Bearer " + token);
    }

    private JsonNode post(String path, Object body) throws Exception {
        HttpResponse<String> reply = CLIENT.send(
                request(path).header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))).build(),
                BodyHandlers.ofString());
        if (reply.statusCode() / 100 != 2) {
            throw new IllegalStateException(path + ": " + reply.body());
        }
        return JSON.readTree(reply.body());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Looks at the resident memory of the server and of its queries' processes, every 50 ms. */
    private static final class Memory {
        private final List<Long> servers = new ArrayList<>();
        private final List<Long> queries = new ArrayList<>();
        private final Thread watch;

        Memory(long server) {
            look(server);
            watch = new Thread(() -> {
                try {
                    while (true) {
                        look(server);
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            watch.setDaemon(true);
            watch.start();
        }

        private synchronized void look(long server) {
            servers.add(megabytes(server));
            queries.add(ProcessHandle.of(server).stream().flatMap(ProcessHandle::children)
                    .mapToLong(child -> megabytes(child.pid())).sum());
        }

        synchronized String of(List<Long> looks) {
            return looks.get(0) + " before, " + looks.stream().mapToLong(Long::longValue).max().orElse(0) + " at most (MB)";
        }

        void stop() {
            watch.interrupt();
        }

        private static long megabytes(long process) {
            try {
                return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                        .sum();
            } catch (IOException e) {
                return 0;
            }
        }
    }
}
