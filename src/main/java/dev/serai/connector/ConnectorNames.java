package dev.serai.connector;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What connectors may be called, which names are the same, and how a name becomes a slug. */
final class ConnectorNames {
    static final int MAX_LENGTH = 200;
    private static final int SLUG_LENGTH = 60;
    private static final Map<String, String> FOLDS = Map.ofEntries(
            Map.entry("\u00df", "ss"),
            Map.entry("\u00e6", "ae"),
            Map.entry("\u0153", "oe"),
            Map.entry("\u00f8", "o"),
            Map.entry("\u0111", "d"),
            Map.entry("\u00f0", "d"),
            Map.entry("\u0142", "l"),
            Map.entry("\u00fe", "th"),
            Map.entry("\u0131", "i"));

    private ConnectorNames() {}

    /** What is wrong with a name that is already stripped. */
    static Optional<String> fault(String name) {
        if (name.isEmpty()) {
            return Optional.of("must not be empty");
        }
        if (name.codePointCount(0, name.length()) > MAX_LENGTH) {
            return Optional.of("must have at most " + MAX_LENGTH + " characters");
        }
        return Texts.isOneLine(name) ? Optional.empty() : Optional.of("must not have control characters");
    }

    /** Two names with the same key are the same name. */
    static String key(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /** Usable as a SQL name without quotes: {@code Production PostgreSQL} becomes {@code production_postgresql}. */
    static String slug(String name) {
        String folded = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "");
        for (Map.Entry<String, String> fold : FOLDS.entrySet()) {
            folded = folded.replace(fold.getKey(), fold.getValue());
        }
        String slug = folded.replaceAll("[^a-z0-9]+", "_").replaceAll("^_+", "");
        slug = slug.substring(0, Math.min(slug.length(), SLUG_LENGTH)).replaceAll("_+$", "");
        if (slug.isEmpty()) {
            return "connector";
        }
        return Character.isDigit(slug.charAt(0)) ? "c_" + slug : slug;
    }
}
