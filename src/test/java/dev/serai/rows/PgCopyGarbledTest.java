package dev.serai.rows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource.Field;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Rows that were damaged on their way are a failure. The one damage that nothing can tell is another value of the same
 * type in one place: COPY has no checksum (TLS has).
 */
class PgCopyGarbledTest {
    private static final List<Field> FIELDS = Arrays.stream(PgWireType.values())
            .map(wire -> new Field(
                    Column.of(
                            wire.name(),
                            wire == PgWireType.NUMERIC ? LogicalType.decimal(12, 3) : LogicalType.of(wire.kind())),
                    wire))
            .toList();
    private static final String SELECT =
            """
            SELECT i % 2 = 0, i::int2, i, i::int8, (i / 3.0)::float4, (i / 7.0)::float8, i * 123456.789, 'row é ' || i, jsonb '{"a": 1}',
              uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\x00ff'::bytea, date '2026-03-29' + i,
              timestamp '2026-03-29 02:30:00', timestamptz '1999-12-31 23:59:59.5Z' FROM generate_series(-1, 0) i
            UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, '', NULL, NULL, NULL
            """;

    @TempDir
    static Path staging;

    static Connection duckdb;
    static byte[] sound;
    static List<List<@Nullable String>> held;
    static List<List<@Nullable String>> scanned;

    @BeforeAll
    static void copy() throws Exception {
        duckdb = Duck.open();
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("SET threads = 1");
        }
        try (Connection postgres = Postgres.database().connect()) {
            sound = PgCopies.bytes(postgres, SELECT);
        }
        held = HeldBatch.rows(source(FIELDS, sound));
        scanned = scanned(source(FIELDS, sound));
        assertThat(held).hasSize(3).hasSameSizeAs(scanned);
    }

    @AfterAll
    static void close() throws SQLException {
        duckdb.close();
    }

    /** How rows are read. A stream that is refused is a {@link FailureException}, and nothing else whatever the bytes are. */
    private interface Way {
        List<List<@Nullable String>> rows(PgCopySource source) throws Exception;
    }

    private static PgCopySource source(List<Field> fields, byte[] bytes) {
        return source(fields, bytes, -1);
    }

    private static PgCopySource source(List<Field> fields, byte[] bytes, long sent) {
        return new PgCopySource(fields, -1, List.of(PgCopies.only(bytes, sent)), () -> {});
    }

    /** As a sync does it. */
    private static List<List<@Nullable String>> scanned(PgCopySource source) throws SQLException {
        try (RowScan scan = RowScan.open(duckdb, source, staging, n -> {})) {
            try {
                List<List<@Nullable String>> texts = new ArrayList<>();
                Duck.rows(duckdb, "SELECT COLUMNS(*)::VARCHAR FROM " + scan.relation() + " AS scanned")
                        .forEach(row -> texts.add(row.stream()
                                .map(value -> value == null ? null : value.toString())
                                .toList()));
                return texts;
            } catch (SQLException e) {
                throw scan.failure(e);
            }
        }
    }

    /** The number of values that are not as they were sent; -1 where the stream was refused. */
    private static int damage(String what, UnaryOperator<byte[]> damaged) {
        return damage(what, damaged, HeldBatch::rows, held);
    }

    private static int damage(String what, UnaryOperator<byte[]> damaged, Way way, List<List<@Nullable String>> rows) {
        try {
            List<List<@Nullable String>> got = way.rows(source(FIELDS, damaged.apply(sound.clone()), rows.size()));
            assertThat(got).as(what).hasSameSizeAs(rows);
            return (int) IntStream.range(0, rows.size())
                    .flatMap(row -> IntStream.range(0, FIELDS.size())
                            .filter(i -> !Objects.equals(
                                    got.get(row).get(i), rows.get(row).get(i))))
                    .count();
        } catch (FailureException e) {
            assertThat(e.failure()).as(what).isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(
                            failure.layer())
                    .isEqualTo(Failure.Layer.READ));
            return -1;
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    @Test
    void aBitThatFlippedIsRefusedOrAnotherValueInOnePlace() {
        int refused = 0;
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            int flipped = bit;
            int values = damage("bit " + bit, bytes -> {
                bytes[flipped / 8] ^= (byte) (1 << (flipped % 8));
                return bytes;
            });
            assertThat(values).as("bit " + bit).isLessThanOrEqualTo(1);
            refused += values < 0 ? 1 : 0;
        }
        // Lengths, counts, header and trailer alone are more than that.
        assertThat(refused).isGreaterThan(4 * sound.length);
    }

    @Test
    void aStreamThatWasCutOrGoesOnIsRefused() {
        for (int length = 0; length < sound.length; length++) {
            int cut = length;
            assertThat(damage("cut at " + length, bytes -> Arrays.copyOf(bytes, cut)))
                    .as("cut at " + length)
                    .isEqualTo(-1);
        }
        for (int more = 1; more < 4; more++) {
            int length = sound.length + more;
            assertThat(damage("going on", bytes -> Arrays.copyOf(bytes, length)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void aByteLostOrDoubledIsRefused() {
        for (int i = 0; i < sound.length; i++) {
            int at = i;
            assertThat(damage("lost " + at, bytes -> joined(bytes, at, at + 1)))
                    .as("lost " + at)
                    .isEqualTo(-1);
            assertThat(damage("doubled " + at, bytes -> joined(bytes, at + 1, at)))
                    .as("doubled " + at)
                    .isEqualTo(-1);
        }
    }

    /** A length that takes in the rest of its row and the next one up to the same place leaves a sound stream. */
    @Test
    void aRowThatIsSwallowedByALengthIsMissed() throws SQLException {
        Field text = new Field(Column.of("t", LogicalType.of(LogicalType.Kind.VARCHAR)), PgWireType.TEXT);
        byte[] bytes;
        try (Connection postgres = Postgres.database().connect()) {
            bytes = PgCopies.bytes(postgres, "VALUES ('abc'), ('de')");
        }
        int length = 19 + Short.BYTES;
        bytes[length + 3] += (byte) (Short.BYTES + Integer.BYTES + 2);

        assertThatThrownBy(() -> scanned(source(List.of(text), bytes, 2)))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("bad_copy"));
    }

    @Test
    void noiseNeverLosesOrAddsARow() {
        noise(5_000, HeldBatch::rows, held);
        noise(50, PgCopyGarbledTest::scanned, scanned);
    }

    @Test
    @Tag("soak")
    void muchNoiseNeverLosesOrAddsARow() {
        noise(500_000, HeldBatch::rows, held);
        noise(5_000, PgCopyGarbledTest::scanned, scanned);
    }

    private static void noise(int rounds, Way way, List<List<@Nullable String>> rows) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            byte[] noise = new byte[1 + random.nextInt(8)];
            random.nextBytes(noise);
            int at = random.nextInt(sound.length - noise.length);
            damage(
                    "seed " + seed + ", round " + round,
                    bytes -> {
                        System.arraycopy(noise, 0, bytes, at, noise.length);
                        return bytes;
                    },
                    way,
                    rows);
        }
    }

    /** Up to one place, then from another on. */
    private static byte[] joined(byte[] bytes, int upTo, int from) {
        byte[] joined = Arrays.copyOf(bytes, upTo + bytes.length - from);
        System.arraycopy(bytes, from, joined, upTo, bytes.length - from);
        return joined;
    }

    /** As a database in SQL_ASCII can send it. */
    @Test
    void textThatIsNotUtf8IsABadValueOfItsColumn() throws SQLException {
        byte[] latin;
        try (Connection postgres = Postgres.database().connect()) {
            latin = PgCopies.bytes(postgres, "SELECT '\\xe9'::bytea");
        }
        Field name = new Field(Column.of("Name", LogicalType.of(LogicalType.Kind.VARCHAR)), PgWireType.TEXT);

        assertThatThrownBy(() -> scanned(source(List.of(name), latin)))
                .isInstanceOfSatisfying(FailureException.class, e -> {
                    assertThat(e.failure().code()).isEqualTo("bad_value");
                    assertThat(e.failure().detail()).contains("\"Name\"", "UTF-8");
                });
    }
}
