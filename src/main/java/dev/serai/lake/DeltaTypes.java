package dev.serai.lake;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;

import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

/** Which type of Delta's holds what a type of ours holds, and the other way round? */
final class DeltaTypes {
    private static final Map<Kind, DataType> TYPES = Map.ofEntries(
            Map.entry(Kind.BOOLEAN, BooleanType.BOOLEAN),
            Map.entry(Kind.TINYINT, ByteType.BYTE),
            Map.entry(Kind.SMALLINT, ShortType.SHORT),
            Map.entry(Kind.INTEGER, IntegerType.INTEGER),
            Map.entry(Kind.BIGINT, LongType.LONG),
            Map.entry(Kind.FLOAT, FloatType.FLOAT),
            Map.entry(Kind.DOUBLE, DoubleType.DOUBLE),
            Map.entry(Kind.VARCHAR, StringType.STRING),
            Map.entry(Kind.BLOB, BinaryType.BINARY),
            Map.entry(Kind.DATE, DateType.DATE),
            Map.entry(Kind.TIMESTAMP, TimestampNTZType.TIMESTAMP_NTZ),
            Map.entry(Kind.TIMESTAMPTZ, TimestampType.TIMESTAMP));
    private static final Map<DataType, Kind> KINDS =
            TYPES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private DeltaTypes() {}

    /** @param ids the last one given to a field; those inside a nested type get the next ones */
    static DataType of(LogicalType type, AtomicLong ids) {
        return switch (type.kind()) {
            case DECIMAL -> new DecimalType(type.precision(), type.scale());
            case LIST -> new ArrayType(of(type.element(), ids), true);
            case STRUCT ->
                new StructType(type.members().stream()
                        .map(member -> field(member, ids))
                        .toList());
            default -> {
                DataType found = TYPES.get(type.kind());
                if (found == null) {
                    throw new IllegalArgumentException("No type of Delta's for " + type);
                }
                yield found;
            }
        };
    }

    /** Files have a member under the name that it has, since it never gets another one. */
    private static StructField field(LogicalType.Member member, AtomicLong ids) {
        FieldMetadata mapping = FieldMetadata.builder()
                .putLong(DeltaSchema.ID, ids.incrementAndGet())
                .putString(DeltaSchema.PHYSICAL_NAME, member.name())
                .build();
        return new StructField(member.name(), of(member.type(), ids), true, mapping);
    }

    static LogicalType logical(DataType type) {
        if (type instanceof DecimalType decimal) {
            return LogicalType.decimal(decimal.getPrecision(), decimal.getScale());
        } else if (type instanceof ArrayType array) {
            return LogicalType.list(logical(array.getElementType()));
        } else if (type instanceof StructType struct) {
            return LogicalType.struct(struct.fields().stream()
                    .map(field -> new LogicalType.Member(field.getName(), logical(field.getDataType())))
                    .toList());
        }
        Kind kind = KINDS.get(type);
        if (kind == null) {
            throw new IllegalArgumentException("Not a type that Serai writes: " + type);
        }
        return LogicalType.of(kind);
    }
}
