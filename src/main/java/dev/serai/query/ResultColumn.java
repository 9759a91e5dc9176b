package dev.serai.query;

/**
 * A column of an answer.
 *
 * @param type as DuckDB names it
 */
record ResultColumn(String name, String type) {

    /** How the column must be read so that its values can be written. */
    enum Form {
        /** As it is. */
        NATIVE,
        /** As text: Arrow has no type for it, or a lossy one. */
        TEXT,
        /** As JSON made by DuckDB: something of that kind is inside. */
        JSON
    }

    private static final java.util.regex.Pattern QUOTED = java.util.regex.Pattern.compile("\"(?:[^\"]|\"\")*\"");
    private static final java.util.regex.Pattern FOREIGN = java.util.regex.Pattern.compile(
            "\\b(BIGNUM|BIT|ENUM|GEOMETRY|TIME WITH TIME ZONE|UHUGEINT|UNION|VARIANT)\\b");

    /** Whether DuckDB could not tell the type, or even the columns, before it had the parameters. */
    boolean unknown() {
        return type.equals("UNKNOWN") || name.equals("unknown");
    }

    Form form() {
        String unquoted = QUOTED.matcher(type).replaceAll("");
        if (!FOREIGN.matcher(unquoted).find()) {
            return Form.NATIVE;
        }
        boolean nested = unquoted.endsWith("]")
                || unquoted.startsWith("STRUCT")
                || unquoted.startsWith("MAP")
                || unquoted.startsWith("TUPLE");
        return nested ? Form.JSON : Form.TEXT;
    }
}
