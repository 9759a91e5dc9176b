package dev.serai.lake;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Column;

/** Which of a source's columns a table keeps. */
final class ChosenColumns {
    private ChosenColumns() {}

    /**
     * Those asked for. A source need not have left out the others; one that names none has no rows either.
     *
     * @param wanted names in their order; empty: all
     */
    static List<Column> of(List<String> wanted, List<Column> found) {
        if (wanted.isEmpty() || found.isEmpty()) {
            return found;
        }
        Map<String, Column> byName = found.stream().collect(Collectors.toMap(Column::name, Function.identity()));
        List<String> missing =
                wanted.stream().filter(column -> !byName.containsKey(column)).toList();
        if (!missing.isEmpty()) {
            throw new FailureException(new Failure.Source(
                    Failure.Layer.READ,
                    "column_missing",
                    "The source has no column " + String.join(", ", missing) + ".",
                    false));
        }
        return wanted.stream().map(byName::get).toList();
    }
}
