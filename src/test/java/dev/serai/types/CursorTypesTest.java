package dev.serai.types;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.serai.testing.Postgres;
import dev.serai.testing.PostgresProxy;

import static org.assertj.core.api.Assertions.assertThat;

/** Every type with its edge values, synced by COPY and through a cursor into datasets that must be the same. */
class CursorTypesTest {
    private static final Postgres.Database DATABASE = Postgres.database();
    private static final TypeWorld COPIED = TypeWorld.of("types-by-copy", DATABASE);
    private static final PostgresProxy PROXY =
            new PostgresProxy(DATABASE).refuseCopy("0A000", "unimplemented: binary format for COPY TO not implemented");
    private static final TypeWorld FETCHED = TypeWorld.of("types-by-cursor", PROXY.database());

    static Iterable<TypeFamily> families() {
        return TypeFamily.all();
    }

    @BeforeAll
    static void sync() {
        TypeMappingTest.setOtherwise(DATABASE);
        TypeFamily.all().forEach(COPIED::make);
        Map<String, String> models = TypeFamily.all().stream()
                .collect(Collectors.toMap(family -> "public." + family.name(), TypeFamily::name));
        COPIED.sync(models);
        FETCHED.sync(models);
    }

    @AfterAll
    static void close() {
        PROXY.close();
    }

    @ParameterizedTest
    @MethodSource("families")
    void aCursorBringsWhatCopyBrings(TypeFamily family) {
        String name = family.name();
        assertThat(FETCHED.notes(name)).containsExactly("read_by_cursor");
        assertThat(COPIED.notes(name)).isEmpty();

        String all = "SELECT * FROM " + name + " ORDER BY n";
        assertThat(FETCHED.queried(all)).isEqualTo(COPIED.queried(all));
        assertThat(schema(FETCHED, name)).isEqualTo(schema(COPIED, name));
        assertThat(warnings(FETCHED, family)).isEqualTo(warnings(COPIED, family));
    }

    private static JsonNode schema(TypeWorld world, String name) {
        return world.dataset(name).path("schema");
    }

    private static Map<String, Map<String, Long>> warnings(TypeWorld world, TypeFamily family) {
        Map<String, Map<String, Long>> byColumn = new TreeMap<>();
        for (int i = 0; i < family.types().size(); i++) {
            byColumn.put(TypeWorld.column(i), world.warnings(family.name(), TypeWorld.column(i)));
        }
        return byColumn;
    }
}
