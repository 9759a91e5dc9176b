package dev.serai.connector;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Which model of a source is meant, told without asking the source.
 *
 * @param schema empty where the source has none
 */
public record ModelName(String schema, String name) {
    private static final String PART = "(?:[A-Za-z0-9_-]|~[0-9A-F]{2})+";
    private static final Pattern ID = Pattern.compile(PART + "(?:\\." + PART + ")?");

    /** Of a model's id, or of a text that is none: {@code schema.name}, split at the first dot, or a name alone. */
    public static ModelName of(String idOrName) {
        int dot = idOrName.indexOf('.');
        String schema = dot < 0 ? "" : idOrName.substring(0, dot);
        String name = idOrName.substring(dot + 1);
        if (ID.matcher(idOrName).matches()) {
            try {
                return new ModelName(unescaped(schema), unescaped(name));
            } catch (CharacterCodingException e) {
                // Not UTF-8, so not an id: taken as it stands.
                return new ModelName(schema, name);
            }
        }
        return new ModelName(schema, name);
    }

    /** As models are listed. */
    public String id() {
        return ModelIds.of(schema, name);
    }

    private static String unescaped(String text) throws CharacterCodingException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '~') {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                .toString();
    }
}
