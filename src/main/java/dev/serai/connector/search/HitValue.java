package dev.serai.connector.search;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.serai.connector.search.SearchField.Kind;
import dev.serai.connector.search.SeenFields.Form;

/** Copies a value of a document, dates in one form and all else as it stands, and tells its form. */
final class HitValue {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,38}(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");
    private static final int MOST_DIGITS = 38;

    private HitValue() {}

    /** From the parser's present token to the value's last; empty for null. */
    static Optional<Form> copy(JsonParser parser, JsonGenerator json, Kind kind) throws IOException {
        JsonToken token = parser.currentToken();
        switch (token) {
            case VALUE_NULL -> {
                json.writeNull();
                return Optional.empty();
            }
            case VALUE_STRING -> {
                return Optional.of(text(parser.getText(), json, kind));
            }
            case VALUE_NUMBER_INT -> {
                return Optional.of(whole(parser, json, kind));
            }
            default -> {
                exact(parser, json);
                return Optional.of(
                        switch (token) {
                            case VALUE_TRUE, VALUE_FALSE -> Form.BOOLEAN;
                            case VALUE_NUMBER_FLOAT -> Form.REAL;
                            default -> Form.JSON;
                        });
            }
        }
    }

    private static Form whole(JsonParser parser, JsonGenerator json, Kind kind) throws IOException {
        if (kind == Kind.TIME && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            Optional<String> time = DateValue.millis(parser.getLongValue());
            if (time.isPresent()) {
                json.writeString(time.get());
                return Form.TIME;
            }
        }
        String digits = parser.getText();
        json.writeNumber(digits);
        if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return Form.WHOLE;
        }
        return digits.length() <= MOST_DIGITS ? Form.LARGE : Form.TEXT;
    }

    private static Form text(String text, JsonGenerator json, Kind kind) throws IOException {
        if (kind == Kind.TIME) {
            Optional<String> time = DateValue.of(text);
            json.writeString(time.orElse(text));
            return time.isPresent() ? Form.TIME : Form.TEXT;
        }
        json.writeString(text);
        // Numbers and truth may be sent as text, and are indexed as what the mapping says.
        return switch (kind) {
            case WHOLE, UNSIGNED -> WHOLE.matcher(text).matches() ? Form.WHOLE : Form.TEXT;
            case REAL -> NUMBER.matcher(text).matches() ? Form.REAL : Form.TEXT;
            case BOOLEAN -> text.equals("true") || text.equals("false") ? Form.BOOLEAN : Form.TEXT;
            case BYTES -> isBase64(text) ? Form.BYTES : Form.TEXT;
            default -> Form.TEXT;
        };
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return text.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** With each number as it is written: another notation of it may be another number. */
    static void exact(JsonParser parser, JsonGenerator json) throws IOException {
        int depth = 0;
        JsonToken token = parser.currentToken();
        while (token != null) {
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
                case FIELD_NAME -> json.writeFieldName(parser.currentName());
                case VALUE_STRING -> {
                    if (parser.hasTextCharacters()) {
                        json.writeString(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
                    } else {
                        json.writeString(parser.getText());
                    }
                }
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.writeNumber(parser.getText());
                default -> json.copyCurrentEvent(parser);
            }
            if (depth == 0) {
                return;
            }
            token = parser.nextToken();
        }
        throw new IOException("The answer ends in a document");
    }
}
