package dev.serai.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import com.networknt.schema.JsonSchema;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeTypeUtils;

/** Which media type a request's body has and which one its answer is to have, among those of the operation. */
@Component
class MediaTypes {
    private final Problems problems;

    MediaTypes(Problems problems) {
        this.problems = problems;
    }

    /** The schema for the body's media type; empty where no body is expected, or none came and none is required. */
    Optional<JsonSchema> bodySchema(HttpServletRequest request, Operation operation) {
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
    String accepted(HttpServletRequest request, Operation operation) {
        if (operation.answers().isEmpty()) {
            return MediaType.APPLICATION_JSON_VALUE;
        }
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
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
