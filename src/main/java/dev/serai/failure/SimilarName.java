package dev.serai.failure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Which known name was probably meant by a misspelt one? */
public final class SimilarName {
    private static final int MAX_EDITS = 2;
    private static final int MAX_LENGTH = 60;

    private SimilarName() {}

    /** The nearest name at most two edits away, letters' case aside; never for names too short to tell. */
    public static Optional<String> of(String name, Collection<String> known) {
        if (name.length() < 3 || name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= MAX_EDITS)
                .filter(candidate -> edits(name, candidate) <= Math.min(MAX_EDITS, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> edits(name, candidate)));
    }

    private static int edits(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
