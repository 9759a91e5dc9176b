package dev.serai.connector.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What does an object of the config say? */
record Fields(Map<?, ?> values) {
    @Nullable
    String optional(String name) {
        Object value = values.get(name);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    String text(String name, String usual) {
        String value = optional(name);
        return value == null ? usual : value;
    }

    int number(String name, int usual) {
        return values.get(name) instanceof Number number ? number.intValue() : usual;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    @Nullable
    RecordPath path(String name) {
        String text = optional(name);
        return text == null ? null : RecordPath.of(text);
    }

    Map<?, ?> object(String name) {
        return values.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }

    List<?> list(String name) {
        return values.get(name) instanceof List<?> list ? list : List.of();
    }

    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(name).forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        return texts;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Fields" + values.keySet();
    }
}
