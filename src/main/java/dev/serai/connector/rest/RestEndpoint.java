package dev.serai.connector.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is asked for to get a model's records?
 *
 * @param path below the connector's address
 * @param query parameters, each with a text or a list of texts
 * @param body of a POST, as JSON values; null: none
 * @param format {@code auto}, {@code json}, {@code ndjson}, {@code csv}, {@code xml}
 * @param records where in an answer they are; null: the elements of a list, else the one object
 * @param missingIsEmpty whether an answer without that place has no records, and is not a fault
 * @param key fields by which records are told apart
 */
record RestEndpoint(
        String name,
        String path,
        boolean post,
        Map<String, List<String>> query,
        @Nullable Object body,
        Map<String, String> headers,
        String format,
        char delimiter,
        @Nullable RecordPath records,
        boolean missingIsEmpty,
        List<String> key,
        Paging paging,
        @Nullable Watermark watermark) {

    static RestEndpoint of(Map<?, ?> config) {
        Fields fields = new Fields(config);
        String records = fields.optional("records");
        return new RestEndpoint(
                fields.text("name", ""),
                fields.text("path", "/"),
                fields.text("method", "GET").equals("POST"),
                parameters(fields.object("query")),
                config.get("body"),
                fields.texts("headers"),
                fields.text("format", "auto"),
                fields.text("delimiter", ",").charAt(0),
                records == null ? null : RecordPath.of(records).list(),
                fields.flag("missing_is_empty"),
                fields.list("key").stream().map(String::valueOf).toList(),
                Paging.of(fields.object("pagination")),
                Watermark.of(fields));
    }

    static Map<String, List<String>> parameters(Map<?, ?> values) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        values.forEach((name, value) -> query.put(
                String.valueOf(name),
                value instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : value == null ? List.of() : List.of(String.valueOf(value))));
        return query;
    }

    /** The same with parameters of its own for one query. */
    RestEndpoint asking(Map<String, List<String>> parameters) {
        Map<String, List<String>> all = new LinkedHashMap<>(query);
        all.putAll(parameters);
        return new RestEndpoint(
                name,
                path,
                post,
                all,
                body,
                headers,
                format,
                delimiter,
                records,
                missingIsEmpty,
                key,
                paging,
                watermark);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "RestEndpoint[" + name + "]";
    }
}
