package dev.serai.connector.sql.mariadb;

import java.util.Locale;

import dev.serai.rows.JdbcForm;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

/** Which of our types holds a MariaDB or MySQL type, and in which form does the driver give its values? */
final class MariaTypes {
    private static final int MAX_PRECISION = 38;
    private static final int UNSIGNED_BIGINT_DIGITS = 20;
    private static final int LONG_BITS = 64;
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

        private static Form of(Kind kind, JdbcForm form) {
            return of(LogicalType.of(kind), form);
        }

        private static Form of(LogicalType type, JdbcForm form) {
            return new Form(type, form, "%1$s", form);
        }

        private static Form cast(Kind kind, JdbcForm form, JdbcForm castForm) {
            return new Form(LogicalType.of(kind), form, "CAST(%1$s AS CHAR)", castForm);
        }

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
        return switch (lower) {
            case "tinyint" -> Form.of(unsigned ? Kind.SMALLINT : Kind.TINYINT, JdbcForm.LONG);
            case "smallint" -> Form.of(unsigned ? Kind.INTEGER : Kind.SMALLINT, JdbcForm.LONG);
            case "mediumint" -> Form.of(Kind.INTEGER, JdbcForm.LONG);
            case "int", "integer" -> Form.of(unsigned ? Kind.BIGINT : Kind.INTEGER, JdbcForm.LONG);
            case "bigint" ->
                unsigned
                        ? Form.of(LogicalType.decimal(UNSIGNED_BIGINT_DIGITS, 0), JdbcForm.DECIMAL_STRING)
                        : Form.of(Kind.BIGINT, JdbcForm.LONG);
            case "year" -> Form.of(Kind.SMALLINT, JdbcForm.LONG);
            case "bit" -> bits(precision);
            case "float" -> Form.of(Kind.FLOAT, JdbcForm.FLOAT);
            case "double" -> Form.of(Kind.DOUBLE, JdbcForm.DOUBLE);
            case "decimal" ->
                precision < 1 || precision > MAX_PRECISION
                        ? Form.of(Kind.VARCHAR, JdbcForm.STRING)
                        : Form.of(LogicalType.decimal(precision, scale), JdbcForm.DECIMAL_STRING);
            case "date" -> Form.cast(Kind.DATE, JdbcForm.DATE_CHARS, JdbcForm.DATE_BYTES);
            case "datetime" -> Form.cast(Kind.TIMESTAMP, JdbcForm.MOMENT_CHARS, JdbcForm.MOMENT_BYTES);
            // Of UTC, which is the session's time zone.
            case "timestamp" -> Form.cast(Kind.TIMESTAMPTZ, JdbcForm.MOMENT_CHARS, JdbcForm.MOMENT_BYTES);
            case "time" -> Form.cast(Kind.VARCHAR, JdbcForm.CHARS, JdbcForm.BYTES);
            case "char",
                    "varchar",
                    "tinytext",
                    "text",
                    "mediumtext",
                    "longtext",
                    "enum",
                    "set",
                    "uuid",
                    "inet4",
                    "inet6" -> Form.of(Kind.VARCHAR, JdbcForm.BYTES);
            case "binary",
                    "varbinary",
                    "tinyblob",
                    "blob",
                    "mediumblob",
                    "longblob",
                    "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geometrycollection",
                    "geomcollection",
                    "vector" -> Form.of(Kind.BLOB, JdbcForm.BYTES);
            default -> Form.of(Kind.VARCHAR, JdbcForm.STRING);
        };
    }

    private static Form bits(int count) {
        if (count == 1) {
            return Form.of(Kind.BOOLEAN, JdbcForm.BITS);
        }
        return count < LONG_BITS
                ? Form.of(Kind.BIGINT, JdbcForm.BITS)
                : Form.of(LogicalType.decimal(UNSIGNED_BIGINT_DIGITS, 0), JdbcForm.BITS);
    }
}
