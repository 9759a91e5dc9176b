package dev.serai.api.fuzz;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serai.api.fuzz.ApiFile.Operation;

/** What is wrong with an answer, by the OpenAPI file, by HTTP and by what must stay inside. */
final class Judge {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final List<String> RANKS = List.of("none", "viewer", "member", "admin");
    private static final Pattern INSIDE = Pattern.compile(
            "\\b(java|javax|jakarta|sun|org\\.(apache|spring|h2|duckdb|postgresql)|com\\.(fasterxml|networknt)|dev\\.serai|io\\.delta)\\.[a-z]"
                    + "|[A-Za-z]{3,}Exception\\b|\\bat [a-z]+\\.[\\w.]+\\(|data_connectors|\\bserai_rows\\b|jdbc:[a-z]"
                    + "|read_parquet|\\.parquet|NullPointer|root:x:0");

    /** Answered with bytes of the source's or of a format of its own. */
    private static final Set<String> NOT_TEXT = Set.of("application/vnd.apache.arrow.stream");

    private final ApiFile file;
    private final World world;
    private final OpenApiInteractionValidator validator;
    private final Map<String, Integer> codes;

    Judge(String yaml, World world) {
        this.file = new ApiFile(yaml);
        this.world = world;
        this.codes = file.codes();
        this.validator = OpenApiInteractionValidator.createForInlineApiSpecification(yaml)
                .build();
    }

    static JsonNode json(Wire.Answer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("Not JSON: " + answer.text(), e);
        }
    }

    /** @param sent without placeholders */
    List<String> faults(Draft draft, Draft sent, Wire.Answer answer) {
        List<String> faults = new ArrayList<>();
        Optional<Operation> operation = file.find(sent.method(), sent.path());
        int status = answer.status();
        if (status >= 500 && !farSystemFailed(draft, answer)) {
            faults.add("a status that blames the server");
        }
        if (!answer.whole()) {
            faults.add("it does not end as its head says");
        }
        if (status >= 400 && !sent.method().equals("HEAD")) {
            problem(answer, faults);
        } else if (status < 400 && operation.isEmpty() && !sent.method().equals("OPTIONS")) {
            faults.add("success of what the file does not have");
        }
        operation.ifPresent(known -> {
            byTheFile(known, sent, answer, faults);
            byTheRole(known, draft, sent, answer, faults);
        });
        headers(answer, faults);
        leaks(draft, sent, answer, faults);
        return faults;
    }

    private void byTheFile(Operation operation, Draft sent, Wire.Answer answer, List<String> faults) {
        if (sent.method().equals("HEAD")) {
            if (answer.body().length > 0) {
                faults.add("a body for HEAD");
            }
            return;
        }
        SimpleResponse.Builder response = new SimpleResponse.Builder(answer.status()).withBody(answer.body());
        answer.headers().forEach(response::withHeader);
        validator
                .validateResponse(
                        operation.path().replaceAll("\\{[a-z]+}", "x"),
                        Request.Method.valueOf(operation.method()),
                        response.build())
                .getMessages()
                .forEach(message -> faults.add("not by the file: " + message.getMessage()));
        if (answer.status() < 400 && !operation.node().path("responses").has(String.valueOf(answer.status()))) {
            faults.add("a status that the file does not have");
        }
    }

    private static void byTheRole(
            Operation operation, Draft draft, Draft sent, Wire.Answer answer, List<String> faults) {
        boolean ownToken = draft.caller().matches("admin|member|viewer") && !draft.has("Authorization");
        String rank = ownToken ? draft.caller() : "none";
        boolean stranger = draft.caller().matches("stranger|owner");
        if (answer.status() < 400 && !stranger && RANKS.indexOf(rank) < RANKS.indexOf(operation.role())) {
            faults.add("somebody without the role was let in");
        }
        boolean foreign =
                draft.path().contains("@{foreign.") || stranger && draft.path().contains("@{");
        if (answer.status() < 400 && foreign && !(stranger && draft.path().contains("@{foreign."))) {
            faults.add("somebody of another project was let in");
        }
    }

    private void problem(Wire.Answer answer, List<String> faults) {
        if (!answer.header("content-type").equals("application/problem+json")) {
            faults.add("an error that is no problem+json");
            return;
        }
        JsonNode problem = json(answer);
        String code = problem.path("code").asText();
        for (String member : List.of("type", "title", "detail", "code")) {
            if (problem.path(member).asText().isEmpty()) {
                faults.add("a problem without its " + member);
            }
        }
        for (JsonNode error : problem.path("errors")) {
            String message = error.path("message").asText();
            // A fault goes on from the name of its place: "must be a whole number".
            if (code.equals("invalid") && (!message.matches("(?s)[^A-Z].*[^.]"))) {
                faults.add("a fault that is worded otherwise: " + message);
            }
        }
        if (problem.path("status").asInt() != answer.status()
                || !problem.path("type").asText().equals("/problems/" + code)
                || !problem.path("retryable").isBoolean()) {
            faults.add("a problem whose members contradict each other");
        }
        if (!Integer.valueOf(answer.status()).equals(codes.get(code))) {
            faults.add("the file does not have the code " + code + " with this status");
        }
    }

    private static void headers(Wire.Answer answer, List<String> faults) {
        Map<Integer, String> needed =
                Map.of(201, "location", 401, "www-authenticate", 405, "allow", 429, "retry-after");
        String name = needed.get(answer.status());
        if (name != null && answer.header(name).isEmpty()) {
            faults.add("no header " + name);
        }
        for (String unwanted :
                List.of("x-injected", "server", "set-cookie", "authorization", "operation", "connector")) {
            if (answer.headers().containsKey(unwanted)) {
                faults.add("a header " + unwanted);
            }
        }
    }

    private void leaks(Draft draft, Draft sent, Wire.Answer answer, List<String> faults) {
        String all = answer.headers() + "\n" + (NOT_TEXT.contains(answer.header("content-type")) ? "" : answer.text());
        boolean theirs = draft.caller().equals("stranger") || sent.names(World.FOREIGN);
        // The audit keeps what somebody asked for, even of what there is not for them.
        boolean asked = sent.path().contains("audit");
        if (all.contains(World.FOREIGN) && !theirs && !asked) {
            faults.add("something of another project");
        }
        for (String secret : world.secrets()) {
            if (all.contains(secret)) {
                faults.add("a secret");
            }
        }
        if (all.contains(world.serai().folder().toString())
                || INSIDE.matcher(all).find()) {
            faults.add("something from inside");
        }
    }

    /** Where the connector is not one that works. */
    private static boolean farSystemFailed(Draft draft, Wire.Answer answer) {
        boolean source = draft.path().matches("/api/connectors/@\\{(spare|made\\.connector)}/(models.*|query)");
        return source && (answer.status() == 502 || answer.status() == 504);
    }
}
