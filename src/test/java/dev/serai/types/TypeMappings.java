package dev.serai.types;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every type of a database with its edge values, from a table through a sync into a dataset and out of an answer: the
 * same in discovery, preview, direct query, sync, SQL over datasets and for a Delta reader that is not ours.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TypeMappings {
    private final TypeWorld world;
    private final List<TypeFamily> families;
    private final Map<TypeFamily, Seen> seen = new HashMap<>();

    TypeMappings(TypeWorld world, List<TypeFamily> families) {
        this.world = world;
        this.families = families;
    }

    /** What all ways to a table show of it, asked for once a family. */
    record Seen(
            JsonNode model,
            JsonNode preview,
            JsonNode asked,
            JsonNode queried,
            JsonNode dataset,
            List<List<@Nullable Object>> delta) {
        static Seen of(TypeWorld world, TypeFamily family) {
            String name = family.name();
            List<List<@Nullable Object>> delta = new ArrayList<>(world.delta(name));
            delta.sort(Comparator.comparing(row -> (Integer) row.get(0)));
            return new Seen(
                    world.model(world.model(family)),
                    world.preview(world.model(family)),
                    world.asked("SELECT * FROM " + name + " ORDER BY n"),
                    world.queried("SELECT * FROM " + name + " ORDER BY n"),
                    world.dataset(name),
                    delta);
        }
    }

    /** One type, to be found in a column of its family's table. */
    record Row(TypeFamily family, int index, NativeType type) {
        String column() {
            return TypeWorld.column(index);
        }

        /** As answers give them, with those that others in the table have more. */
        List<@Nullable String> expected(int rows) {
            return IntStream.range(0, rows)
                    .mapToObj(
                            i -> i < type.values().size() ? type.values().get(i).text() : null)
                    .collect(Collectors.toCollection(ArrayList::new));
        }

        @Override
        public String toString() {
            return type.sql();
        }
    }

    Stream<Row> rows() {
        return families.stream()
                .flatMap(family -> IntStream.range(0, family.types().size())
                        .mapToObj(i -> new Row(family, i, family.types().get(i))));
    }

    /** Sets what could change how values become text to what Serai does not want. */
    abstract void prepare();

    @BeforeAll
    void sync() {
        prepare();
        families.forEach(world::make);
        world.sync(families.stream().collect(Collectors.toMap(world::model, TypeFamily::name)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheSameOnEveryWay(Row row) {
        Seen seen = this.seen.computeIfAbsent(row.family(), family -> Seen.of(world, family));
        int column = row.index() + 1;
        NativeType type = row.type();

        JsonNode discovered = seen.model().path("columns").path(column);
        assertThat(discovered.path("name").asText()).isEqualTo(row.column());
        assertThat(discovered.path("native_type").asText()).isEqualTo(type.nativeType());
        assertThat(discovered.path("type").asText()).as("discovered").isEqualTo(type.type());
        assertThat(seen.dataset().path("schema").path(column).path("type").asText())
                .as("synced")
                .isEqualTo(type.type());
        for (JsonNode answer : List.of(seen.preview(), seen.asked(), seen.queried())) {
            assertThat(TypeWorld.texts(answer, "columns", "type").get(column)).isEqualTo(type.type());
        }

        List<@Nullable String> expected = row.expected(seen.delta().size());
        assertThat(TypeWorld.values(seen.queried(), column)).as("synced").isEqualTo(expected);
        assertThat(TypeWorld.values(seen.preview(), column)).as("previewed").isEqualTo(expected);
        assertThat(TypeWorld.values(seen.asked(), column)).as("asked for").isEqualTo(expected);
        assertThat(seen.delta().stream().map(values -> values.get(column)).toList())
                .as("for Delta Kernel's own engine")
                .isEqualTo(
                        expected.stream().map(text -> delta(type.type(), text)).toList());
        assertThat(world.warnings(row.family().name(), row.column())).isEqualTo(counted(type));
    }

    private static Map<String, Long> counted(NativeType type) {
        return type.values().stream()
                .filter(value -> value.warning() != null)
                .collect(Collectors.groupingBy(
                        value -> String.valueOf(value.warning()), TreeMap::new, Collectors.counting()));
    }

    /** The value behind an answer's text, as Delta Kernel gives it. */
    private static @Nullable Object delta(String type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (type.replaceFirst("\\(.*", "")) {
            case "BOOLEAN" -> Boolean.valueOf(text);
            case "TINYINT" -> Byte.valueOf(text);
            case "SMALLINT" -> Short.valueOf(text);
            case "INTEGER" -> Integer.valueOf(text);
            case "BIGINT" -> Long.valueOf(text);
            case "FLOAT" -> Float.valueOf(text);
            case "DOUBLE" -> Double.valueOf(text);
            case "DECIMAL" -> new BigDecimal(text);
            case "BLOB" -> ByteBuffer.wrap(Base64.getDecoder().decode(text));
            case "DATE" -> (int) LocalDate.parse(text).toEpochDay();
            case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> micros(LocalDateTime.parse(text.replace("Z", "")));
            default -> text;
        };
    }

    private static long micros(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + time.getNano() / 1_000;
    }
}
