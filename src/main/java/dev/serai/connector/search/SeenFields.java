package dev.serai.connector.search;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.serai.connector.search.SearchField.Kind;
import dev.serai.rows.LogicalType;

/** Which fields did the documents of one slice have, and values of which forms? Used by one thread at a time. */
final class SeenFields {

    /** How a value stands in a document. */
    enum Form {
        BOOLEAN,
        /** Of 64 bits. */
        WHOLE,
        /** Of up to 38 digits. */
        LARGE,
        REAL,
        TIME,
        BYTES,
        TEXT,
        JSON
    }

    /** Of one field. */
    static final class Tally {
        private final Map<Form, Long> counts = new EnumMap<>(Form.class);

        private void add(Form form, long more) {
            counts.merge(form, more, Long::sum);
        }

        /** How many values a column of the kind does not hold. */
        long misfits(Kind kind) {
            Set<Form> fitting =
                    switch (kind) {
                        case WHOLE -> Set.of(Form.WHOLE);
                        case UNSIGNED -> Set.of(Form.WHOLE, Form.LARGE);
                        case REAL -> Set.of(Form.WHOLE, Form.LARGE, Form.REAL);
                        case BOOLEAN -> Set.of(Form.BOOLEAN);
                        case TIME -> Set.of(Form.TIME);
                        case BYTES -> Set.of(Form.BYTES);
                        case TEXT ->
                            Set.of(Form.BOOLEAN, Form.WHOLE, Form.LARGE, Form.REAL, Form.TIME, Form.BYTES, Form.TEXT);
                        case JSON, UNKNOWN -> Set.of(Form.values());
                    };
            return counts.entrySet().stream()
                    .filter(count -> !fitting.contains(count.getKey()))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        /** What holds all values where no mapping says it. */
        LogicalType inferred() {
            Set<Form> forms = counts.keySet();
            if (forms.isEmpty()) {
                return LogicalType.of(LogicalType.Kind.VARCHAR);
            } else if (forms.equals(Set.of(Form.BOOLEAN))) {
                return LogicalType.of(LogicalType.Kind.BOOLEAN);
            } else if (forms.equals(Set.of(Form.WHOLE))) {
                return LogicalType.of(LogicalType.Kind.BIGINT);
            } else if (Set.of(Form.WHOLE, Form.LARGE).containsAll(forms)) {
                return LogicalType.decimal(38, 0);
            } else if (Set.of(Form.WHOLE, Form.REAL).containsAll(forms)) {
                return LogicalType.of(LogicalType.Kind.DOUBLE);
            }
            return LogicalType.of(LogicalType.Kind.VARCHAR);
        }

        /** How many values are of another form than most. */
        long mixed() {
            long all = counts.values().stream().mapToLong(Long::longValue).sum();
            return all
                    - counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        }
    }

    private final Map<String, Tally> fields = new LinkedHashMap<>();
    private int longest;

    void see(String name, Form form) {
        fields.computeIfAbsent(name, unseen -> new Tally()).add(form, 1);
    }

    /** A field without a value, which is one even so. */
    void see(String name) {
        fields.computeIfAbsent(name, unseen -> new Tally());
    }

    void line(int bytes) {
        longest = Math.max(longest, bytes);
    }

    Map<String, Tally> fields() {
        return fields;
    }

    int longest() {
        return longest;
    }

    void addTo(SeenFields all) {
        fields.forEach((name, tally) -> {
            Tally sum = all.fields.computeIfAbsent(name, unseen -> new Tally());
            tally.counts.forEach(sum::add);
        });
        all.line(longest);
    }
}
