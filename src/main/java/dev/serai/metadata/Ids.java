package dev.serai.metadata;

import java.util.Locale;

import com.github.f4b6a3.ulid.UlidCreator;

/** Makes identifiers: opaque to users, in the order of their making, unique across replicas. */
public final class Ids {
    private Ids() {}

    /** Such as {@code con_01jd3k…}; the prefix tells people what it names. */
    public static String next(String prefix) {
        return prefix + "_" + UlidCreator.getMonotonicUlid().toString().toLowerCase(Locale.ROOT);
    }
}
