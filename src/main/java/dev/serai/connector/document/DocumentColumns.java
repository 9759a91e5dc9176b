package dev.serai.connector.document;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;

/** Which columns do documents have that were seen so far? Every field of any of them, in order of first appearance. */
final class DocumentColumns implements TextSource.Known {
    private final Map<String, SeenField> fields = new LinkedHashMap<>();
    private final List<String> key;
    private int longest;
    private long documents;

    /**
     * @param asked the columns there are to be in any case, in this order; where there are any, no others
     * @param key those that tell documents apart
     */
    DocumentColumns(List<String> asked, List<String> key) {
        this.key = List.copyOf(key);
        asked.forEach(this::field);
    }

    private SeenField field(String name) {
        return fields.computeIfAbsent(name, any -> new SeenField(name, key.contains(name)));
    }

    /** A document of which all fields are wanted. */
    void see(Document document) {
        documents++;
        document.forEach(this::seeField);
    }

    /** A document of which these are wanted. */
    void see(Document document, List<String> asked) {
        documents++;
        asked.forEach(name -> seeField(name, document.get(name)));
    }

    private void seeField(String name, @Nullable Object value) {
        field(name).see(value);
    }

    void length(int bytes) {
        longest = Math.max(longest, bytes);
    }

    @Override
    public List<Column> columns() {
        return fields.values().stream().map(field -> field.column(documents)).toList();
    }

    @Override
    public int longestLine() {
        return longest;
    }

    @Override
    public List<RowWarning> warnings() {
        return fields.values().stream()
                .map(SeenField::warning)
                .flatMap(Optional::stream)
                .toList();
    }
}
