package dev.serai.rows;

/**
 * Where values are inside a JSON object, in DuckDB's words: a pointer (RFC 6901), which can name any key, or where lists are
 * on the way a path, such as {@code $."lines"[*]."price"}.
 *
 * @param many whether there may be several in one object
 */
record JsonPath(String pointer, String path, boolean many) {
    static final JsonPath ROOT = new JsonPath("", "$", false);

    JsonPath key(String key) {
        return new JsonPath(pointer + "/" + key.replace("~", "~0").replace("/", "~1"), path + ".\"" + key + '"', many);
    }

    JsonPath elements() {
        return new JsonPath(pointer, path + "[*]", true);
    }

    /** Whether a path can have the key. */
    static boolean canName(String key) {
        return !key.isEmpty() && key.chars().noneMatch(c -> c < ' ' || c == '"' || c == '\\');
    }

    private String literal() {
        return SqlText.literal(many ? path : pointer);
    }

    /** The values, one row each, as {@code x}; of the type JSON. */
    String values(String objects) {
        String found = "json_extract(json, " + literal() + ")";
        return "(SELECT " + (many ? "unnest(" + found + ")" : found) + " AS x FROM " + objects + ")";
    }

    /** An aggregate: the largest whole number. */
    String largest() {
        String found = "json_extract_string(json, " + literal() + ")";
        return many
                ? "max(list_max(list_transform(" + found + ", lambda x: TRY_CAST(x AS HUGEINT))))"
                : "max(TRY_CAST(" + found + " AS HUGEINT))";
    }

    /** An aggregate: how many numbers a DOUBLE changes: whole ones of more digits than it has, and those beyond its range. */
    String inexact() {
        String found = "json_extract_string(json, " + literal() + ")";
        return many
                ? "coalesce(sum(len(list_filter(" + found + ", lambda x: " + inexact("x") + "))), 0)"
                : "count(*) FILTER (WHERE " + inexact(found) + ")";
    }

    private static String inexact(String x) {
        return "CASE WHEN " + x + " IS NULL THEN false WHEN isinf(CAST(" + x + " AS DOUBLE)) THEN true"
                + " WHEN length(" + x + ") < 16 OR NOT regexp_full_match(" + x + ", '-?[0-9]+') THEN false"
                + " ELSE coalesce(TRY_CAST(CAST(" + x + " AS DOUBLE) AS HUGEINT) <> TRY_CAST(" + x
                + " AS HUGEINT), true) END";
    }
}
