package dev.serai.connector.sql.mariadb;

import java.util.Optional;
import java.util.regex.Pattern;

import dev.serai.connector.sql.ReadWindow;
import dev.serai.rows.Column;

/** Which rows are in a window that a column bounds, as MariaDB and MySQL are asked for them? */
record MariaWindow(ReadWindow window) {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,65}(\\.[0-9]{1,38})?");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?");

    /**
     * Days that no calendar has, by what every mode of a server makes of them: one that was in force when they were
     * written may have let them in, and none can be asked which they are.
     */
    private static final String NO_DAY =
            " OR MONTH({column}) = 0 OR DAYOFMONTH({column}) = 0 OR DAYOFMONTH({column}) = 31 AND MONTH({column}) IN (4, 6, 9, 11)"
                    + " OR MONTH({column}) = 2 AND DAYOFMONTH({column}) > IF(YEAR({column}) % 4 = 0"
                    + " AND (YEAR({column}) % 100 <> 0 OR YEAR({column}) % 400 = 0), 29, 28)";

    /**
     * What the source is to leave out; empty where that cannot be said in its SQL, and whoever asked leaves it out. With
     * NULLs come the days that become NULL. No index finds those of DATE and DATETIME; a TIMESTAMP is an instant, or zero.
     */
    Optional<String> condition(Column column) {
        String name = MariaQuestion.quoted(column.name());
        String from = window.from();
        if (from == null) {
            return Optional.empty();
        }
        return literal(column, from).map(literal -> {
            String within = name + " >= " + literal;
            if (!window.nulls()) {
                return within;
            }
            String empty =
                    switch (column.type().kind()) {
                        case DATE, TIMESTAMP -> " OR " + name + " < '0001-01-01'" + NO_DAY.replace("{column}", name);
                        case TIMESTAMPTZ -> " OR " + name + " < '0001-01-01'";
                        default -> "";
                    };
            return "(" + within + " OR " + name + " IS NULL" + empty + ")";
        });
    }

    private static Optional<String> literal(Column column, String value) {
        return switch (column.type().kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> matching(NUMBER, value, "");
            case DATE -> matching(DATE, value, "'");
            case TIMESTAMP -> matching(TIME, value, "'");
            case TIMESTAMPTZ ->
                value.endsWith("+00") ? matching(TIME, value.substring(0, value.length() - 3), "'") : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> matching(Pattern form, String value, String quote) {
        return form.matcher(value).matches() ? Optional.of(quote + value + quote) : Optional.empty();
    }
}
