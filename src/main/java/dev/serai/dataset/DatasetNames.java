package dev.serai.dataset;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which names a dataset may have, and which one it gets where none was given. */
final class DatasetNames {
    static final int MAX_LENGTH = 128;
    private static final Pattern VALID = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern UNSAFE = Pattern.compile("[^a-z0-9_]+");

    private DatasetNames() {}

    static boolean valid(String name) {
        return VALID.matcher(name).matches();
    }

    /** Such as {@code production_postgres__public__orders}. */
    static String of(String slug, String schema, String model) {
        String joined = schema.isEmpty()
                ? safe(slug) + "__" + safe(model)
                : safe(slug) + "__" + safe(schema) + "__" + safe(model);
        String name = Character.isDigit(joined.charAt(0)) ? "_" + joined : joined;
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        String hash = "_%08x".formatted((schema + "." + model).hashCode());
        return name.substring(0, MAX_LENGTH - hash.length()) + hash;
    }

    /** The same name with a number, for models whose names differ only in what a name cannot hold. */
    static String numbered(String name, int number) {
        String suffix = "_" + number;
        return name.substring(0, Math.min(name.length(), MAX_LENGTH - suffix.length())) + suffix;
    }

    private static String safe(String part) {
        String safe = UNSAFE.matcher(part.toLowerCase(Locale.ROOT)).replaceAll("_");
        return safe.isEmpty() ? "_" : safe;
    }
}
