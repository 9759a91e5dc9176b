package dev.serai.api;

import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.access.Caller;
import dev.serai.metadata.Page;
import dev.serai.query.Asker;

/**
 * What a request asks for, after it was found to fit the OpenAPI file: all that a bean of this package needs to answer.
 *
 * @param operation its {@code operationId}
 * @param caller null for operations without a token
 * @param path path parameters, decoded
 * @param query query parameters, decoded
 * @param headers header parameters that the operation declares, by their name there
 * @param body {@link MissingNode} where there was none
 * @param form a body of multipart, which nobody has read yet; null where there was none
 * @param accepted the media type to answer with, one of the operation's
 * @param address of the client, as far as the server knows
 * @param asker the client, which may leave before it has its answer
 */
public record Call(
        String operation,
        @Nullable Caller caller,
        Map<String, String> path,
        Map<String, String> query,
        Map<String, String> headers,
        JsonNode body,
        @Nullable UploadedForm form,
        String accepted,
        String address,
        Asker asker) {

    /** The caller of an operation that needs a token. */
    Caller by() {
        if (caller == null) {
            throw new IllegalStateException("The operation " + operation + " is open to everybody");
        }
        return caller;
    }

    /** The form of an operation that needs one. */
    UploadedForm uploaded() {
        if (form == null) {
            throw new IllegalStateException("The operation " + operation + " takes no form");
        }
        return form;
    }

    String project() {
        return by().project();
    }

    /** A path parameter. */
    String part(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("The path of " + operation + " has no {" + name + "}");
        }
        return value;
    }

    Optional<String> param(String name) {
        return Optional.ofNullable(query.get(name));
    }

    Optional<Boolean> flag(String name) {
        return param(name).map(Boolean::valueOf);
    }

    int limit() {
        return param("limit").map(Integer::valueOf).orElse(Page.DEFAULT_LIMIT);
    }

    @Nullable
    String cursor() {
        return query.get("cursor");
    }

    /** The body of an operation whose body is an object; empty where it may be left out and was. */
    ObjectNode object() {
        return body instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    /** A text of the body, null where it is absent or null. */
    @Nullable
    String text(String field) {
        return body.path(field).textValue();
    }

    /** Without what the caller sent: it may be a secret. */
    @Override
    public String toString() {
        return "Call[" + operation + "]";
    }
}
