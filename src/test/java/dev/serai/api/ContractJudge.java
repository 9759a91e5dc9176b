package dev.serai.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares answers with the OpenAPI file that the running Serai serves, through a validator that is not ours. */
final class ContractJudge {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final OpenApiInteractionValidator validator;
    private final Map<String, Declared> operations = new LinkedHashMap<>();

    ContractJudge(RunningSerai serai) {
        String file = serai.nobody().get("/api/openapi.yaml").text();
        validator = OpenApiInteractionValidator.createForInlineApiSpecification(file)
                .build();
        try {
            new YAMLMapper().readTree(file).path("paths").properties().forEach(path -> path.getValue()
                    .properties()
                    .forEach(operation -> {
                        if (METHODS.contains(operation.getKey())) {
                            Declared declared = Declared.of(path.getKey(), operation.getValue());
                            operations.put(declared.id(), declared);
                        }
                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the file says of an operation; {@code role} is {@code none} where no token is needed. */
    record Declared(String id, String path, String role, List<Integer> success) {
        static Declared of(String path, JsonNode node) {
            List<Integer> success = node.path("responses").properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(status -> status.startsWith("2"))
                    .map(Integer::valueOf)
                    .toList();
            return new Declared(
                    node.path("operationId").asText(), path, node.path("x-role").asText("none"), success);
        }
    }

    Map<String, Declared> operations() {
        return operations;
    }

    /** The reply, if it is as the file says. */
    HttpCaller.Reply check(HttpCaller.Reply reply) {
        SimpleResponse.Builder response = new SimpleResponse.Builder(reply.status()).withBody(reply.bytes());
        reply.headers().map().forEach(response::withHeader);
        ValidationReport report = validator.validateResponse(
                reply.uri().getPath(), Request.Method.valueOf(reply.method()), response.build());
        assertThat(report.getMessages())
                .as("%s %s answered %d %s", reply.method(), reply.uri(), reply.status(), reply.text())
                .isEmpty();
        return reply;
    }
}
