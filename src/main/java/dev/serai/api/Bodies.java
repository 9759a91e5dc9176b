package dev.serai.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/** What JSON a request's body is: strictly UTF-8, one value, no key twice, not larger than allowed. */
@Component
class Bodies {
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private final int limit;

    Bodies(SeraiSettings settings) {
        this.limit = Math.toIntExact(settings.maxBody().toBytes());
    }

    JsonNode read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > limit) {
            throw tooLarge();
        }
        byte[] bytes = request.getInputStream().readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw tooLarge();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            JsonNode body = mapper.readTree(text);
            if (body.isMissingNode()) {
                throw unreadable("The body is empty; it must be JSON.", null);
            }
            return body;
        } catch (CharacterCodingException e) {
            throw unreadable("The body is not UTF-8.", e);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field");
            throw unreadable((twice ? "The body has a key twice" : "The body is not valid JSON") + where + ".", e);
        }
    }

    /** Without the cause's text, which may quote the body. */
    private static FailureException unreadable(String detail, @Nullable Exception cause) {
        if (cause instanceof JsonProcessingException json) {
            json.clearLocation();
        }
        return new FailureException(new Failure.Unreadable("bad_json", detail, null), cause);
    }

    private FailureException tooLarge() {
        return new FailureException(new Failure.TooLarge("The body must not be larger than " + limit + " bytes."));
    }
}
