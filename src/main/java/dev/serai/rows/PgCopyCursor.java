package dev.serai.rows;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.PgCopySource.Field;

/** Decodes a share of the rows of all COPYs, a block at a time and in it one column after the other. */
final class PgCopyCursor implements BatchSource.Cursor {
    private final PgCopyTurns turns;
    private final PgWireType[] wires;
    private final PgDecoder[] decoders;
    private @Nullable PgCopyBlock rows;

    PgCopyCursor(PgCopyTurns turns, List<Field> fields, WarningCounter warnings) {
        this.turns = turns;
        this.wires = fields.stream().map(Field::wire).toArray(PgWireType[]::new);
        this.decoders =
                fields.stream().map(field -> PgDecoders.of(field, warnings)).toArray(PgDecoder[]::new);
    }

    @Override
    public int next(RowBatch batch) throws Exception {
        PgCopyBlock block = rows;
        if (block == null) {
            block = new PgCopyBlock(decoders.length, batch.capacity());
            rows = block;
        }
        turns.fill(block);
        for (int column = 0; column < decoders.length; column++) {
            decode(block, column, batch.column(column));
        }
        int count = block.count();
        block.clear();
        return count;
    }

    private void decode(PgCopyBlock block, int column, ColumnWriter writer) {
        PgDecoder decoder = decoders[column];
        PgWireType wire = wires[column];
        int count = block.count();
        for (int row = 0; row < count; row++) {
            byte[] bytes = block.bytes(row);
            int offset = block.offset(row, column);
            int length = PgDecoders.int4(bytes, offset);
            if (length < 0) {
                writer.setNull(row);
            } else if (!wire.canTake(length)) {
                throw PgCopyFeed.broken();
            } else {
                decoder.decode(bytes, offset + Integer.BYTES, length, writer, row);
            }
        }
    }

    @Override
    public void close() throws Exception {
        turns.close();
    }
}
