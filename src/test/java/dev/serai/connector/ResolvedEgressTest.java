package dev.serai.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.FailureException;
import dev.serai.testing.TestFolder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What names resolve to is judged, once, and connected to. In a JVM of its own, whose names come from a file of the
 * test's and which is told to use proxies.
 */
class ResolvedEgressTest {
    private static final Map<String, List<String>> HOSTS = new TreeMap<>(Map.ofEntries(
            Map.entry("good.test", List.of("127.0.0.1")),
            Map.entry("metadata.test", List.of("169.254.169.254")),
            Map.entry("mixed.test", List.of("127.0.0.1", "169.254.169.254")),
            Map.entry("azure.test", List.of("168.63.129.16")),
            Map.entry("alibaba.test", List.of("100.100.100.200")),
            Map.entry("zero.test", List.of("0.0.0.0")),
            Map.entry("broadcast.test", List.of("255.255.255.255")),
            Map.entry("multicast.test", List.of("224.0.0.1")),
            Map.entry("aws6.test", List.of("fd00:ec2::254")),
            Map.entry("link6.test", List.of("fe80::1")),
            Map.entry("nat64.test", List.of("64:ff9b::a9fe:a9fe")),
            Map.entry("mapped.test", List.of("::ffff:a9fe:a9fe")),
            Map.entry("private.test", List.of("10.1.2.3")),
            Map.entry("carrier.test", List.of("100.64.0.1")),
            Map.entry("unique.test", List.of("fc00::1")),
            Map.entry("loopback6.test", List.of("::1"))));

    @TempDir
    static Path folder;

    private static ServerSocket proxy;
    private static final AtomicInteger PROXIED = new AtomicInteger();
    private static Map<String, String> open;
    private static Map<String, String> closed;

    @BeforeAll
    static void ask() throws Exception {
        proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(() -> {
            while (!proxy.isClosed()) {
                try (Socket client = proxy.accept()) {
                    PROXIED.incrementAndGet();
                } catch (IOException e) {
                    return;
                }
            }
        });
        accepting.setDaemon(true);
        accepting.start();
        Path hosts = Files.writeString(
                folder.resolve("hosts"),
                HOSTS.entrySet().stream()
                        .flatMap(host -> host.getValue().stream().map(address -> address + " " + host.getKey() + "\n"))
                        .collect(Collectors.joining()));
        open = child(Asking.class, hosts, "allow");
        closed = child(Asking.class, hosts, "deny");
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata",
                "mixed",
                "azure",
                "alibaba",
                "zero",
                "broadcast",
                "multicast",
                "aws6",
                "link6",
                "nat64",
                "mapped"
            })
    void aNameForADeniedAddressFailsEverything(String name) {
        for (Map<String, String> answers : List.of(open, closed)) {
            assertDenied(answers, name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"good", "private", "carrier", "unique", "loopback6"})
    void aNameForAPrivateAddressIsDeniedWhereThatIsTold(String name) {
        assertDenied(closed, name);
        assertThat(open.get(name + " http test")).isNotEqualTo("resolve");
        assertThat(open.get(name + " postgresql test")).isNotEqualTo("resolve");
    }

    private static void assertDenied(Map<String, String> answers, String name) {
        assertThat(answers)
                .containsEntry(name + " http test", "resolve")
                .containsEntry(name + " postgresql test", "resolve");
        for (String operation : List.of("models", "read", "query")) {
            assertThat(answers)
                    .containsEntry(name + " http " + operation, "address_denied")
                    .containsEntry(name + " postgresql " + operation, "address_denied");
        }
    }

    @Test
    void anAllowedNameIsReachedWithoutAnyProxy() {
        assertThat(open)
                .containsEntry("good http test", "ok")
                .containsEntry("good http models", "ok")
                .containsEntry("good http read", "ok");
        assertThat(PROXIED).hasValue(0);
    }

    /** The name answers with one address once, and with another ever after. */
    @ParameterizedTest
    @CsvSource({"http,models", "http,read", "postgresql,models"})
    void theAddressThatWasJudgedIsTheOneConnectedTo(String type, String operation) throws Exception {
        Path pipe = folder.resolve(type + operation);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        Map<String, String> answers = child(Rebinding.class, pipe, type, operation);

        assertThat(answers).containsEntry("first", "reached").containsEntry("second", "untouched");
        assertThat(answers).containsEntry("lookups", "1");
    }

    private static Map<String, String> child(Class<?> main, Path hosts, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                "-Djdk.net.hosts.file=" + hosts,
                "-Dsun.net.inetaddr.ttl=0",
                "-Dsun.net.inetaddr.negative.ttl=0"));
        for (String scheme : List.of("http", "https")) {
            command.add("-D" + scheme + ".proxyHost=127.0.0.1");
            command.add("-D" + scheme + ".proxyPort=" + proxy.getLocalPort());
            command.add("-D" + scheme + ".nonProxyHosts=");
        }
        command.addAll(List.of(main.getName(), hosts.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile());
        for (String name : List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
            builder.environment().put(name, "http://127.0.0.1:" + proxy.getLocalPort());
        }
        Process process = builder.start();
        Map<String, String> answers = new TreeMap<>();
        try (InputStream said = process.getInputStream()) {
            for (String line : new String(said.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("answer ")) {
                    String[] parts = line.substring(7).split("=", 2);
                    answers.put(parts[0], parts[1]);
                }
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return answers;
    }

    private static void answer(String name, Object value) {
        System.out.println("answer " + name + "=" + value);
    }

    private static ContractWorld world(String privateAddresses) throws IOException {
        Path kamelets = TestFolder.create("kamelets");
        Files.writeString(kamelets.resolve("named.kamelet.yaml"), KAMELET);
        return new ContractWorld(kamelets, Map.of("serai.egress.private", privateAddresses));
    }

    private static ObjectNode config(String type, String host, int port) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        return type.equals("http")
                ? config.put("base_url", "http://" + host + ":" + port).put("connect_timeout", 1)
                : config.put("host", host)
                        .put("port", port)
                        .put("database", "d")
                        .put("username", "u")
                        .put("connect_timeout", 1);
    }

    private static String outcome(ContractWorld world, Connector connector, String operation) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.putObject("model").put("schema", "public").put("name", "m");
        request.put("sql", "select 1").put("limit", 1);
        try {
            if (operation.equals("test")) {
                TestResult result = world.test(connector);
                return result.ok() ? "ok" : result.category();
            } else if (operation.equals("models")) {
                world.json(connector, operation, request);
            } else {
                world.rows(connector, operation, request).close();
            }
            return "ok";
        } catch (FailureException e) {
            return e.failure().code();
        } catch (Exception e) {
            return e.toString();
        }
    }

    /** Asks every host of the file for everything. */
    static final class Asking {
        public static void main(String[] arguments) throws Exception {
            try (ContractWorld world = world(arguments[1]);
                    ItemsServer server = new ItemsServer()) {
                server.answer("/", "application/json", "[{\"name\":\"m\"}]");
                server.answer("/test", "application/json", "{}");
                int port = Integer.parseInt(server.url().replaceFirst(".*:", ""));
                for (String host : HOSTS.keySet()) {
                    for (String type : List.of("http", "postgresql")) {
                        String typeName = type.equals("http") ? "named" : type;
                        // Nothing listens there but for HTTP, so that who gets through is refused at once.
                        Connector connector =
                                world.save(type, typeName, config(type, host, type.equals("http") ? port : 1));
                        boolean far = Stream.of("private", "carrier", "unique").anyMatch(host::startsWith)
                                && arguments[1].equals("allow");
                        for (String operation : far ? List.of("test") : List.of("test", "models", "read", "query")) {
                            answer(
                                    host.replace(".test", "") + " " + type + " " + operation,
                                    outcome(world, connector, operation));
                        }
                        world.forget(type);
                    }
                }
            }
            System.exit(0);
        }
    }

    /** Asks for a name whose address changes with each look-up. */
    static final class Rebinding {
        private static final AtomicInteger LOOKUPS = new AtomicInteger();

        public static void main(String[] arguments) throws Exception {
            Path pipe = Path.of(arguments[0]);
            try (ServerSocket first = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                    ServerSocket second = new ServerSocket(
                            first.getLocalPort(), 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 2}))) {
                AtomicInteger reached = counting(first);
                AtomicInteger touched = counting(second);
                Thread names = new Thread(() -> answerLookups(pipe));
                names.setDaemon(true);
                names.start();
                String type = arguments[1];
                try (ContractWorld world = world("allow")) {
                    Connector connector = world.save(
                            "rebound",
                            type.equals("http") ? "named" : type,
                            config(type, "rebind.test", first.getLocalPort()));
                    outcome(world, connector, arguments[2]);
                }
                answer("first", reached.get() > 0 ? "reached" : "untouched");
                answer("second", touched.get() > 0 ? "reached" : "untouched");
                answer("lookups", LOOKUPS.get());
            }
            System.exit(0);
        }

        private static AtomicInteger counting(ServerSocket server) {
            AtomicInteger count = new AtomicInteger();
            Thread accepting = new Thread(() -> {
                while (!server.isClosed()) {
                    try (Socket client = server.accept()) {
                        count.incrementAndGet();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            accepting.setDaemon(true);
            accepting.start();
            return count;
        }

        /** The JDK reads the file anew for each look-up, so each gets an answer of its own. */
        private static void answerLookups(Path pipe) {
            try {
                while (true) {
                    try (var out = Files.newOutputStream(pipe)) {
                        int number = LOOKUPS.incrementAndGet();
                        out.write(("127.0.0." + (number == 1 ? 1 : 2) + " rebind.test\n")
                                .getBytes(StandardCharsets.US_ASCII));
                    }
                    while (isRead(pipe)) {
                        Thread.onSpinWait();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static boolean isRead(Path pipe) throws IOException {
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return files.anyMatch(file -> pipe.equals(target(file)));
            }
        }

        private static Path target(Path link) {
            try {
                return Files.readSymbolicLink(link);
            } catch (IOException e) {
                return link;
            }
        }
    }

    private static final String KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: named
              annotations: {serai.dev/queryable: "true"}
            spec:
              definition:
                title: Named
                required: [base_url]
                properties:
                  base_url: {title: URL, type: string, format: uri, x-destination: true}
                  connect_timeout: {title: Connect, type: number}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setHeader: {name: CamelHttpMethod, constant: GET}
                    - choice:
                        when:
                          - simple: "${header.operation} in 'test,models,read,query'"
                            steps:
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/${header.operation}"}
                              - to: {uri: "http:named"}
            """;
}
