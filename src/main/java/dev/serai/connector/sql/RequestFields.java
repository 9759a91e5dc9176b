package dev.serai.connector.sql;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What stands in a request's fields, which may be absent or null? */
public final class RequestFields {
    private RequestFields() {}

    public static @Nullable String text(JsonNode request, String name) {
        return request.hasNonNull(name) ? request.path(name).asText() : null;
    }

    public static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
