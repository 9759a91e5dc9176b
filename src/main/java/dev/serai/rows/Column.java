package dev.serai.rows;

/**
 * A column of a model, a dataset or an answer.
 *
 * @param nativeType the type as the source names it, such as {@code numeric(10,2)}
 * @param watermarkCandidate whether an incremental sync can use it as its position
 */
public record Column(
        String name,
        LogicalType type,
        String nativeType,
        boolean nullable,
        boolean primaryKey,
        boolean watermarkCandidate) {

    /** A column of which only the name and type are known. */
    public static Column of(String name, LogicalType type) {
        return new Column(name, type, type.duckdb(), true, false, false);
    }

    /** The same column under another name. */
    Column renamed(String other) {
        return other.equals(name)
                ? this
                : new Column(other, type, nativeType, nullable, primaryKey, watermarkCandidate);
    }
}
