package dev.serai.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

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

import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

/**
 * Columns as Delta knows them. Every field is nullable, for a source may drop a constraint at any time; what else is
 * known of a column goes into the field's metadata, next to the id and physical name of the column mapping.
 */
final class DeltaSchema {
    private static final String ID = "delta.columnMapping.id";
    private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    private static final String NATIVE_TYPE = "serai.nativeType";
    private static final String NULLABLE = "serai.nullable";
    private static final String PRIMARY_KEY = "serai.primaryKey";
    private static final String WATERMARK_CANDIDATE = "serai.watermarkCandidate";

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

    private DeltaSchema() {}

    /** The schema of a new table. */
    static StructType of(List<Column> columns) {
        return new StructType(columns.stream()
                .map(column -> field(column, FieldMetadata.empty()))
                .toList());
    }

    /**
     * The schema of a table whose rows are all replaced: a column of the same name and type stays the same column, any
     * other is a new one, which gets an id and a physical name of its own.
     */
    static StructType replaced(StructType present, List<Column> columns) {
        Map<String, StructField> byName =
                present.fields().stream().collect(Collectors.toMap(StructField::getName, Function.identity()));
        List<StructField> fields = new ArrayList<>();
        for (Column column : columns) {
            StructField old = byName.get(column.name());
            FieldMetadata mapping =
                    old != null && old.getDataType().equals(type(column.type())) ? mapping(old) : FieldMetadata.empty();
            fields.add(field(column, mapping));
        }
        return new StructType(fields);
    }

    /**
     * The schema of a table into which rows are merged: its columns stay what they are, those it does not have yet are
     * added behind.
     *
     * @param marksDeleted whether it needs {@link Window#DELETED_AT}
     * @throws dev.serai.failure.FailureException {@code schema_changed} where a name is there in another case
     */
    static StructType merged(StructType present, List<Column> columns, boolean marksDeleted) {
        List<Column> wanted = new ArrayList<>(columns);
        if (marksDeleted) {
            wanted.add(Column.of(Window.DELETED_AT, LogicalType.of(Kind.TIMESTAMPTZ)));
        }
        Map<String, StructField> there = present.fields().stream()
                .collect(Collectors.toMap(field -> field.getName().toLowerCase(Locale.ROOT), Function.identity()));
        List<StructField> fields = new ArrayList<>(present.fields());
        for (Column column : wanted) {
            StructField old = there.get(column.name().toLowerCase(Locale.ROOT));
            if (old == null) {
                fields.add(field(column, FieldMetadata.empty()));
            } else if (!old.getName().equals(column.name())) {
                throw MergeColumns.schemaChanged("The column " + old.getName() + " is now " + column.name() + ".");
            }
        }
        return fields.size() == present.length() ? present : new StructType(fields);
    }

    private static FieldMetadata mapping(StructField field) {
        return FieldMetadata.builder()
                .putLong(ID, id(field))
                .putString(PHYSICAL_NAME, physicalName(field))
                .build();
    }

    private static StructField field(Column column, FieldMetadata mapping) {
        FieldMetadata metadata = FieldMetadata.builder()
                .fromMetadata(mapping)
                .putString(NATIVE_TYPE, column.nativeType())
                .putBoolean(NULLABLE, column.nullable())
                .putBoolean(PRIMARY_KEY, column.primaryKey())
                .putBoolean(WATERMARK_CANDIDATE, column.watermarkCandidate())
                .build();
        return new StructField(column.name(), type(column.type()), true, metadata);
    }

    static DataType type(LogicalType type) {
        if (type.kind() == Kind.DECIMAL) {
            return new DecimalType(type.precision(), type.scale());
        }
        DataType found = TYPES.get(type.kind());
        if (found == null) {
            throw new IllegalArgumentException("No type of Delta's for " + type);
        }
        return found;
    }

    private static LogicalType type(DataType type) {
        if (type instanceof DecimalType decimal) {
            return LogicalType.decimal(decimal.getPrecision(), decimal.getScale());
        }
        Kind kind = KINDS.get(type);
        if (kind == null) {
            throw new IllegalArgumentException("Not a type that Serai writes: " + type);
        }
        return LogicalType.of(kind);
    }

    static List<Column> columns(StructType schema) {
        return schema.fields().stream().map(DeltaSchema::column).toList();
    }

    private static Column column(StructField field) {
        LogicalType type = type(field.getDataType());
        FieldMetadata metadata = field.getMetadata();
        String nativeType = metadata.contains(NATIVE_TYPE) ? metadata.getString(NATIVE_TYPE) : type.duckdb();
        return new Column(
                field.getName(),
                type,
                nativeType,
                flag(metadata, NULLABLE, true),
                flag(metadata, PRIMARY_KEY, false),
                flag(metadata, WATERMARK_CANDIDATE, false));
    }

    private static boolean flag(FieldMetadata metadata, String key, boolean absent) {
        return metadata.contains(key) ? metadata.getBoolean(key) : absent;
    }

    /** Whether the field is a column of a table already. */
    static boolean hasId(StructField field) {
        return field.getMetadata().contains(ID);
    }

    static long id(StructField field) {
        return field.getMetadata().getLong(ID);
    }

    /** The column's name inside the Parquet files, which never changes. */
    static String physicalName(StructField field) {
        return field.getMetadata().getString(PHYSICAL_NAME);
    }
}
