package dev.serai.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * SQL that wants more than there is: it ends in an error that names the limit, others are answered meanwhile, and
 * afterwards all that it took is back.
 */
class SqlBombsTest {
    private static final String PROJECT = "bombs";

    /** Past its start, which takes about a second of CPU time. */
    private static final long AT_WORK_MILLIS = 4000;

    private static final Duration TIMEOUT = Duration.ofMillis(1500);
    private static final int PARALLELISM = 3;
    private static final long MEGABYTE = 1 << 20;
    /** {@code serai.query.memory}, what a process may take besides, and what it may grow between two looks. */
    private static final long MOST_MEMORY = PARALLELISM * (128 + 256 + 256) * MEGABYTE;

    private static final long SERVERS_GROWTH = 400 * MEGABYTE;
    private static final Duration SLOWEST = Duration.ofSeconds(8);

    private static RunningSerai serai;
    private static HttpCaller bomber;
    private static HttpCaller other;
    private static QueryProcesses processes;
    private static long memoryBefore;
    private static long threadsBefore;
    private static long reapersBefore;

    /** @param codes of which it ends with one: what is reached first depends on the machine */
    record Bomb(String name, String sql, String... codes) {
        private static final List<String> LIMITS = List.of("timeout", "memory_limit", "spill_limit");

        /** Which of the limits is reached first depends on the machine. */
        List<String> ends() {
            List<String> ends = new java.util.ArrayList<>(List.of(codes));
            if (LIMITS.stream().anyMatch(ends::contains)) {
                ends.addAll(LIMITS);
            }
            return ends;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        serai = RunningSerai.start(Map.of(
                "serai.query.timeout",
                TIMEOUT.toMillis() + "ms",
                "serai.query.memory",
                "128MB",
                "serai.query.spill",
                "64MB",
                "serai.query.parallelism",
                String.valueOf(PARALLELISM)));
        bomber = serai.as("viewer", PROJECT);
        other = serai.as("viewer", "neighbours");
        processes = new QueryProcesses(serai);
        for (int i = 0; i < 20; i++) {
            other.post("/api/query", Map.of("sql", "SELECT 1")).expect(200);
        }
        memoryBefore = ownMemory();
        threadsBefore = threads("query");
        reapersBefore = threads("process reaper");
    }

    @AfterAll
    static void stop() {
        serai.close();
        assertThat(processes.all()).isEmpty();
    }

    private static long ownMemory() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }

    private static Reply ask(HttpCaller caller, String sql) {
        return caller.post("/api/query", Map.of("sql", sql, "limit", 10_000_000), "Accept", "application/x-ndjson");
    }

    private static String repeated(String begin, String part, int times, String end) {
        return begin + part.repeat(times) + end;
    }

    /** Of each way to take too much one. */
    static List<Bomb> bombs() {
        return List.of(
                new Bomb("a long scan", "SELECT count(*) FROM range(1000000000000) t(i) WHERE i % 7 = 3", "timeout"),
                new Bomb(
                        "one call that no interrupt reaches",
                        "SELECT len(range(1000000000))",
                        "memory_limit",
                        "timeout"),
                new Bomb("a text too long for DuckDB", "SELECT length(repeat('x', 1000000000000))", "query_failed"),
                new Bomb("a large cell", "SELECT repeat('x', 50000000) AS x FROM range(3)", "memory_limit", "timeout"),
                new Bomb(
                        "a sort",
                        "SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY md5(i::VARCHAR)) AS n"
                                + " FROM range(30000000) t(i))",
                        "spill_limit",
                        "memory_limit",
                        "timeout"),
                new Bomb(
                        "brackets",
                        repeated("SELECT ", "(", 499_000, "1" + ")".repeat(499_000)),
                        "sql_too_long",
                        "too_large"),
                new Bomb(
                        "nested functions",
                        repeated("SELECT ", "abs(", 399, "1" + ")".repeat(399)),
                        "sql_too_complex"));
    }

    static List<Bomb> moreBombs() {
        return List.of(
                new Bomb(
                        "lists of lists",
                        "SELECT list_transform(range(1000), lambda x : list_transform(range(1000), lambda y :"
                                + " list_transform(range(1000), lambda z : x * y * z)))",
                        "memory_limit",
                        "timeout"),
                new Bomb("a long text", "SELECT length(repeat('x', 2000000000))", "memory_limit", "timeout"),
                new Bomb(
                        "recursion without end",
                        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t, range(2)) SELECT max(n) FROM t",
                        "timeout",
                        "memory_limit",
                        "spill_limit"),
                new Bomb("columns", "SELECT 1" + ",1".repeat(99_000), "timeout", "memory_limit", "sql_too_complex"),
                new Bomb("a count", "SELECT count(*) FROM range(1000000000000)", "timeout"),
                new Bomb(
                        "a cross join",
                        "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b",
                        "timeout",
                        "memory_limit"),
                new Bomb(
                        "a growing set",
                        "WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + 1 FROM t) SELECT max(n) FROM t",
                        "timeout"),
                new Bomb("a regex' size", "SELECT regexp_matches('a', '((((a?){1000}){1000}){1000})')", "query_failed"),
                new Bomb(
                        "a regex' matches",
                        "SELECT regexp_extract_all(repeat('a', 50000000), 'a')",
                        "memory_limit",
                        "timeout"),
                new Bomb("texts", "SELECT length(repeat('x', 400000000)) FROM range(100)", "memory_limit", "timeout"),
                new Bomb(
                        "an aggregate's list",
                        "SELECT len(array_agg(i)) FROM range(300000000) t(i)",
                        "memory_limit",
                        "timeout"),
                new Bomb(
                        "an aggregate's texts",
                        "SELECT len(list(repeat('x', 1000))) FROM range(10000000) t(i)",
                        "memory_limit",
                        "timeout"),
                new Bomb(
                        "a text that doubles",
                        "SELECT list_reduce(list_transform(range(40), lambda x : 'ab'), lambda x, y : x || x || y)",
                        "memory_limit",
                        "timeout"),
                new Bomb(
                        "a joined text",
                        "SELECT string_agg(repeat('x', 100000), '') FROM range(100000)",
                        "memory_limit",
                        "timeout"),
                new Bomb(
                        "an unbounded window",
                        "SELECT sum(len(x)) FROM (SELECT list(i) OVER (ORDER BY i) AS x FROM range(1000000) t(i))",
                        "timeout",
                        "memory_limit"),
                new Bomb(
                        "distinct values",
                        "SELECT count(DISTINCT md5(i::VARCHAR)) FROM range(1000000000) t(i)",
                        "timeout",
                        "memory_limit",
                        "spill_limit"),
                new Bomb(
                        "timestamps",
                        "SELECT * FROM generate_series(TIMESTAMP '0001-01-01', TIMESTAMP '9999-01-01', INTERVAL 1 MICROSECOND)",
                        "timeout"),
                new Bomb(
                        "a list of timestamps",
                        "SELECT len(generate_series(TIMESTAMP '0001-01-01', TIMESTAMP '9999-01-01', INTERVAL 1 SECOND))",
                        "memory_limit",
                        "timeout"),
                new Bomb("padding", "SELECT lpad('x', 2000000000, 'y')", "memory_limit", "timeout"),
                new Bomb("printf", "SELECT printf('%2000000000d', 1)", "memory_limit", "timeout"),
                new Bomb("format", "SELECT format('{:>2000000000}', 1)", "memory_limit", "timeout"),
                new Bomb("bits", "SELECT bitstring('1', 2000000000)", "memory_limit", "timeout"),
                new Bomb(
                        "a resized list",
                        "SELECT list_resize([1], 2000000000)",
                        "memory_limit",
                        "timeout",
                        "query_failed"),
                new Bomb(
                        "a large JSON",
                        "SELECT count(*) FROM json_each((SELECT to_json(range(100000000))))",
                        "memory_limit",
                        "timeout"),
                new Bomb(
                        "a deep JSON",
                        "SELECT json_extract(repeat('[', 20000000) || repeat(']', 20000000), '$[0]')",
                        "memory_limit",
                        "timeout",
                        "query_failed"),
                new Bomb(
                        "a distance",
                        "SELECT levenshtein(repeat('a', 1000000), repeat('b', 1000000))",
                        "timeout",
                        "memory_limit"),
                new Bomb(
                        "a reservoir",
                        "SELECT reservoir_quantile(i, 0.5, 2000000000) FROM range(1000000000) t(i)",
                        "timeout",
                        "memory_limit",
                        "query_failed"),
                new Bomb(
                        "wide joins",
                        IntStream.range(0, 150)
                                .mapToObj(i -> "range(9) t" + i)
                                .collect(Collectors.joining(", ", "SELECT * FROM ", "")),
                        "timeout",
                        "memory_limit",
                        "spill_limit",
                        "sql_too_complex"),
                new Bomb(
                        "CASE in CASE",
                        repeated("SELECT ", "CASE WHEN true THEN ", 400, "1" + " END".repeat(400)),
                        "sql_too_complex"),
                new Bomb("lists in lists", repeated("SELECT ", "[", 399, "1" + "]".repeat(399)), "sql_too_complex"),
                new Bomb("unions", repeated("SELECT 1", " UNION ALL SELECT 1", 10_000, ""), "sql_too_complex"),
                new Bomb("nots", repeated("SELECT ", "NOT ", 40_000, "true"), "sql_too_complex"),
                new Bomb("sums", repeated("SELECT 1", " + 1", 40_000, ""), "sql_too_complex"),
                new Bomb(
                        "conditions",
                        "SELECT * FROM range(10000000) t(i) WHERE i = 1" + " OR i * i = 2".repeat(9_000),
                        "timeout",
                        "memory_limit",
                        "sql_too_complex"),
                new Bomb(
                        "rows that are large",
                        "SELECT * FROM repeat_row(repeat('x', 100000), num_rows = 1000000000)",
                        "timeout",
                        "memory_limit"),
                new Bomb(
                        "unnested lists",
                        "SELECT unnest(range(100000000)), i FROM range(1000) t(i)",
                        "memory_limit",
                        "timeout"),
                new Bomb("splitting", "SELECT split(repeat('a,', 50000000), ',')", "memory_limit", "timeout"),
                new Bomb("a list's order", "SELECT list_sort(range(100000000))[1]", "memory_limit", "timeout"),
                new Bomb("encoding", "SELECT url_encode(repeat('ä', 100000000))", "memory_limit", "timeout"),
                new Bomb(
                        "a summary",
                        "SUMMARIZE SELECT i, md5(i::VARCHAR) AS m FROM range(1000000000) t(i)",
                        "timeout",
                        "memory_limit",
                        "spill_limit"));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void endsInAClearErrorWhileOthersAreAnswered(Bomb bomb) {
        explode(bomb);
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("moreBombs")
    void soDoAllOthers(Bomb bomb) {
        explode(bomb);
    }

    private static void explode(Bomb bomb) {
        CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> outcome(bomb.sql()));
        AtomicLong most = new AtomicLong();
        int answered = 0;
        while (!outcome.isDone() || answered == 0) {
            long start = System.nanoTime();
            ask(other, "SELECT count(*) FROM range(1000)").expect(200);
            other.get("/api/datasets").expect(200);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SLOWEST);
            most.accumulateAndGet(processes.memory(), Math::max);
            answered++;
        }
        assertThat(outcome.join().code()).as(outcome.join().text()).isIn(bomb.ends());
        assertThat(outcome.join().text()).contains(named(outcome.join().code()));
        assertThat(most.get()).isLessThan(MOST_MEMORY);
    }

    /** @param code of the problem; {@code broken} where the answer had begun and was broken off */
    private record Outcome(String code, String text) {}

    private static Outcome outcome(String sql) {
        HttpResponse<InputStream> answer = bomber.stream(
                "POST", "/api/query", Map.of("sql", sql, "limit", 10_000_000), "Accept", "application/x-ndjson");
        try (InputStream body = answer.body()) {
            if (answer.statusCode() == 200) {
                assertThatThrownBy(() -> body.transferTo(OutputStream.nullOutputStream()))
                        .isInstanceOf(IOException.class);
                return new Outcome("timeout", "SERAI_QUERY_TIMEOUT");
            }
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            JsonNode problem = HttpCaller.JSON.readTree(text);
            String code = problem.path("code").asText();
            assertThat(answer.statusCode())
                    .isEqualTo(
                            switch (code) {
                                case "timeout" -> 504;
                                case "memory_limit", "spill_limit", "query_failed" -> 422;
                                case "too_large" -> 413;
                                default -> 400;
                            });
            assertThat(problem.path("retryable").asBoolean()).isEqualTo(code.equals("timeout"));
            return new Outcome(code, text);
        } catch (IOException e) {
            return new Outcome("unreadable", e.toString());
        }
    }

    /** How a limit can be raised is in its error. */
    private static String named(String code) {
        return switch (code) {
            case "timeout" -> "SERAI_QUERY_TIMEOUT";
            case "memory_limit" -> "SERAI_QUERY_MEMORY";
            case "spill_limit" -> "SERAI_QUERY_SPILL";
            default -> "";
        };
    }

    /** No file, no thread, no process and no memory stays behind, and the next statement is answered. */
    @AfterEach
    void leavesNothing() {
        assertThat(ask(bomber, "SELECT 42 AS n").text()).isEqualTo("{\"n\":42}\n");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(processes.files()).isEmpty();
            assertThat(processes.all()).hasSizeLessThanOrEqualTo(PARALLELISM);
            assertThat(processes.memory()).isLessThan(PARALLELISM * 256 * MEGABYTE);
            assertThat(ownMemory()).isLessThan(memoryBefore + SERVERS_GROWTH);
            // Another Serai of this JVM has some, too.
            assertThat(threads("query")).isLessThanOrEqualTo(threadsBefore + 1);
            assertThat(threads("process reaper")).isLessThanOrEqualTo(reapersBefore + PARALLELISM + 2);
        });
    }

    @Test
    void moreRowsThanAnAnswerMayHaveAreRefused() {
        JsonNode problem = bomber.post("/api/query", Map.of("sql", "SELECT 1", "limit", 100_000_001))
                .problem(422);
        assertThat(problem.toString()).contains("/limit");
    }

    @Test
    void whoComesWhenAllPlacesAreTakenIsToldToComeAgainButNobodyTakesThemAll() {
        ExecutorService clients = Executors.newFixedThreadPool(32);
        List<Reply> replies = new CopyOnWriteArrayList<>();
        try {
            List<CompletableFuture<Void>> all = IntStream.range(0, 32)
                    .mapToObj(number -> CompletableFuture.runAsync(
                            () -> replies.add(
                                    ask(bomber, "SELECT count(*) FROM range(1000000000000) t(i) WHERE i % 7 = 3")),
                            clients))
                    .toList();
            await().atMost(Duration.ofSeconds(20)).until(() -> processes.all().size() >= PARALLELISM - 1);
            ask(other, "SELECT 1 AS n").expect(200);
            all.forEach(CompletableFuture::join);
        } finally {
            clients.shutdownNow();
        }
        assertThat(replies).extracting(Reply::status).containsOnly(429, 504).contains(429, 504);
        replies.stream().filter(reply -> reply.status() == 429).forEach(reply -> {
            assertThat(reply.problem(429).path("code").asText()).isEqualTo("busy");
            assertThat(reply.problem(429).path("detail").asText()).contains("SERAI_QUERY_PARALLELISM");
            assertThat(Integer.parseInt(reply.header("retry-after"))).isPositive();
        });
    }

    private Socket request(String sql) throws IOException {
        byte[] body = HttpCaller.JSON.writeValueAsBytes(Map.of("sql", sql, "limit", 100_000_000));
        String head = "POST /api/query HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + serai.token("viewer", PROJECT) + "\r\nContent-Type: application/json\r\n"
                + "Accept: application/x-ndjson\r\nContent-Length: " + body.length + "\r\n\r\n";
        Socket socket = new Socket("localhost", serai.address().getPort());
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return socket;
    }

    private static long cpuMillis(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    @Test
    void aStatementEndsWhenItsClientHangsUpBeforeTheFirstRow() throws Exception {
        try (RunningSerai patient = RunningSerai.start(Map.of("serai.query.timeout", "10m"))) {
            QueryProcesses its = new QueryProcesses(patient);
            byte[] body = HttpCaller.JSON.writeValueAsBytes(
                    Map.of("sql", "SELECT count(*) FROM range(1000000000000) t(i) WHERE i % 7 = 3"));
            String head = "POST /api/query HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + patient.token("viewer", PROJECT)
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
            ProcessHandle working;
            try (Socket socket = new Socket("localhost", patient.address().getPort())) {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
                working = await().atMost(Duration.ofSeconds(30))
                        .until(
                                () -> its.all().stream()
                                        .filter(process -> cpuMillis(process) > AT_WORK_MILLIS)
                                        .findFirst(),
                                java.util.Optional::isPresent)
                        .orElseThrow();
            }
            await().atMost(Duration.ofSeconds(2)).until(() -> !working.isAlive());
        }
    }

    @Test
    void aStatementEndsWhenItsClientHangsUpMidway() throws Exception {
        Set<Long> before = pids();
        try (Socket socket = request("SELECT i, md5(i::VARCHAR) AS h FROM range(100000000) t(i)")) {
            assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
        }
        await().atMost(Duration.ofSeconds(2)).until(() -> !pids().containsAll(before));
    }

    private static Set<Long> pids() {
        Set<Long> pids = new HashSet<>();
        processes.all().forEach(process -> pids.add(process.pid()));
        return pids;
    }

    /** Nothing waits for those who do not read: their process ends with their time, and their place is free. */
    @Test
    void whoDoesNotReadLosesTheStatementWithItsTime() throws Exception {
        List<Socket> silent = new ArrayList<>();
        Set<Long> before = pids();
        try {
            for (int i = 0; i < PARALLELISM - 1; i++) {
                silent.add(request("SELECT i, repeat('x', 1000) AS x FROM range(100000000) t(i)"));
                silent.get(i).setReceiveBufferSize(4096);
            }
            await().atMost(TIMEOUT.plusSeconds(20))
                    .untilAsserted(() ->
                            assertThat(ask(bomber, "SELECT 42 AS n").status()).isEqualTo(200));
            await().atMost(Duration.ofSeconds(10)).until(() -> pids().stream().noneMatch(before::contains));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
