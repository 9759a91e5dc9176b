package dev.serai.reference;

import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Where does a secret lie that a config only names? In JSON {@code {"$ref": "env:DB_PASSWORD"}}. It is no secret itself.
 *
 * @param source {@code env}, {@code file}, or the name of a Camel property function such as {@code hashicorp}
 * @param name what the source knows it by
 */
public record SecretReference(String source, String name) {
    /** The one property of the object. */
    public static final String KEY = "$ref";

    /** For JSON Schema as well as for us. */
    public static final String FORM = "^[a-z][a-z0-9-]*:.+$";

    public static final int MAX_LENGTH = 1000;

    private static final Pattern PATTERN = Pattern.compile("[a-z][a-z0-9-]{0,39}:\\P{Cntrl}{1," + MAX_LENGTH + "}");

    /** Empty where the value is no reference, or one of another form. */
    public static Optional<SecretReference> of(JsonNode value) {
        JsonNode text = value.path(KEY);
        return value.isObject() && value.size() == 1 && text.isTextual() ? of(text.textValue()) : Optional.empty();
    }

    static Optional<SecretReference> of(String text) {
        if (text.length() > MAX_LENGTH || !PATTERN.matcher(text).matches()) {
            return Optional.empty();
        }
        int colon = text.indexOf(':');
        return Optional.of(new SecretReference(text.substring(0, colon), text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return source + ":" + name;
    }
}
