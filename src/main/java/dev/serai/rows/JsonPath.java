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
        return !key.isEmpty() && key.indexOf('"') < 0 && key.indexOf('\\') < 0;
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
}
