package dev.serai.types;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static dev.serai.types.NativeType.of;

/** The types of MySQL: those of MariaDB but for some, by MySQL's names for them. */
final class MySqlTypeTable {
    private MySqlTypeTable() {}

    private static final Set<String> MISSING = Set.of("uuid", "inet4", "inet6", "decimal(38,38)");

    /** What the page tells apart. */
    static final TypeFamily DIFFERENT = TypeFamily.of(
            "What differs in MySQL",
            "There is no `uuid`, `inet4` or `inet6`, a decimal has a scale of at most 30, and `native_type` has no widths but `tinyint(1)` and zerofill's.",
            of("json", "VARCHAR")
                    .value("{\"b\": 1,  \"a\":[ ], \"b\": 2}", "{\"a\": [], \"b\": 2}")
                    .value("123456789012345678901234567890.10", "1.2345678901234568e29")
                    .same("null", "{\"n\": 9223372036854775807}")
                    .note("As the server keeps it: its keys in order and once, its fractions as doubles."),
            of("geometry", "BLOB")
                    .computed("ST_GeomFromText('POINT(1 2)', 4326)", "5hAAAAEBAAAAAAAAAAAAAEAAAAAAAADwPw==")
                    .note("A point's longitude is kept before its latitude, whichever its text has first."),
            of("geometry srid 4326", "BLOB")
                    .named("geometry")
                    .computed("ST_GeomFromText('POINT(1 2)', 4326)", "5hAAAAEBAAAAAAAAAAAAAEAAAAAAAADwPw=="),
            of("varchar(40) collate utf8mb4_0900_ai_ci", "VARCHAR")
                    .named("varchar(40)")
                    .same("äö€😀"));

    static final List<TypeFamily> ALL = Stream.concat(
                    MariaTypeTable.ALL.stream().map(MySqlTypeTable::here), Stream.of(DIFFERENT))
            .toList();

    private static TypeFamily here(TypeFamily family) {
        Map<String, NativeType> own =
                DIFFERENT.types().stream().collect(Collectors.toMap(NativeType::sql, Function.identity()));
        return new TypeFamily(
                family.title(),
                family.note(),
                family.types().stream()
                        .filter(type -> !MISSING.contains(type.sql()))
                        .map(type -> own.getOrDefault(type.sql(), renamed(type)))
                        .toList());
    }

    private static NativeType renamed(NativeType type) {
        String name = type.nativeType();
        return name.equals("tinyint(1)") || name.endsWith("zerofill")
                ? type
                : type.named(name.replaceFirst("^([a-z]*int|year)\\([0-9]+\\)", "$1"));
    }
}
