package dev.serai.connector.search;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;

import dev.serai.connector.search.SearchField.Kind;

/** Turns the hits of one slice into lines of JSON: what tells them apart, and the fields of their documents. */
final class HitWriter {
    /** Documents may be as long and as deep as the server takes them. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(100_000)
                    .maxNestingDepth(2_000)
                    .maxNameLength(1 << 20)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(2_000).build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final SearchMapping mapping;
    private final List<String> asked;
    private final Set<String> computed;
    private final SeenFields seen;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 16);
    private final JsonGenerator json;

    /** @param asked the columns there are to be; empty for all */
    HitWriter(SearchMapping mapping, List<String> asked, SeenFields seen) throws IOException {
        this.mapping = mapping;
        this.asked = asked;
        this.computed = Set.copyOf(mapping.computed(asked));
        this.seen = seen;
        this.json = JSON.createGenerator(text);
        json.setPrettyPrinter(new MinimalPrettyPrinter(""));
    }

    /** One hit, from its first brace to its last. */
    void write(JsonParser parser, Position position) throws IOException {
        int before = text.size();
        Map<String, String> raw = new LinkedHashMap<>();
        json.writeStartObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case SearchMapping.ID, SearchMapping.INDEX -> identify(name, parser.getText());
                case "_source" -> source(parser, raw);
                case "fields" -> fields(parser, raw);
                case "sort" -> position.at(captured(parser));
                default -> parser.skipChildren();
            }
        }
        for (Map.Entry<String, String> left : raw.entrySet()) {
            // The server has not indexed it: it is told as it was sent.
            try (JsonParser value = JSON.createParser(left.getValue())) {
                value.nextToken();
                value(left.getKey(), value);
            }
        }
        json.writeEndObject();
        json.flush();
        text.write('\n');
        seen.line(text.size() - before);
    }

    /** Where the next page begins. */
    interface Position {
        void at(String sortValues);
    }

    private void identify(String name, String value) throws IOException {
        if (asked.isEmpty() ? mapping.key().contains(name) : asked.contains(name)) {
            json.writeStringField(name, value);
        }
    }

    private void source(JsonParser parser, Map<String, String> raw) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (!asked.isEmpty() && !asked.contains(name)) {
                parser.skipChildren();
            } else if (computed.contains(name)) {
                raw.put(name, captured(parser));
            } else {
                value(name, parser);
            }
        }
    }

    /** Always arrays, of one value mostly. */
    private void fields(JsonParser parser, Map<String, String> raw) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            String values = captured(parser);
            if (!computed.contains(name)) {
                continue;
            }
            raw.remove(name);
            try (JsonParser array = JSON.createParser(values)) {
                array.nextToken();
                JsonToken first = array.nextToken();
                String one = first == JsonToken.END_ARRAY ? "null" : captured(array);
                boolean single = first == JsonToken.END_ARRAY || array.nextToken() == JsonToken.END_ARRAY;
                try (JsonParser value = JSON.createParser(single ? one : values)) {
                    value.nextToken();
                    value(name, value);
                }
            }
        }
    }

    private void value(String name, JsonParser parser) throws IOException {
        json.writeFieldName(name);
        Kind kind = mapping.field(name).map(SearchField::kind).orElse(Kind.UNKNOWN);
        HitValue.copy(parser, json, kind).ifPresentOrElse(form -> seen.see(name, form), () -> seen.see(name));
    }

    private static String captured(JsonParser parser) throws IOException {
        StringWriter copy = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(copy)) {
            HitValue.exact(parser, out);
        }
        return copy.toString();
    }

    int size() {
        return text.size();
    }

    /** The lines that were written since. */
    byte[] take() {
        byte[] lines = text.toByteArray();
        text.reset();
        return lines;
    }
}
