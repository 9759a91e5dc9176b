package dev.serai.upload;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.FailureException;
import dev.serai.rows.file.FileLayout;

/**
 * Which lines of a JSON text are objects, and which are not? The former are written to one file, the latter with their
 * numbers to another. An array, or objects over several lines, cannot be read on behind a fault: they are refused.
 */
final class JsonLines {
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    /** DuckDB takes no longer object unless it is told. */
    private static final int LONGEST = 16_000_000;

    private final Path target;
    private final Path rejected;

    JsonLines(Path target, Path rejected) {
        this.target = target;
        this.rejected = rejected;
    }

    UploadedText write(UploadedText.Plain text) throws IOException {
        boolean lines = isOneALine(text.file());
        boolean byLine = lines || !whole(text.file());
        if (byLine) {
            byLine(text.file());
        }
        String words = lines ? "JSON, one object a line" : "JSON";
        return new UploadedText(
                target,
                new FileLayout.Objects(rejected, byLine ? null : numbers(), words),
                "json",
                text.encoding(),
                null);
    }

    /** Whether the first line that is not empty ends where its object ends, or cannot be one. */
    private static boolean isOneALine(Path text) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(text, StandardCharsets.UTF_8)) {
            String line = in.readLine();
            while (line != null && plain(line).isBlank()) {
                line = in.readLine();
            }
            return line != null && !plain(line).strip().startsWith("[") && !"cut off".equals(fault(plain(line)));
        }
    }

    private void byLine(Path text) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(text, StandardCharsets.UTF_8);
                BufferedWriter good = Files.newBufferedWriter(target, StandardCharsets.UTF_8);
                BufferedWriter bad = Files.newBufferedWriter(rejected, StandardCharsets.UTF_8)) {
            long number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                String object = plain(line);
                String fault = object.isBlank() ? null : fault(object);
                if (fault == null) {
                    good.write(object.isBlank() ? "" : object);
                } else {
                    reject(bad, number, fault, object);
                }
                good.write('\n');
            }
        }
    }

    private static void reject(BufferedWriter bad, long number, String fault, String raw) throws IOException {
        bad.write(JSON.createObjectNode()
                .put("line", number)
                .putNull("column")
                .put("reason", fault)
                .put("raw", raw)
                .toString());
        bad.write('\n');
    }

    /** Null where the line is one object. */
    private static @Nullable String fault(String line) throws IOException {
        if (line.length() > LONGEST) {
            return "too long";
        }
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "not an object";
            }
            boolean escapes = line.contains("\\ud") || line.contains("\\uD");
            for (int depth = 1; depth > 0; ) {
                JsonToken token = parser.nextToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (escapes && !isText(parser, token)) {
                    return "half of a surrogate pair";
                }
            }
            return parser.nextToken() == null ? null : "more than one object";
        } catch (JsonEOFException e) {
            return "cut off";
        } catch (JsonProcessingException e) {
            return "not JSON";
        }
    }

    private static boolean isText(JsonParser parser, JsonToken token) throws IOException {
        return token != JsonToken.VALUE_STRING && token != JsonToken.FIELD_NAME
                || StandardCharsets.UTF_8.newEncoder().canEncode(parser.getText());
    }

    /** An array's elements, or objects one after the other; false where they are broken and may yet be lines. */
    private boolean whole(Path text) throws IOException {
        boolean array = false;
        try (BufferedReader in = Files.newBufferedReader(text, StandardCharsets.UTF_8);
                BufferedWriter good = Files.newBufferedWriter(target, StandardCharsets.UTF_8);
                BufferedWriter bad = Files.newBufferedWriter(rejected, StandardCharsets.UTF_8);
                BufferedWriter places = Files.newBufferedWriter(numbers(), StandardCharsets.UTF_8)) {
            skipMark(in);
            try (JsonParser parser = JSON.createParser(in)) {
                array = parser.nextToken() == JsonToken.START_ARRAY;
                if (array && parser.nextToken() == JsonToken.END_ARRAY) {
                    nothingBehind(parser);
                    return true;
                }
                MappingIterator<JsonNode> values =
                        JSON.readerFor(JsonNode.class).readValues(parser);
                while (values.hasNextValue()) {
                    long line = parser.currentTokenLocation().getLineNr();
                    JsonNode value = values.nextValue();
                    String object = value.toString();
                    String fault = fault(object);
                    if (fault == null) {
                        good.write(object);
                        good.write('\n');
                        places.write(line + "\n");
                    } else {
                        reject(bad, line, fault, object);
                    }
                }
                nothingBehind(parser);
                return true;
            }
        } catch (JsonProcessingException e) {
            if (array) {
                throw broken(e);
            }
            return false;
        }
    }

    private Path numbers() {
        return target.resolveSibling("numbers");
    }

    private static void nothingBehind(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "Something stands behind the array");
        }
    }

    private static FailureException broken(JsonProcessingException e) {
        return Unpacking.refused(
                "unreadable_file",
                "The JSON array is broken near line "
                        + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
                        + "; nothing behind that can be read.",
                e);
    }

    private static void skipMark(BufferedReader in) throws IOException {
        in.mark(1);
        if (in.read() != '\uFEFF') {
            in.reset();
        }
    }

    private static String plain(String line) {
        return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }
}
