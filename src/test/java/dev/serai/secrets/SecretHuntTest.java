package dev.serai.secrets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.tools.attach.VirtualMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.Postgres;
import dev.serai.testing.SeraiProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Secrets are planted in connectors of every kind, everything is done with them, well and badly, at the noisiest settings,
 * and then they are looked for wherever Serai leaves traces.
 */
class SecretHuntTest {
    /** What breaks text: placeholders, escapes, bean references, ends of strings, other scripts. */
    private static final String EVIL = "{{env:HOME}}\\%41#bean:config'\"}}${env:PATH}üЖ€";

    private static final Map<String, String> SECRETS = new LinkedHashMap<>();

    /** What Serai itself is given; the environment is in every recording of a JVM. */
    private static final Map<String, String> OWN = new LinkedHashMap<>();

    static {
        for (String name : List.of(
                "password",
                "wrong_password",
                "bearer",
                "api_key",
                "query_key",
                "body_key",
                "path_key",
                "cookie",
                "careless",
                "next_password",
                "client_key",
                "url_password",
                "mistyped")) {
            SECRETS.put(name, planted(name));
        }
        OWN.put("admin_password", piece("admin".hashCode()) + " " + piece("nimda".hashCode()));
        OWN.put("sign_key", "Q3uX8vK2mZ7nB4wL9tY6rH1pJ5dF0gSaVeCxNqWzTyU=");
    }

    /** Two pieces that nobody else has, around what breaks things. */
    private static String planted(String name) {
        int seed = name.hashCode();
        return piece(seed) + EVIL + piece(~seed * 31 + 7);
    }

    private static String piece(int seed) {
        String letters = "bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789";
        StringBuilder piece = new StringBuilder();
        java.util.Random random = new java.util.Random(seed);
        for (int i = 0; i < 9; i++) {
            piece.append(letters.charAt(random.nextInt(letters.length())));
        }
        return piece.toString();
    }

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    static Path folder;

    private final List<String> answers = new ArrayList<>();
    private final Map<String, Set<String>> findings = new TreeMap<>();
    private final Needles needles = new Needles(SECRETS);
    private final Needles own = new Needles(OWN);
    private EchoServer source;
    private Postgres.Database database;
    private SeraiProcess serai;
    private HttpCaller admin;

    @Test
    void noSecretIsFoundAnywhere() throws Exception {
        database = Postgres.database();
        database.execute("create table orders (id int primary key, note text)", "insert into orders values (1, 'one')");
        database.executeAsSuperuser("alter role " + database.username() + " password " + "'"
                + SECRETS.get("password").replace("'", "''") + "'");
        Files.createDirectories(folder.resolve("kamelets"));
        Files.writeString(folder.resolve("kamelets/hunted-http.kamelet.yaml"), OVER_HTTP);
        Files.writeString(folder.resolve("kamelets/hunted-java.kamelet.yaml"), IN_JAVA);
        Path recording = folder.resolve("recording.jfr");
        try (EchoServer echo = new EchoServer()) {
            source = echo;
            try (SeraiProcess running = SeraiProcess.start(
                    folder,
                    List.of("-XX:StartFlightRecording=settings=profile,filename=" + recording),
                    Map.of(
                            "SERAI_SIGN_KEY",
                            OWN.get("sign_key"),
                            "SERAI_ADMIN_PASSWORD",
                            OWN.get("admin_password"),
                            "SERAI_SYNC_RETRY",
                            "1s"),
                    Map.of(
                            "logging.level.root", "TRACE",
                            "logging.level.org.apache.camel", "TRACE",
                            "logging.level.org.apache.hc", "TRACE",
                            "logging.level.org.apache.tomcat", "TRACE",
                            "logging.level.org.postgresql", "TRACE",
                            "camel.main.tracing", "true",
                            "spring.jmx.enabled", "true",
                            "management.endpoints.web.exposure.include", "*"))) {
                serai = running;
                admin = running.bearing(running.bearing(null)
                        .post("/api/auth/login", Map.of("username", "admin", "password", OWN.get("admin_password")))
                        .expect(200)
                        .path("access_token")
                        .asText());
                drive();
                look("metrics", answerOf("/actuator/prometheus"));
                lookAtTheActuator();
                lookAtJmx();
                look("thread dump", jcmd("Thread.print", "-l", "-e"));
                look("system properties", jcmd("VM.system_properties"));
                look("command line", jcmd("VM.command_line"));
                look("class histogram", jcmd("GC.class_histogram"));
                for (String id : connectors()) {
                    keep(admin.delete("/api/connectors/" + id));
                }
            }
        }
        look("answers", String.join("\n", answers));
        lookAtFiles();
        assertThat(source.asked())
                .as("the source was asked with secrets")
                .anyMatch(asked -> asked.contains(SECRETS.get("api_key").substring(0, 9)));
        assertThat(findings).isEmpty();
    }

    private void drive() {
        String postgres = create("postgresql", postgres("password"));
        walk(postgres, "public.orders");
        String wrong = create("postgresql", postgres("wrong_password"));
        walk(wrong, "public.orders");
        Map<String, Object> tls = postgres("password");
        tls.put("sslmode", "verify-full");
        tls.put("ssl_client_cert", "no certificate");
        tls.put(
                "ssl_client_key",
                "-----BEGIN PRIVATE KEY-----\n" + SECRETS.get("client_key") + "\n-----END PRIVATE KEY-----");
        walk(create("postgresql", tls), "public.orders");
        for (String how : List.of("ok", "s401", "s500", "garbage", "json", "cut", "moved")) {
            walk(create("hunted_http", http(source.url(how))), "orders");
        }
        walk(create("hunted_http", http(source.url("ok").replace("http:", "https:"))), "orders");
        walk(create("hunted_http", http("http://127.0.0.1:1")), "orders");
        cancelASlowOne();
        for (String fails : List.of("never", "made", "test", "read", "close")) {
            walk(create("hunted_java", Map.of("fails", fails, "password", SECRETS.get("careless"))), "things");
        }
        refused();
        patch(postgres);
        keep(admin.post("/api/admin/rotate", null));
        for (String list :
                List.of("connectors", "connector-tests", "runs", "datasets", "audit", "connectors/catalog/problems")) {
            keep(admin.get("/api/" + list + "?limit=1000"));
        }
    }

    private Map<String, Object> postgres(String password) {
        return new LinkedHashMap<>(Map.of(
                "host", database.host(),
                "port", database.port(),
                "database", database.name(),
                "username", database.username(),
                "password", SECRETS.get(password)));
    }

    private static Map<String, Object> http(String url) {
        Map<String, Object> config = new LinkedHashMap<>(Map.of("base_url", url, "read_timeout", 2));
        for (String name : List.of("bearer", "api_key", "query_key", "body_key", "path_key", "cookie")) {
            config.put(name, SECRETS.get(name));
        }
        return config;
    }

    private String create(String type, Map<String, Object> config) {
        keep(admin.put("/api/connectors/catalog/" + type + "/validate", Map.of("config", config)));
        keep(admin.post("/api/connectors/test", Map.of("type", type, "config", config)));
        Reply created = keep(
                admin.post("/api/connectors", Map.of("name", type + answers.size(), "type", type, "config", config)));
        return created.expect(201).path("id").asText();
    }

    /** All that one can do with a connector, whether it works or not. */
    private void walk(String id, String model) {
        String path = "/api/connectors/" + id;
        keep(admin.post(path + "/test", null));
        keep(admin.get(path + "/models?refresh=true"));
        keep(admin.get(path + "/models/" + model));
        keep(admin.get(path + "/models/" + model + "/preview"));
        keep(admin.post(path + "/query", Map.of("sql", "select * from orders")));
        keep(admin.post(path + "/query", Map.of("sql", "select nothing from nowhere")));
        Reply dataset = keep(
                admin.post("/api/datasets", Map.of("connector_id", id, "model", model, "name", "d" + answers.size())));
        JsonNode run = keep(admin.post(path + "/sync", Map.of("mode", "full"))).json();
        if (run.has("run_id")) {
            String runPath = "/api/runs/" + run.path("run_id").asText();
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            !admin.get(runPath).expect(200).path("ended_at").isNull());
            keep(admin.get(runPath));
            keepStream(runPath + "/events");
        }
        if (dataset.status() == 201) {
            keep(admin.get("/api/datasets/" + dataset.json().path("id").asText() + "/rows"));
        }
        keep(admin.get(path));
        keep(admin.get(path + "/tests"));
    }

    private void cancelASlowOne() {
        Map<String, Object> config = http(source.url("slow"));
        config.put("read_timeout", 20);
        String id = create("hunted_http", Map.copyOf(Map.of("base_url", source.url("ok"), "read_timeout", 1)));
        keep(admin.patch("/api/connectors/" + id, Map.of("config", config)));
        keep(admin.post("/api/datasets", Map.of("connector_id", id, "model", "orders", "name", "slow")));
        String run = keep(admin.post("/api/connectors/" + id + "/sync", Map.of()))
                .expect(202)
                .path("run_id")
                .asText();
        keep(admin.post("/api/runs/" + run + "/cancel", null));
        await().atMost(Duration.ofSeconds(30)).until(() -> !admin.get("/api/runs/" + run)
                .expect(200)
                .path("ended_at")
                .isNull());
        keep(admin.get("/api/runs/" + run));
        keepStream("/api/runs/" + run + "/events");
    }

    /** Secrets where they do not belong, and requests that are wrong in other ways. */
    private void refused() {
        String inUrl = "http://u:" + piece("url_password".hashCode()) + "@127.0.0.1:1/";
        keep(admin.post("/api/connectors/test", Map.of("type", "hunted_http", "config", Map.of("base_url", inUrl))));
        keep(admin.put("/api/connectors/catalog/hunted_http/validate", Map.of("config", Map.of("base_url", inUrl))));
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("password", Map.of("nested", SECRETS.get("mistyped"))),
                Map.of("password", List.of(SECRETS.get("mistyped"))),
                Map.of("password", SECRETS.get("mistyped").repeat(100)),
                Map.of("port", SECRETS.get("mistyped")),
                Map.of("sslmode", SECRETS.get("mistyped")),
                Map.of("host", SECRETS.get("mistyped")))) {
            Map<String, Object> config = postgres("password");
            config.putAll(wrong);
            keep(admin.post("/api/connectors", Map.of("name", "wrong", "type", "postgresql", "config", config)));
        }
        keep(admin.post(
                "/api/connectors", "{\"name\":\"cut\",\"config\":{\"password\":\"" + piece("mistyped".hashCode())));
        keep(admin.post("/api/connectors", "{\"config\":{\"password\":\"" + piece("mistyped".hashCode()) + "\n\"}}"));
        keep(admin.post("/api/auth/login", Map.of("username", "admin", "password", SECRETS.get("mistyped"))));
    }

    private void patch(String id) {
        String path = "/api/connectors/" + id;
        keep(admin.patch(path, Map.of("config", Map.of("host", "elsewhere.invalid"))));
        keep(admin.post(
                path + "/test",
                Map.of("config", Map.of("host", "127.0.0.1", "password", SECRETS.get("next_password")))));
        keep(admin.post(path + "/test", Map.of("config", Map.of("port", 1))));
        keep(admin.patch(path, Map.of("config", Map.of("password", SECRETS.get("next_password")))));
        walk(id, "public.orders");
    }

    private List<String> connectors() {
        List<String> ids = new ArrayList<>();
        admin.get("/api/connectors?limit=1000")
                .expect(200)
                .path("items")
                .forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }

    private Reply keep(Reply reply) {
        answers.add(reply.method() + " " + reply.uri() + " " + reply.status() + " "
                + reply.headers().map() + "\n" + reply.text());
        return reply;
    }

    private void keepStream(String path) {
        HttpResponse<InputStream> stream = admin.stream("GET", path, null);
        try (InputStream body = stream.body()) {
            answers.add(path + "\n" + new String(body.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answerOf(String path) {
        return admin.get(path).text();
    }

    /** Whatever an operator may expose, but the heap, which has all that is in memory. */
    private void lookAtTheActuator() {
        JsonNode links = admin.get("/actuator").expect(200).path("_links");
        links.properties().forEach(link -> {
            String path = link.getValue().path("href").asText().replaceFirst("^https?://[^/]+", "");
            if (!path.contains("{")
                    && !path.endsWith("heapdump")
                    && !path.endsWith("logfile")
                    && !path.endsWith("shutdown")) {
                look("actuator " + link.getKey(), answerOf(path));
            }
        });
    }

    private void lookAtJmx() throws Exception {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(serai.pid()));
        JMXServiceURL url = new JMXServiceURL(machine.startLocalManagementAgent());
        machine.detach();
        int looked = 0;
        try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            for (ObjectName name : beans.queryNames(null, null)) {
                StringBuilder text = new StringBuilder(name.toString()).append('\n');
                for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
                    if (attribute.isReadable()) {
                        text.append(attribute.getName())
                                .append('=')
                                .append(read(beans, name, attribute))
                                .append('\n');
                    }
                }
                for (MBeanOperationInfo operation : beans.getMBeanInfo(name).getOperations()) {
                    if (tells(operation)) {
                        text.append(operation.getName())
                                .append('=')
                                .append(ask(beans, name, operation))
                                .append('\n');
                    }
                }
                look("JMX " + name, text.toString());
                looked++;
            }
        }
        assertThat(looked).isGreaterThan(20);
    }

    private static boolean tells(MBeanOperationInfo operation) {
        return operation.getSignature().length == 0
                && operation
                        .getName()
                        .matches("(dump|browse|list|show|get|explain|inspect|env|beans|configprops|threaddump|vm).*");
    }

    private static Object read(MBeanServerConnection beans, ObjectName name, MBeanAttributeInfo attribute) {
        try {
            return text(beans.getAttribute(name, attribute.getName()));
        } catch (Exception e) {
            return e;
        }
    }

    private static Object ask(MBeanServerConnection beans, ObjectName name, MBeanOperationInfo operation) {
        try {
            return text(beans.invoke(name, operation.getName(), new Object[0], new String[0]));
        } catch (Exception e) {
            return e;
        }
    }

    private static Object text(Object value) {
        if (value instanceof Object[] array) {
            return Stream.of(array).map(SecretHuntTest::text).toList();
        }
        return value;
    }

    private String jcmd(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(serai.pid())));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private void lookAtFiles() throws IOException {
        Set<String> kinds = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                kinds.add(name.replaceFirst(".*\\.", "").replaceFirst("/.*", ""));
                look(name, Files.readAllBytes(file));
            }
        }
        assertThat(kinds).contains("output", "jfr", "db", "parquet", "json");
    }

    private void look(String where, String text) {
        look(where, text.getBytes(StandardCharsets.UTF_8));
    }

    private void look(String where, byte[] bytes) {
        Set<String> found = new TreeSet<>(needles.in(bytes));
        if (!where.endsWith(".jfr")) {
            found.addAll(own.in(bytes));
        }
        if (!found.isEmpty()) {
            findings.put(where, found);
        }
    }

    private static final String OVER_HTTP =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: hunted-http
              annotations:
                serai.dev/queryable: "true"
            spec:
              definition:
                title: Hunted
                required: [base_url]
                properties:
                  base_url: {title: URL, type: string, format: uri, x-destination: true}
                  bearer: {title: Bearer, type: string, format: password}
                  api_key: {title: Key, type: string, format: password}
                  query_key: {title: Key, type: string, format: password}
                  body_key: {title: Key, type: string, format: password}
                  path_key: {title: Key, type: string, format: password}
                  cookie: {title: Cookie, type: string, format: password}
                  read_timeout: {title: Read, type: number, default: 5}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setProperty: {name: asked, simple: "${header.operation}"}
                    - setHeader: {name: Authorization, simple: "Bearer ${variable.config[bearer]}"}
                    - setHeader: {name: X-Api-Key, simple: "${variable.config[api_key]}"}
                    - setHeader: {name: Cookie, simple: "session=${variable.config[cookie]}"}
                    - choice:
                        when:
                          - simple: "${header.operation} == 'test'"
                            steps:
                              - setHeader: {name: CamelHttpMethod, constant: GET}
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/test"}
                              - to: {uri: "http:hunted"}
                          - simple: "${header.operation} == 'models'"
                            steps:
                              - setHeader: {name: CamelHttpMethod, constant: GET}
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/models"}
                              - setHeader: {name: CamelHttpQuery, simple: "key=${variable.config[query_key]}"}
                              - to: {uri: "http:hunted"}
                          - simple: "${header.operation} == 'read'"
                            steps:
                              - setHeader: {name: CamelHttpMethod, constant: POST}
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/rows"}
                              - setBody: {simple: "{\\"key\\":\\"${variable.config[body_key]}\\"}"}
                              - to: {uri: "http:hunted"}
                          - simple: "${header.operation} == 'query'"
                            steps:
                              - setHeader: {name: CamelHttpMethod, constant: POST}
                              - setHeader: {name: CamelHttpUri, simple: "${variable.config[base_url]}/hooks/${variable.config[path_key]}"}
                              - setHeader: {name: Content-Type, constant: application/json}
                              - marshal: {json: {}}
                              - to: {uri: "http:hunted?okStatusCodeRange=200-299"}
            """;

    private static final String IN_JAVA =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: hunted-java
              annotations:
                serai.dev/queryable: "true"
            spec:
              definition:
                title: Hunted
                properties:
                  password: {title: Password, type: string, format: password}
                  fails: {title: When it fails, type: string}
              template:
                beans:
                  - name: client
                    type: "#class:dev.serai.secrets.CarelessClient"
                    constructors:
                      "0": "#bean:{{config}}"
                    destroyMethod: close
                from:
                  uri: kamelet:source
                  steps:
                    - choice:
                        when:
                          - simple: "${header.operation} in 'test,models,read,query'"
                            steps: [{bean: {ref: "{{client}}", method: answer}}]
            """;
}
