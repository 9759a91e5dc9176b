package dev.serai.connector.sql;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** What stands in a request's fields, which may be absent or null? */
public final class RequestFields {
    private static final int MOST_CONNECTIONS = 16;

    private RequestFields() {}

    public static @Nullable String text(JsonNode request, String name) {
        return request.hasNonNull(name) ? request.path(name).asText() : null;
    }

    public static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    /** Over how many connections at most a read is to be. */
    public static int parallelism(JsonNode request) {
        if (!request.hasNonNull("parallelism")) {
            return 1;
        }
        long connections = request.path("parallelism").asLong();
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new FailureException(Failure.Invalid.of("/parallelism", "must be from 1 to " + MOST_CONNECTIONS));
        }
        return (int) connections;
    }
}
