package dev.serai.query;

import java.math.BigDecimal;

import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/** How the values of each kind of Arrow vector are written. */
final class Cells {
    /** The largest integer up to which a JSON number survives every reader. */
    private static final long EXACT = 1L << 53;

    private Cells() {}

    /** Writes what the vector holds when a row is written, so it serves all batches that pass through the vector. */
    static Cell of(FieldVector vector) {
        Cell number = numbers(vector);
        if (number != null) {
            return number;
        }
        Cell time = times(vector);
        if (time != null) {
            return time;
        }
        if (vector instanceof VarCharVector text) {
            return new TextCells.Text(text);
        } else if (vector instanceof VarBinaryVector binary) {
            return new TextCells.Binary(binary);
        } else if (vector instanceof MapVector map) {
            return new NestedCells.Map(map);
        } else if (vector instanceof ListVector list) {
            return new NestedCells.List(list);
        } else if (vector instanceof FixedSizeListVector list) {
            return new NestedCells.FixedList(list);
        } else if (vector instanceof StructVector struct) {
            return new NestedCells.Struct(struct);
        }
        return new TextCells.Printed(vector);
    }

    private static @org.jspecify.annotations.Nullable Cell numbers(FieldVector vector) {
        if (vector instanceof BitVector bits) {
            return (Cell.Bare) (row, out) -> out.text(bits.get(row) == 1 ? "true" : "false");
        } else if (vector instanceof TinyIntVector ints) {
            return (Cell.Bare) (row, out) -> out.number(ints.get(row));
        } else if (vector instanceof SmallIntVector ints) {
            return (Cell.Bare) (row, out) -> out.number(ints.get(row));
        } else if (vector instanceof IntVector ints) {
            return (Cell.Bare) (row, out) -> out.number(ints.get(row));
        } else if (vector instanceof BigIntVector ints) {
            return new BigInts(ints);
        } else if (vector instanceof UInt1Vector ints) {
            return (Cell.Bare) (row, out) -> out.number(ints.get(row) & 0xFF);
        } else if (vector instanceof UInt2Vector ints) {
            return (Cell.Bare) (row, out) -> out.number(ints.get(row));
        } else if (vector instanceof UInt4Vector ints) {
            return (Cell.Bare) (row, out) -> out.number(ints.get(row) & 0xFFFF_FFFFL);
        } else if (vector instanceof UInt8Vector ints) {
            return new UnsignedBigInts(ints);
        } else if (vector instanceof Float4Vector floats) {
            return new Floats(row -> floats.get(row), row -> Float.toString(floats.get(row)));
        } else if (vector instanceof Float8Vector floats) {
            return new Floats(row -> floats.get(row), row -> Double.toString(floats.get(row)));
        } else if (vector instanceof DecimalVector decimals) {
            return (Cell.Quoted) (row, out) -> {
                BigDecimal value = decimals.getObject(row);
                out.text(value.toPlainString());
            };
        }
        return null;
    }

    private static @org.jspecify.annotations.Nullable Cell times(FieldVector vector) {
        if (vector instanceof DateDayVector days) {
            return (Cell.Quoted) (row, out) -> IsoTime.date(days.get(row), out);
        } else if (vector instanceof TimeMicroVector times) {
            return (Cell.Quoted) (row, out) -> IsoTime.time(times.get(row) * 1000, out);
        } else if (vector instanceof TimeNanoVector times) {
            return (Cell.Quoted) (row, out) -> IsoTime.time(times.get(row), out);
        } else if (vector instanceof TimeStampSecVector stamps) {
            return (Cell.Quoted) (row, out) -> IsoTime.timestamp(stamps.get(row), 1, "", out);
        } else if (vector instanceof TimeStampMilliVector stamps) {
            return (Cell.Quoted) (row, out) -> IsoTime.timestamp(stamps.get(row), 1_000, "", out);
        } else if (vector instanceof TimeStampMicroVector stamps) {
            return (Cell.Quoted) (row, out) -> IsoTime.timestamp(stamps.get(row), 1_000_000, "", out);
        } else if (vector instanceof TimeStampNanoVector stamps) {
            return (Cell.Quoted) (row, out) -> IsoTime.timestamp(stamps.get(row), 1_000_000_000, "", out);
        } else if (vector instanceof TimeStampMicroTZVector stamps) {
            return (Cell.Quoted) (row, out) -> IsoTime.timestamp(stamps.get(row), 1_000_000, "Z", out);
        } else if (vector instanceof TimeStampNanoTZVector stamps) {
            return (Cell.Quoted) (row, out) -> IsoTime.timestamp(stamps.get(row), 1_000_000_000, "Z", out);
        } else if (vector instanceof IntervalMonthDayNanoVector intervals) {
            return (Cell.Quoted) (row, out) -> IsoTime.interval(intervals.getObject(row), out);
        }
        return null;
    }

    private record BigInts(BigIntVector vector) implements Cell {
        @Override
        public void json(int row, Utf8Buffer out) {
            long value = vector.get(row);
            boolean exact = value >= -EXACT && value <= EXACT;
            out.text(exact ? Long.toString(value) : "\"" + value + "\"");
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            out.number(vector.get(row));
        }
    }

    private record UnsignedBigInts(UInt8Vector vector) implements Cell {
        @Override
        public void json(int row, Utf8Buffer out) {
            long value = vector.get(row);
            boolean exact = value >= 0 && value <= EXACT;
            out.text(exact ? Long.toString(value) : "\"" + Long.toUnsignedString(value) + "\"");
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            out.text(Long.toUnsignedString(vector.get(row)));
        }
    }

    private record Floats(java.util.function.IntToDoubleFunction value, java.util.function.IntFunction<String> text)
            implements Cell {
        @Override
        public void json(int row, Utf8Buffer out) {
            boolean finite = Double.isFinite(value.applyAsDouble(row));
            out.text(finite ? text.apply(row) : "\"" + text.apply(row) + "\"");
        }

        @Override
        public void plain(int row, Utf8Buffer out) {
            out.text(text.apply(row));
        }
    }
}
