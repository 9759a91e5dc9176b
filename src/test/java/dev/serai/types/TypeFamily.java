package dev.serai.types;

import java.util.List;

/** Types that belong together: one table of the test, one section of the page. */
record TypeFamily(String title, String note, List<NativeType> types) {

    static TypeFamily of(String title, String note, NativeType... types) {
        return new TypeFamily(title, note, List.of(types));
    }

    /** As a table's or dataset's name. */
    String name() {
        return title.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z]+", "_");
    }

    static List<TypeFamily> all() {
        return List.of(
                PlainTypes.NUMBERS,
                PlainTypes.DECIMALS,
                PlainTypes.TIMES,
                TextTypes.TEXTS,
                TextTypes.NETWORK_AND_GEOMETRY,
                TextTypes.SYSTEM,
                StructuredTypes.ARRAYS,
                StructuredTypes.MADE,
                StructuredTypes.RANGES);
    }
}
