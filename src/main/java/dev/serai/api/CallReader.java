package dev.serai.api;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.JsonSchema;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeTypeUtils;

import dev.serai.access.Caller;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** Whether a request fits its operation, and the call that it then is. All faults of its parts at once. */
@Component
class CallReader {
    private final Bodies bodies;
    private final Problems problems;

    CallReader(Bodies bodies, Problems problems) {
        this.bodies = bodies;
        this.problems = problems;
    }

    Call read(HttpServletRequest request, Contract.Match match, @Nullable Caller caller) throws IOException {
        Operation operation = match.operation();
        String accepted = accepted(request, operation);
        Optional<JsonSchema> schema = bodySchema(request, operation);
        Map<String, String> path = new HashMap<>();
        match.path().forEach((name, raw) -> path.put(name, decoded(raw, false)));
        Map<String, String> query = query(request);
        List<Fault> faults = new ArrayList<>();
        Map<String, String> headers = checkParameters(request, operation, query, faults);
        JsonNode body = MissingNode.getInstance();
        if (schema.isPresent()) {
            body = bodies.read(request);
            faults.addAll(SchemaFaults.of(schema.get(), body));
        }
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return new Call(operation.id(), caller, path, query, headers, body, accepted, request.getRemoteAddr());
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

    private Map<String, String> query(HttpServletRequest request) {
        Map<String, String> values = new HashMap<>();
        String raw = request.getQueryString();
        if (raw == null || raw.isEmpty()) {
            return values;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
            if (values.put(name, value) != null) {
                throw new FailureException(
                        new Failure.Unreadable("bad_query", "A query parameter is given twice.", null));
            }
        }
        return values;
    }

    private static String decoded(String raw, boolean form) {
        byte[] bytes = new byte[raw.length() * 3];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw badEncoding(null);
                }
                bytes[length++] = (byte) (high * 16 + low);
                i += 2;
            } else if (c == '+' && form) {
                bytes[length++] = ' ';
            } else {
                for (byte part : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    bytes[length++] = part;
                }
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw badEncoding(e);
        }
    }

    private static FailureException badEncoding(@Nullable Exception cause) {
        return new FailureException(
                new Failure.Unreadable("bad_url", "The URL is not percent-encoded UTF-8.", null), cause);
    }

    /** The schema for the body's media type; empty where no body is expected, or none came and none is required. */
    private Optional<JsonSchema> bodySchema(HttpServletRequest request, Operation operation) {
        if (operation.bodies().isEmpty() || (!operation.bodyRequired() && !hasBody(request))) {
            return Optional.empty();
        }
        String given = request.getContentType();
        if (given != null) {
            try {
                MediaType type = MediaType.parseMediaType(given);
                JsonSchema schema = operation.bodies().get(type.getType() + "/" + type.getSubtype());
                boolean utf8 = type.getCharset() == null || StandardCharsets.UTF_8.equals(type.getCharset());
                if (schema != null && utf8) {
                    return Optional.of(schema);
                }
            } catch (InvalidMediaTypeException e) {
                throw refused(unsupported(operation));
            }
        }
        throw refused(unsupported(operation));
    }

    private Answer unsupported(Operation operation) {
        String types = String.join(", ", operation.bodies().keySet());
        Answer answer = problems.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The body must be " + types.replace(", ", " or ") + " in UTF-8.");
        return operation.method().equals("PATCH") ? answer.with("Accept-Patch", types) : answer;
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    /** The first of the operation's media types that fits what the client likes best. */
    private String accepted(HttpServletRequest request, Operation operation) {
        if (operation.answers().isEmpty()) {
            return MediaType.APPLICATION_JSON_VALUE;
        }
        List<String> headers = java.util.Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
        if (headers.isEmpty()) {
            return operation.answers().get(0);
        }
        try {
            List<MediaType> wanted = new ArrayList<>(MediaType.parseMediaTypes(headers));
            MimeTypeUtils.sortBySpecificity(wanted);
            wanted.sort((a, b) -> Double.compare(b.getQualityValue(), a.getQualityValue()));
            for (MediaType type : wanted) {
                for (String offered : operation.answers()) {
                    if (type.getQualityValue() > 0 && type.includes(MediaType.valueOf(offered))) {
                        return offered;
                    }
                }
            }
        } catch (InvalidMediaTypeException e) {
            throw refused(notAcceptable(operation));
        }
        throw refused(notAcceptable(operation));
    }

    private Answer notAcceptable(Operation operation) {
        return problems.of(
                HttpStatus.NOT_ACCEPTABLE,
                "not_acceptable",
                "This can be had as " + String.join(", ", operation.answers()) + ".");
    }

    private static RefusedException refused(Answer answer) {
        return new RefusedException(answer);
    }
}
