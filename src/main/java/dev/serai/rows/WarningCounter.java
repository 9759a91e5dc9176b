package dev.serai.rows;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the values that were changed on their way, from several threads. */
final class WarningCounter {
    private final Map<Changed, LongAdder> counts = new ConcurrentHashMap<>();

    private record Changed(String column, String code) {}

    void add(String column, String code) {
        counts.computeIfAbsent(new Changed(column, code), changed -> new LongAdder())
                .increment();
    }

    List<RowWarning> warnings() {
        return counts.entrySet().stream()
                .map(entry -> new RowWarning(
                        entry.getKey().column(),
                        entry.getKey().code(),
                        entry.getValue().sum()))
                .sorted(Comparator.comparing(RowWarning::column).thenComparing(RowWarning::code))
                .toList();
    }
}
