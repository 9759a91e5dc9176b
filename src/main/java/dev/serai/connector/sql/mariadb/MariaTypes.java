package dev.serai.connector.sql.mariadb;

import java.util.Locale;

import dev.serai.connector.sql.TypeRule;
import dev.serai.rows.JdbcForm;
import dev.serai.rows.LogicalType;

/** Which of our types holds a MariaDB or MySQL type, and in which form does the driver give its values? */
final class MariaTypes {
    private static final String UNSIGNED = " unsigned";

    private MariaTypes() {}

    /**
     * How one column travels.
     *
     * @param form of the value as it is
     * @param cast what to select of a model's column, where that is cheaper to read; {@code %1$s} stands for the column
     * @param castForm of what that gives
     */
    record Form(LogicalType type, JdbcForm form, String cast, JdbcForm castForm) {

        /** Whether an incremental sync may go by the column's values. */
        boolean watermarkCandidate() {
            return switch (type.kind()) {
                case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, DATE, TIMESTAMP, TIMESTAMPTZ -> true;
                default -> false;
            };
        }
    }

    /**
     * @param declared as {@code COLUMN_TYPE} has it or the driver names it; only whether it is unsigned counts
     * @param name as {@code DATA_TYPE} has it or the driver names it
     * @param precision of a decimal, and the number of bits
     */
    static Form of(String declared, String name, int precision, int scale) {
        String lower = name.toLowerCase(Locale.ROOT).replace(UNSIGNED, "");
        boolean unsigned = declared.toLowerCase(Locale.ROOT).contains(UNSIGNED);
        String listed = unsigned && MariaVendor.DESCRIPTION.lists(lower + UNSIGNED) ? lower + UNSIGNED : lower;
        TypeRule rule = MariaVendor.DESCRIPTION.type(listed, precision);
        JdbcForm read = rule.read();
        if (read == null) {
            throw new IllegalStateException("No form of JDBC for " + name);
        }
        JdbcForm cast = rule.readCast();
        return new Form(rule.logical(precision, scale), read, rule.selecting(), cast == null ? read : cast);
    }
}
