package dev.serai.lake;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.rows.RowSource;

/**
 * How rows that were read for a part of a source meet those that the table has.
 *
 * @param key columns that tell rows apart; empty: the table's rows of the window are replaced as a whole
 * @param column whose values bound the window; required without a key, and may be unknown to the rows with one
 * @param position from which the window was made; the new position is never below it, unless the source told that. Null:
 *     there is none
 * @param from the window's lower bound, inclusive, as DuckDB reads it for the column's type; rows below are passed over
 *     where the source sent them all the same. Null: there is none
 * @param deletes what becomes of rows that the source has no more; needs a key
 * @param keys the keys of all rows that the source has, opened once the window was read; asked for with deletes only. Where
 *     they come with {@code column}, rows below the window that the table has not as they are make the merge fail
 */
public record Window(
        List<String> key,
        @Nullable String column,
        @Nullable String position,
        @Nullable String from,
        Deletes deletes,
        Keys keys) {

    /** What becomes of rows that the source has no more. */
    public enum Deletes {
        /** They stay, unnoticed. */
        NONE,
        /** They are taken out. */
        HARD,
        /** They stay and say since when, in the column {@value #DELETED_AT}. */
        SOFT
    }

    /** The instant at which a sync first missed the row, or NULL. */
    public static final String DELETED_AT = "_serai_deleted_at";

    /** Opens the keys of all rows of a source. */
    @FunctionalInterface
    public interface Keys {
        RowSource open();
    }

    /** Of a window that looks for no deletes. */
    public static final Keys NO_KEYS = () -> {
        throw new IllegalStateException("No deletes are looked for");
    };

    public Window {
        key = List.copyOf(key);
        if (key.isEmpty() && (column == null || deletes != Deletes.NONE)) {
            throw new IllegalArgumentException("Without a key there is a column, and no deletes are found");
        }
    }

    /** Without looking for deletes, and from the position itself. */
    public Window(List<String> key, @Nullable String column, @Nullable String from) {
        this(key, column, from, from, Deletes.NONE, NO_KEYS);
    }
}
