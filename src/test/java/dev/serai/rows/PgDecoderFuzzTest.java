package dev.serai.rows;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.rows.PgCopySource.Field;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever is in a table, our decoders make of its COPY what the driver's own getters make of its rows. */
class PgDecoderFuzzTest {
    /** Later ones are none of DuckDB's, whose last two stand for infinity. */
    private static final long LAST_MICROS = Long.MAX_VALUE - 2;

    @TempDir
    static Path staging;

    static Postgres.Database database;
    static Connection postgres;
    static Connection binary;
    static Connection duckdb;

    @BeforeAll
    static void connect() throws SQLException {
        database = Postgres.database();
        postgres = database.connect();
        // The driver has decoders of its own for either form.
        binary = DriverManager.getConnection(
                database.url() + "?prepareThreshold=-1", database.username(), database.password());
        duckdb = Duck.open();
    }

    @AfterAll
    static void disconnect() throws SQLException {
        postgres.close();
        binary.close();
        duckdb.close();
    }

    @Test
    void decodesRandomValuesAsTheDriverDoes() throws SQLException {
        compare(System.nanoTime(), 1_000);
    }

    @Test
    @Tag("soak")
    void decodesManyMoreRandomValuesAsTheDriverDoes() throws SQLException {
        for (int round = 0; round < 20; round++) {
            compare(System.nanoTime(), 20_000);
        }
    }

    private static void compare(long seed, int count) throws SQLException {
        Random random = new Random(seed);
        for (PgRandom values : PgRandom.all(random)) {
            String name = values.sql() + ", seed " + seed;
            write(values, count);
            List<RowWarning> warnings = new ArrayList<>();
            List<@Nullable Object> decoded = decoded(values, warnings);
            List<@Nullable Object> text = driven(postgres, values.wire());

            assertThat(decoded).as(name).isEqualTo(text).hasSize(count);
            assertThat(decoded).as(name + ", binary").isEqualTo(driven(binary, values.wire()));
            assertThat(warnings.stream().mapToLong(RowWarning::count).sum())
                    .as(name)
                    .isEqualTo(missing(decoded));
        }
    }

    private static void write(PgRandom values, int count) throws SQLException {
        @Nullable String[] literals = new @Nullable String[count];
        for (int i = 0; i < count; i++) {
            literals[i] = values.random().nextInt(20) == 0 ? null : values.next();
        }
        try (Statement statement = postgres.createStatement();
                PreparedStatement insert = postgres.prepareStatement("INSERT INTO fuzz SELECT n, t::" + values.sql()
                        + " FROM unnest(?) WITH ORDINALITY AS u(t, n)")) {
            statement.execute("DROP TABLE IF EXISTS fuzz");
            statement.execute("CREATE TABLE fuzz (n int, v " + values.sql() + ")");
            Array array = postgres.createArrayOf("text", literals);
            insert.setArray(1, array);
            insert.execute();
        }
    }

    /** How many values the table has that did not arrive. */
    private static long missing(List<@Nullable Object> decoded) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(v) FROM fuzz")) {
            row.next();
            return row.getLong(1)
                    - decoded.stream().filter(value -> value != null).count();
        }
    }

    private static List<@Nullable Object> decoded(PgRandom values, List<RowWarning> warnings) throws SQLException {
        List<Field> fields = List.of(
                new Field(Column.of("n", LogicalType.of(LogicalType.Kind.INTEGER)), PgWireType.INT4),
                new Field(Column.of("v", values.type()), values.wire()));
        PgCopySource source = new PgCopySource(
                fields, -1, List.of(PgCopies.only(PgCopies.bytes(postgres, "SELECT n, v FROM fuzz"))), () -> {});
        String value =
                switch (values.wire()) {
                    case DATE -> "v - DATE '1970-01-01'";
                    case TIMESTAMP, TIMESTAMPTZ -> "epoch_us(v)";
                    case BYTEA -> "lower(hex(v))";
                    default -> "v";
                };
        try (RowScan scan = RowScan.open(duckdb, source, staging, n -> {})) {
            List<@Nullable Object> decoded = new ArrayList<>();
            try {
                Duck.rows(duckdb, "SELECT " + value + " FROM " + scan.relation() + " ORDER BY n")
                        .forEach(row -> decoded.add(row.get(0)));
            } catch (SQLException e) {
                throw scan.failure(e);
            }
            warnings.addAll(scan.warnings());
            return decoded;
        }
    }

    private static List<@Nullable Object> driven(Connection connection, PgWireType wire) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT v FROM fuzz ORDER BY n");
                ResultSet row = select.executeQuery()) {
            List<@Nullable Object> driven = new ArrayList<>();
            while (row.next()) {
                driven.add(row.getString(1) == null ? null : value(row, wire));
            }
            return driven;
        }
    }

    private static @Nullable Object value(ResultSet row, PgWireType wire) throws SQLException {
        return switch (wire) {
            case BOOL -> row.getBoolean(1);
            case INT2 -> row.getShort(1);
            case INT4 -> row.getInt(1);
            case INT8 -> row.getLong(1);
            case FLOAT4 -> row.getFloat(1);
            case FLOAT8 -> row.getDouble(1);
            case NUMERIC -> row.getObject(1) instanceof BigDecimal value ? value : null;
            case TEXT, JSONB -> row.getString(1);
            case UUID -> String.valueOf(row.getObject(1, UUID.class));
            case BYTEA -> HexFormat.of().formatHex(row.getBytes(1));
            case DATE -> days(row.getObject(1, LocalDate.class));
            case TIMESTAMP -> micros(row.getObject(1, LocalDateTime.class));
            case TIMESTAMPTZ -> micros(row.getObject(1, OffsetDateTime.class));
        };
    }

    private static @Nullable Object days(LocalDate date) {
        return date.equals(LocalDate.MAX) || date.equals(LocalDate.MIN) ? null : date.toEpochDay();
    }

    private static @Nullable Object micros(OffsetDateTime time) {
        return time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN)
                ? null
                : micros(time.atZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
    }

    private static @Nullable Object micros(LocalDateTime time) {
        if (time.equals(LocalDateTime.MAX) || time.equals(LocalDateTime.MIN)) {
            return null;
        }
        long seconds = time.toEpochSecond(ZoneOffset.UTC);
        if (seconds > LAST_MICROS / 1_000_000) {
            return null;
        }
        long micros = seconds * 1_000_000 + time.getNano() / 1_000;
        return micros < 0 && seconds > 0 || micros > LAST_MICROS ? null : micros;
    }
}
