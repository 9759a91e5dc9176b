package dev.serai.types;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One row of the table: a type of PostgreSQL's, the type of dataset columns that hold it, and what becomes of its values.
 *
 * @param sql as a column is declared
 * @param nativeType as discovery names it
 * @param type as datasets, discovery and answers name it
 * @param needs statements that must run before
 * @param note what one should know; empty where nothing
 */
record NativeType(String sql, String nativeType, String type, List<Value> values, List<String> needs, String note) {

    /**
     * One value.
     *
     * @param sql an expression of the type
     * @param text in JSON answers; null for NULL
     * @param warning the code under which the run counts it, or null
     */
    record Value(String sql, @Nullable String text, @Nullable String warning) {}

    static NativeType of(String sql, String type) {
        return new NativeType(sql, sql, type, List.of(), List.of(), "");
    }

    /** A value that answers give as this text. */
    NativeType value(String literal, String text) {
        return with(new Value(quoted(literal), text, null));
    }

    /** Values that answers give just as they are written. */
    NativeType same(String... literals) {
        return with(Arrays.stream(literals).map(literal -> new Value(quoted(literal), literal, null)));
    }

    /** A value given by an expression. */
    NativeType computed(String expression, String text) {
        return with(new Value(expression, text, null));
    }

    /** Values that become NULL and are counted. */
    NativeType lost(String warning, String... literals) {
        return with(Arrays.stream(literals).map(literal -> new Value(quoted(literal), null, warning)));
    }

    /** As discovery names it, where that is not as it was declared. */
    NativeType named(String name) {
        return new NativeType(sql, name, type, values, needs, note);
    }

    NativeType needs(String... statements) {
        return new NativeType(sql, nativeType, type, values, List.of(statements), note);
    }

    NativeType note(String text) {
        return new NativeType(sql, nativeType, type, values, needs, text);
    }

    private NativeType with(Value value) {
        return with(Stream.of(value));
    }

    private NativeType with(Stream<Value> more) {
        List<Value> all = new ArrayList<>(values);
        more.forEach(all::add);
        return new NativeType(sql, nativeType, type, List.copyOf(all), needs, note);
    }

    private static String quoted(String literal) {
        return "'" + literal.replace("'", "''") + "'";
    }

    @Override
    public String toString() {
        return sql;
    }
}
