package dev.serai.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.delta.kernel.Snapshot;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;

import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

/**
 * Columns as Delta knows them. Every field is nullable, for a source may drop a constraint at any time; what else is
 * known of a column goes into the field's metadata, next to the id and physical name of the column mapping.
 */
final class DeltaSchema {
    static final String ID = "delta.columnMapping.id";
    static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    private static final String NATIVE_TYPE = "serai.nativeType";
    private static final String NULLABLE = "serai.nullable";
    private static final String PRIMARY_KEY = "serai.primaryKey";
    private static final String WATERMARK_CANDIDATE = "serai.watermarkCandidate";

    private DeltaSchema() {}

    /** The schema of a new table. */
    static StructType of(List<Column> columns) {
        AtomicLong ids = new AtomicLong();
        return new StructType(columns.stream()
                .map(column -> field(column, FieldMetadata.empty(), DeltaTypes.of(column.type(), ids)))
                .toList());
    }

    /**
     * The schema of a table whose rows are all replaced: a column of the same name and type stays the same column, any
     * other is a new one, which gets an id and a physical name of its own.
     *
     * @param lastId the largest that any column of the table ever had
     */
    static StructType replaced(StructType present, List<Column> columns, long lastId) {
        AtomicLong ids = new AtomicLong(lastId);
        Map<String, StructField> byName =
                present.fields().stream().collect(Collectors.toMap(StructField::getName, Function.identity()));
        List<StructField> fields = new ArrayList<>();
        for (Column column : columns) {
            StructField old = byName.get(column.name());
            if (old != null && type(old).equals(column.type())) {
                // A nested type keeps the ids inside it, too.
                fields.add(field(column, mapping(old), old.getDataType()));
            } else {
                fields.add(field(column, FieldMetadata.empty(), DeltaTypes.of(column.type(), ids)));
            }
        }
        return new StructType(fields);
    }

    /**
     * The schema of a table into which rows are merged: its columns stay what they are, those it does not have yet are
     * added behind.
     *
     * @param marksDeleted whether it needs {@link Window#DELETED_AT}
     * @param lastId the largest id that any column of the table ever had
     * @throws dev.serai.failure.FailureException {@code schema_changed} where a name is there in another case
     */
    static StructType merged(StructType present, List<Column> columns, boolean marksDeleted, long lastId) {
        AtomicLong ids = new AtomicLong(lastId);
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
                fields.add(field(column, FieldMetadata.empty(), DeltaTypes.of(column.type(), ids)));
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

    private static StructField field(Column column, FieldMetadata mapping, DataType type) {
        FieldMetadata metadata = FieldMetadata.builder()
                .fromMetadata(mapping)
                .putString(NATIVE_TYPE, column.nativeType())
                .putBoolean(NULLABLE, column.nullable())
                .putBoolean(PRIMARY_KEY, column.primaryKey())
                .putBoolean(WATERMARK_CANDIDATE, column.watermarkCandidate())
                .build();
        return new StructField(column.name(), type, true, metadata);
    }

    static LogicalType type(StructField field) {
        return DeltaTypes.logical(field.getDataType());
    }

    /** The largest id that any column of the table ever had, from which those inside new nested ones go on. */
    static long lastId(Snapshot table) {
        return Long.parseLong(table.getTableProperties().getOrDefault("delta.columnMapping.maxColumnId", "0"));
    }

    static List<Column> columns(StructType schema) {
        return schema.fields().stream().map(DeltaSchema::column).toList();
    }

    private static Column column(StructField field) {
        LogicalType type = type(field);
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
