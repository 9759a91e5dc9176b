package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.serai.connector.search.SearchField.Kind;
import dev.serai.connector.search.SeenFields.Tally;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;

/**
 * Which columns have the documents that were read? Those of the mapping, each of the type that it says where all values are of
 * it, and what else was met. Any field may be an array in any document: such a column is text, and what differs is counted.
 */
final class HitColumns implements TextSource.Known {
    private final SearchMapping mapping;
    private final List<String> asked;
    private final List<SeenFields> slices;

    /** @param asked the columns there are to be, in this order; empty for all */
    HitColumns(SearchMapping mapping, List<String> asked, Collection<SeenFields> slices) {
        this.mapping = mapping;
        this.asked = asked;
        this.slices = List.copyOf(slices);
    }

    private SeenFields seen() {
        SeenFields all = new SeenFields();
        slices.forEach(slice -> slice.addTo(all));
        return all;
    }

    @Override
    public List<Column> columns() {
        SeenFields seen = seen();
        Set<String> names = new LinkedHashSet<>(asked);
        if (asked.isEmpty()) {
            names.addAll(mapping.names());
            names.addAll(seen.fields().keySet());
        }
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            columns.add(column(name, seen.fields().getOrDefault(name, new Tally())));
        }
        return columns;
    }

    private Column column(String name, Tally tally) {
        if (mapping.key().contains(name) || name.equals(SearchMapping.INDEX)) {
            LogicalType text = LogicalType.of(LogicalType.Kind.VARCHAR);
            boolean key = mapping.key().contains(name);
            return new Column(name, text, name, false, key, false);
        }
        return mapping.field(name)
                .map(field -> new Column(
                        name, type(field, tally), field.nativeType(), true, false, field.watermarkCandidate()))
                .orElseGet(() -> new Column(name, tally.inferred(), "not mapped", true, false, false));
    }

    private static LogicalType type(SearchField field, Tally tally) {
        if (field.kind() == Kind.UNKNOWN) {
            return tally.inferred();
        }
        return tally.misfits(field.kind()) == 0 ? field.type() : LogicalType.of(LogicalType.Kind.VARCHAR);
    }

    @Override
    public int longestLine() {
        return seen().longest();
    }

    @Override
    public int connections() {
        return slices.size();
    }

    @Override
    public List<RowWarning> warnings() {
        List<RowWarning> warnings = new ArrayList<>();
        seen().fields().forEach((name, tally) -> {
            SearchField field = mapping.field(name).orElse(null);
            long others = field == null || field.kind() == Kind.UNKNOWN
                    ? tally.inferred().kind() == LogicalType.Kind.VARCHAR ? tally.mixed() : 0
                    : tally.misfits(field.kind());
            if (others > 0) {
                warnings.add(new RowWarning(name, "type_changed", others));
            }
        });
        return warnings;
    }
}
