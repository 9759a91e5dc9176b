package dev.serai.rows;

import java.sql.SQLException;

import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBLogicalType;

/**
 * The form in which a type crosses from Java into DuckDB, where its own setter would need an object for every value (or
 * does not exist, as for BLOB), and the SQL that makes the type from it.
 */
final class NativeForm {
    private NativeForm() {}

    static DuckDBLogicalType type(LogicalType type) throws SQLException {
        return switch (type.kind()) {
            case DECIMAL ->
                unscaled(type)
                        ? DuckDBLogicalType.of(DuckDBColumnType.BIGINT)
                        : DuckDBLogicalType.decimal(type.precision(), type.scale());
            case DATE -> DuckDBLogicalType.of(DuckDBColumnType.INTEGER);
            case TIMESTAMP, TIMESTAMPTZ -> DuckDBLogicalType.of(DuckDBColumnType.BIGINT);
            case BLOB -> DuckDBLogicalType.of(DuckDBColumnType.VARCHAR);
            default -> DuckDBLogicalType.of(DuckDBColumnType.valueOf(type.kind().name()));
        };
    }

    /** An expression of the logical type over a native column. */
    static String logical(String column, LogicalType type) {
        return switch (type.kind()) {
            case DECIMAL -> unscaled(type) ? decimal(column, type) : column;
            case DATE -> "DATE '1970-01-01' + " + column;
            case TIMESTAMP -> "make_timestamp(" + column + ")";
            case TIMESTAMPTZ -> "make_timestamptz(" + column + ")";
            case BLOB -> "unhex(" + column + ")";
            default -> column;
        };
    }

    static boolean unscaled(LogicalType type) {
        return type.kind() == LogicalType.Kind.DECIMAL && type.precision() <= LogicalType.MAX_UNSCALED_DIGITS;
    }

    /** Multiplying by 0.01 as a DECIMAL only moves the point: exact, and on 64-bit integers. */
    private static String decimal(String column, LogicalType type) {
        String integer = "CAST(" + column + " AS DECIMAL(18,0))";
        if (type.scale() > 0) {
            String factor = "CAST(0." + "0".repeat(type.scale() - 1) + "1 AS DECIMAL(" + type.scale() + ","
                    + type.scale() + "))";
            integer += " * " + factor;
        }
        return "CAST(" + integer + " AS " + type.duckdb() + ")";
    }
}
