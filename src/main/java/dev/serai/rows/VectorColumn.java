package dev.serai.rows;

import java.math.BigDecimal;

import org.duckdb.DuckDBWritableVector;

/** Writes into one vector of DuckDB's; the vector changes with every batch. */
abstract class VectorColumn implements ColumnWriter {
    private DuckDBWritableVector vector;

    VectorColumn(DuckDBWritableVector vector) {
        this.vector = vector;
    }

    final DuckDBWritableVector vector() {
        return vector;
    }

    void rebind(DuckDBWritableVector next) {
        this.vector = next;
    }

    /** Hands over what was collected for the batch. */
    void finish(int rows) {}

    @Override
    public void setNull(int row) {
        vector.setNull(row);
    }

    @Override
    public void setBoolean(int row, boolean value) {
        throw misfit();
    }

    @Override
    public void setLong(int row, long value) {
        throw misfit();
    }

    @Override
    public void setDouble(int row, double value) {
        throw misfit();
    }

    @Override
    public void setDecimal(int row, BigDecimal value) {
        throw misfit();
    }

    @Override
    public void setUnscaled(int row, long unscaled) {
        throw misfit();
    }

    @Override
    public void setBytes(int row, byte[] bytes, int offset, int length) {
        throw misfit();
    }

    @Override
    public void setString(int row, String value) {
        throw misfit();
    }

    private IllegalStateException misfit() {
        return new IllegalStateException("Not a setter for " + vector.getType());
    }
}
