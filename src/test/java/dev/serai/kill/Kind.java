package dev.serai.kill;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import dev.serai.metadata.Json;

/**
 * A table and how it is synced. All have the same columns, and {@code sum} over the others tells a row that was put
 * together from two.
 *
 * @param key whether {@code id} is its primary key
 * @param watermark null: it is loaded whole each time
 * @param deletes as {@code detect_deletes}
 * @param changes what is done to it
 */
public record Kind(
        String table,
        boolean key,
        @Nullable String watermark,
        @Nullable String lookback,
        String deletes,
        Changes changes) {
    /** Longer than any transaction of {@link SourceWriters}, with room. */
    static final String LOOKBACK = "PT10S";

    static final long LOOKBACK_NUMBERS = 5000;
    private static final String SOFT = "soft";

    /** What writers do to a table. */
    enum Changes {
        /** Rows come, change, go and change their keys. */
        ALL,
        /** Rows come and change. */
        UPSERTS,
        /** Rows come. */
        INSERTS,
        /** All rows are replaced by others in one transaction; there is no moment without any. */
        SWAPS,
        /** All rows go; others come in another transaction. */
        DRAINS
    }

    private static final String TABLE =
            """
            CREATE TABLE %s (id bigint %s, payload text, amount numeric(12, 2), changed timestamptz, seq bigint,
                sum text GENERATED ALWAYS AS (md5(id::text || coalesce(payload, '-') || amount::text || seq::text)) STORED)
            """;

    public static List<Kind> all() {
        return List.of(
                new Kind("by_time", true, "changed", LOOKBACK, "hard", Changes.ALL),
                new Kind("by_transaction", true, "xmin", null, "hard", Changes.ALL),
                new Kind("by_number", true, "seq", String.valueOf(LOOKBACK_NUMBERS), "none", Changes.UPSERTS),
                new Kind("marked", true, "changed", LOOKBACK, SOFT, Changes.ALL),
                new Kind("appended", false, "changed", LOOKBACK, "none", Changes.INSERTS),
                new Kind("swapped", false, null, null, "none", Changes.SWAPS),
                new Kind("drained", false, null, null, "none", Changes.DRAINS));
    }

    List<String> ddl() {
        return List.of(
                TABLE.formatted(table, key ? "PRIMARY KEY" : ""),
                "CREATE SEQUENCE " + table + "_seq CACHE 1",
                "CREATE SEQUENCE " + table + "_id CACHE 1");
    }

    /** As the API takes it. */
    public ObjectNode dataset(String connector) {
        ObjectNode dataset = Json.newObject().put("connector_id", connector).put("model", "public." + table);
        if (watermark != null) {
            dataset.put("mode", "incremental").put("watermark_column", watermark);
        }
        if (lookback != null) {
            dataset.put("lookback", lookback);
        }
        if (!deletes.equals("none")) {
            dataset.put("detect_deletes", deletes);
        }
        return dataset;
    }

    /** Whether rows that are gone stay, marked. */
    boolean marks() {
        return deletes.equals(SOFT);
    }

    /** Whether it is loaded whole each time. */
    boolean whole() {
        return watermark == null;
    }

    /** Whether all rows are replaced at once, so that each version is one generation of rows. */
    boolean inGenerations() {
        return changes == Changes.SWAPS || changes == Changes.DRAINS;
    }
}
