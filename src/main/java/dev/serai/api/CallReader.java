package dev.serai.api;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.access.Caller;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** Whether a request fits its operation, and the call that it then is. All faults of its parts at once. */
@Component
class CallReader {
    private final Bodies bodies;
    private final MediaTypes media;
    private final List<BodyCheck> checks;

    CallReader(Bodies bodies, MediaTypes media, List<BodyCheck> checks) {
        this.bodies = bodies;
        this.checks = checks;
        this.media = media;
    }

    Call read(HttpServletRequest request, Contract.Match match, @Nullable Caller caller) throws IOException {
        Operation operation = match.operation();
        String accepted = media.accepted(request, operation);
        Optional<JsonSchema> schema = media.bodySchema(request, operation);
        Map<String, String> path = new HashMap<>();
        match.path().forEach((name, raw) -> path.put(name, UrlText.decoded(raw, false)));
        Map<String, String> query = UrlText.query(request.getQueryString());
        List<Fault> faults = new ArrayList<>();
        Map<String, String> headers = checkParameters(request, operation, query, faults);
        JsonNode body = MissingNode.getInstance();
        UploadedForm form = schema.isPresent() ? UploadedForm.of(request) : null;
        if (schema.isPresent() && form == null) {
            body = bodies.read(request);
            faults.addAll(bodyFaults(operation, schema.get(), body));
        }
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return new Call(
                operation.id(),
                caller,
                path,
                query,
                headers,
                body,
                form,
                accepted,
                request.getRemoteAddr(),
                TomcatAsker.of(request));
    }

    /** With what the services find as well, so that a wrong type here does not hide an unknown one there. */
    private List<Fault> bodyFaults(Operation operation, JsonSchema schema, JsonNode body) {
        if (operation.checkedByService() && body.isObject()) {
            return List.of();
        }
        Map<String, Fault> faults = new LinkedHashMap<>();
        SchemaFaults.of(schema, body).forEach(fault -> faults.putIfAbsent(fault.pointer(), fault));
        if (!faults.isEmpty() && body instanceof ObjectNode object) {
            checks.stream()
                    .filter(check -> check.operations().contains(operation.id()))
                    .flatMap(check -> check.faults(object).stream())
                    .forEach(fault -> faults.putIfAbsent(fault.pointer(), fault));
        }
        return List.copyOf(faults.values());
    }

    private Map<String, String> checkParameters(
            HttpServletRequest request, Operation operation, Map<String, String> query, List<Fault> faults) {
        Map<String, String> headers = new HashMap<>();
        List<String> known = new ArrayList<>();
        for (Operation.Parameter parameter : operation.parameters()) {
            String name = parameter.name();
            if (parameter.in().equals("header")) {
                Optional.ofNullable(request.getHeader(name)).ifPresent(value -> headers.put(name, value));
                continue;
            }
            known.add(name);
            String value = query.get(name);
            if (value != null) {
                SchemaFaults.of(parameter.schema(), typed(value, parameter.type()))
                        .forEach(fault -> faults.add(new Fault("?" + name, fault.message())));
            } else if (parameter.required()) {
                faults.add(new Fault("?" + name, "is required"));
            }
        }
        query.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name -> faults.add(new Fault("?" + name, "is not known here")));
        return headers;
    }

    /** As the JSON value it stands for, or as text where it stands for none. */
    private static JsonNode typed(String value, String type) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (type.equals("integer") && value.matches("-?[0-9]{1,18}")) {
            return json.numberNode(new BigInteger(value));
        }
        if (type.equals("boolean") && (value.equals("true") || value.equals("false"))) {
            return json.booleanNode(value.equals("true"));
        }
        return json.textNode(value);
    }
}
