package dev.serai.catalog;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** Tells why a file is not taken into the catalog: every reason found, in words for its author. */
final class KameletException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    KameletException(List<String> reasons) {
        this(reasons, null);
    }

    KameletException(List<String> reasons, @Nullable Throwable cause) {
        super(String.join("; ", reasons), cause);
        this.reasons = List.copyOf(reasons);
    }

    List<String> reasons() {
        return reasons;
    }
}
