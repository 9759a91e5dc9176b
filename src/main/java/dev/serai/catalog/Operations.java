package dev.serai.catalog;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of what every connector type may answer, in the order people meet them. */
public final class Operations {
    public static final String TEST = "test";
    public static final String MODELS = "models";
    public static final String SCHEMA = "schema";
    public static final String READ = "read";
    public static final String QUERY = "query";
    /** Not asked of a route: it is {@link #READ} with a limit. */
    public static final String PREVIEW = "preview";

    static final List<String> STANDARD = List.of(TEST, MODELS, SCHEMA, READ, QUERY);
    static final Set<String> RESERVED = Set.of(TEST, MODELS, SCHEMA, READ, QUERY, PREVIEW);
    private static final List<String> ORDER = List.of(TEST, MODELS, SCHEMA, READ, PREVIEW, QUERY);

    private Operations() {}

    static Set<String> ordered(Set<String> capabilities) {
        Set<String> ordered = new LinkedHashSet<>(ORDER);
        ordered.retainAll(capabilities);
        return java.util.Collections.unmodifiableSet(ordered);
    }
}
