package dev.serai.api;

import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * What a call is answered with.
 *
 * @param body an {@link InputStream} is passed on as it is read; null is no body; anything else becomes JSON
 */
public record Answer(int status, String mediaType, Map<String, String> headers, @Nullable Object body) {

    public Answer {
        headers = Map.copyOf(headers);
    }

    static Answer ok(Object body) {
        return new Answer(200, MediaType.APPLICATION_JSON_VALUE, Map.of(), body);
    }

    static Answer created(String location, Object body) {
        return new Answer(201, MediaType.APPLICATION_JSON_VALUE, Map.of("Location", location), body);
    }

    static Answer created(Object body) {
        return new Answer(201, MediaType.APPLICATION_JSON_VALUE, Map.of(), body);
    }

    static Answer accepted(Object body) {
        return new Answer(202, MediaType.APPLICATION_JSON_VALUE, Map.of(), body);
    }

    static Answer empty(int status) {
        return new Answer(status, MediaType.APPLICATION_JSON_VALUE, Map.of(), null);
    }

    static Answer stream(String mediaType, InputStream body) {
        return new Answer(200, mediaType, Map.of(), body);
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, mediaType, more, body);
    }
}
