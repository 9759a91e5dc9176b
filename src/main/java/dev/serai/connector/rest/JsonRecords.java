package dev.serai.connector.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.failure.FailureException;

/** Records of JSON text, however long it is: of it no more than one record is held. Numbers keep each of their digits. */
final class JsonRecords implements PageRecords {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_RECORD)
                    .maxNumberLength(10_000)
                    .build())
            .build();
    private static final byte[] NOTHING = {'n', 'u', 'l', 'l'};

    /** One object or list that the parser is in. */
    private static final class Frame {
        private final boolean list;
        private final boolean records;
        private int index = -1;

        Frame(boolean list, boolean records) {
            this.list = list;
            this.records = records;
        }
    }

    private final RestEndpoint endpoint;
    private final List<String> columns;
    private final boolean lines;
    private final JsonParser parser;
    private final RecordPath records;
    private final Set<RecordPath> watched;
    private final Map<RecordPath, String> values = new HashMap<>();
    private final Map<String, String> last = new HashMap<>();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final List<String> place = new ArrayList<>();
    private boolean found;
    private int roots;

    /**
     * @param columns fields of the record to have, in this order; empty for all
     * @param lines whether one text follows the other
     * @param charset as the answer names it; null: to be seen
     */
    JsonRecords(RestEndpoint endpoint, List<String> columns, boolean lines, InputStream text, @Nullable Charset charset)
            throws IOException {
        this.endpoint = endpoint;
        this.columns = columns;
        this.lines = lines;
        this.records = endpoint.records() == null ? RecordPath.of("$") : endpoint.records();
        Set<RecordPath> all = new java.util.HashSet<>();
        Paging paging = endpoint.paging();
        for (@Nullable RecordPath path : new RecordPath[] {paging.cursor(), paging.hasMore(), paging.next()}) {
            if (path != null) {
                all.add(path);
            }
        }
        this.watched = all;
        this.parser = charset == null
                ? JSON.createParser(text)
                : JSON.createParser(new InputStreamReader(
                        text,
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.FIELD_NAME) {
                place.set(place.size() - 1, parser.currentName());
            } else if (token.isStructEnd()) {
                frames.pop();
                place.remove(place.size() - 1);
            } else {
                byte[] record = value(token);
                if (record != null) {
                    return record;
                }
            }
        }
        if (!found && roots > 0 && !lines && !endpoint.missingIsEmpty()) {
            throw new FailureException(SourceFailures.unreadable("The answer has nothing at " + records
                    + ", where its records should be. Check 'records', or say missing_is_empty."));
        }
        return null;
    }

    /** What to do with a value that begins: it is a record, is to be remembered, or is passed through. */
    private byte @Nullable [] value(JsonToken token) throws IOException {
        Frame around = frames.peek();
        if (around == null) {
            roots++;
            if (roots > 1 && !lines) {
                throw new FailureException(
                        SourceFailures.unreadable(
                                "The source answered with several JSON texts in one. Where they are lines, say the format ndjson."));
            }
        } else if (around.list) {
            around.index++;
            place.set(place.size() - 1, String.valueOf(around.index));
        }
        boolean isRecords = records.isAt(place);
        found |= isRecords;
        if ((around != null && around.records) || (isRecords && !isNothing(token))) {
            return record(token);
        }
        if (token.isStructStart()) {
            enter(token, isRecords);
        } else {
            remember();
        }
        return null;
    }

    private static boolean isNothing(JsonToken token) {
        return token == JsonToken.START_ARRAY || token == JsonToken.VALUE_NULL;
    }

    private void enter(JsonToken token, boolean isRecords) throws IOException {
        boolean list = token == JsonToken.START_ARRAY;
        if (!isRecords && !records.passes(place) && watched.stream().noneMatch(path -> path.passes(place))) {
            parser.skipChildren();
            return;
        }
        frames.push(new Frame(list, isRecords && list));
        place.add("");
    }

    private void remember() throws IOException {
        for (RecordPath path : watched) {
            if (path.isAt(place) && parser.currentToken() != JsonToken.VALUE_NULL) {
                values.put(path, parser.getText());
            }
        }
    }

    private byte[] record(JsonToken token) throws IOException {
        last.clear();
        Limited text = new Limited();
        if (token == JsonToken.START_OBJECT && !columns.isEmpty()) {
            chosen(text);
        } else {
            try (JsonGenerator json = JSON.createGenerator(text)) {
                if (token == JsonToken.START_OBJECT) {
                    copy(json, true);
                } else {
                    json.writeStartObject();
                    json.writeFieldName("value");
                    copy(json, false);
                    json.writeEndObject();
                }
            }
        }
        text.write('\n');
        return text.toByteArray();
    }

    /** Some fields in the order asked for; one that is not there is null, so that its column is. */
    private void chosen(Limited text) throws IOException {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            note(name, token);
            if (columns.contains(name)) {
                Limited value = new Limited();
                try (JsonGenerator json = JSON.createGenerator(value)) {
                    copy(json, false);
                }
                fields.put(name, value.toByteArray());
            } else {
                parser.skipChildren();
            }
        }
        text.write('{');
        for (int i = 0; i < columns.size(); i++) {
            Limited name = new Limited();
            try (JsonGenerator json = JSON.createGenerator(name)) {
                json.writeString(columns.get(i));
            }
            if (i > 0) {
                text.write(',');
            }
            text.writeBytes(name.toByteArray());
            text.write(':');
            text.writeBytes(fields.getOrDefault(columns.get(i), NOTHING));
        }
        text.write('}');
    }

    private void note(String name, JsonToken token) throws IOException {
        if (name.equals(endpoint.paging().cursorRecord()) && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            last.put(name, parser.getText());
        }
    }

    /** The value that the parser is at, digit for digit. */
    private void copy(JsonGenerator json, boolean record) throws IOException {
        int depth = 0;
        String name = "";
        JsonToken token = parser.currentToken();
        while (true) {
            switch (token) {
                case START_OBJECT -> {
                    json.writeStartObject();
                    depth++;
                }
                case START_ARRAY -> {
                    json.writeStartArray();
                    depth++;
                }
                case END_OBJECT -> {
                    json.writeEndObject();
                    depth--;
                }
                case END_ARRAY -> {
                    json.writeEndArray();
                    depth--;
                }
                case FIELD_NAME -> {
                    name = parser.currentName();
                    json.writeFieldName(name);
                }
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.writeNumber(parser.getText());
                case VALUE_STRING -> json.writeString(parser.getText());
                case VALUE_TRUE -> json.writeBoolean(true);
                case VALUE_FALSE -> json.writeBoolean(false);
                default -> json.writeNull();
            }
            if (record && depth == 1 && token.isScalarValue()) {
                note(name, token);
            }
            if (depth == 0) {
                return;
            }
            token = parser.nextToken();
            if (token == null) {
                throw new FailureException(SourceFailures.brokeOff());
            }
        }
    }

    @Override
    public Optional<String> value(RecordPath path) {
        return Optional.ofNullable(values.get(path));
    }

    @Override
    public Optional<String> lastOf(String field) {
        return Optional.ofNullable(last.get(field));
    }
}
