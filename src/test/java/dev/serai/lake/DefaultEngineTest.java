package dev.serai.lake;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.utils.CloseableIterator;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.rows.Cancellation;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.testing.DeltaReader;
import dev.serai.testing.Duck;
import dev.serai.testing.Settings;

import static dev.serai.lake.Sources.column;
import static dev.serai.lake.Sources.numbers;
import static dev.serai.lake.Sources.records;
import static org.assertj.core.api.Assertions.assertThat;

/** What we write, Delta Kernel's full default engine reads: the same files, schema, position and rows. */
class DefaultEngineTest {
    private static final Engine DEFAULT = DefaultEngine.create(new Configuration());

    @TempDir
    Path data;

    Lake lake;
    LakeDuckDb duckdb;
    Engine slim;
    TableId table = new TableId("default", "dat_1");

    @BeforeEach
    void open() {
        var settings = Settings.of(Map.of("serai.data-dir", data.toString()));
        lake = new Lake(settings);
        duckdb = new LakeDuckDb(data.resolve("tmp"), settings.sync().memory());
        slim = new LakeEngine(duckdb, new LocalFiles());
    }

    @AfterEach
    void close() throws SQLException, IOException {
        lake.close();
        duckdb.close();
    }

    private Path folder() {
        return data.resolve("lake/default/dat_1");
    }

    private Path checkpoint(long version) {
        return folder().resolve("_delta_log").resolve(String.format("%020d.checkpoint.parquet", version));
    }

    private static CommitRequest request(int version) {
        return new CommitRequest("run_" + version, "mark " + version, rows -> {}, new Cancellation());
    }

    private Snapshot read(Engine engine) {
        return TableManager.loadSnapshot(folder().toString()).build(engine);
    }

    private static List<String> files(Snapshot snapshot, Engine engine) {
        return KernelInternals.files(snapshot, engine).stream()
                .map(file -> file.path() + " " + file.rows() + " " + file.bytes())
                .sorted()
                .toList();
    }

    private void bothSeeTheSame(long version) throws Exception {
        Snapshot ours = read(slim);
        Snapshot theirs = read(DEFAULT);
        assertThat(theirs.getVersion()).isEqualTo(ours.getVersion()).isEqualTo(version);
        assertThat(theirs.getSchema()).isEqualTo(ours.getSchema());
        assertThat(theirs.getTableProperties()).isEqualTo(ours.getTableProperties());
        assertThat(files(theirs, DEFAULT)).isEqualTo(files(ours, slim));
        assertThat(theirs.getDomainMetadata(Position.DOMAIN)).isEqualTo(ours.getDomainMetadata(Position.DOMAIN));
        assertThat(Position.of(theirs.getDomainMetadata(Position.DOMAIN).orElseThrow()))
                .returns("mark " + version, Position::watermark)
                .returns("run_" + version, Position::runId);
        for (long run = 0; run <= version; run++) {
            assertThat(KernelInternals.committed(theirs, DEFAULT, "run_" + run)).isTrue();
            assertThat(KernelInternals.committed(ours, slim, "run_" + run)).isTrue();
        }
        TableSnapshot snapshot = lake.snapshot(table).orElseThrow();
        List<List<@Nullable Object>> expected = new ArrayList<>();
        for (List<@Nullable Object> row : Duck.rows(snapshot.scan())) {
            expected.add(row.stream().map(DefaultEngineTest::delta).toList());
        }
        assertThat(DeltaReader.rows(folder())).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** A value of DuckDB's as Delta Kernel would give it. */
    private static @Nullable Object delta(@Nullable Object value) {
        if (value instanceof LocalDate date) {
            return (int) date.toEpochDay();
        } else if (value instanceof LocalDateTime time) {
            return ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time);
        } else if (value instanceof java.time.OffsetDateTime time) {
            return delta(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
        } else if (value instanceof java.sql.Blob blob) {
            try {
                return ByteBuffer.wrap(blob.getBytes(1, (int) blob.length()));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return value;
    }

    @Test
    void readsEveryType() throws Exception {
        List<dev.serai.rows.Column> columns = new ArrayList<>();
        for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.STRUCT, Kind.LIST))) {
            columns.add(
                    kind == Kind.DECIMAL
                            ? dev.serai.rows.Column.of("price", LogicalType.decimal(10, 2))
                            : column(kind.name(), kind));
        }
        columns.add(dev.serai.rows.Column.of("wide", LogicalType.decimal(38, 3)));
        LocalDateTime time = LocalDateTime.of(2026, 3, 29, 2, 30, 0, 123_456_000);
        @Nullable
        Object[] values = {
            true,
            (byte) -1,
            (short) -2,
            -3,
            Long.MIN_VALUE,
            1.5f,
            Double.NaN,
            new BigDecimal("-7.10"),
            "äöü€𝄞".repeat(20),
            null,
            LocalDate.of(1969, 12, 31),
            time,
            time.atOffset(ZoneOffset.UTC),
            new BigDecimal("-12345678901234567890123456789012345.678")
        };
        @Nullable
        Object[] extremes = {
            false,
            127,
            32767,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Float.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            new BigDecimal("99999999.99"),
            "",
            null,
            LocalDate.of(12345, 1, 1),
            LocalDateTime.of(-44, 3, 15, 0, 0),
            time.atOffset(ZoneOffset.ofHours(14)),
            BigDecimal.ZERO
        };
        lake.replace(
                table, records(columns, List.of(values, extremes, new @Nullable Object[values.length])), request(0));
        bothSeeTheSame(0);
    }

    @Test
    void readsAcrossCheckpointsAndChangedColumns() throws Exception {
        for (int version = 0; version <= 12; version++) {
            lake.replace(
                    table,
                    version % 2 == 0
                            ? numbers(version, "v" + version)
                            : records(
                                    List.of(column("n", Kind.VARCHAR), column("extra" + version, Kind.DATE)),
                                    List.<@Nullable Object[]>of(new Object[] {"one", LocalDate.EPOCH})),
                    request(version));
        }
        assertThat(checkpoint(10)).exists();
        assertThat(folder().resolve("_delta_log/_last_checkpoint")).exists();
        bothSeeTheSame(12);

        // Nothing before the checkpoint is needed any more.
        for (long version = 0; version <= 9; version++) {
            Files.delete(CommitFiles.path(folder(), version));
        }
        try (Stream<Path> log = Files.list(folder().resolve("_delta_log"))) {
            for (Path crc : log.filter(file -> file.toString().endsWith(".crc")).toList()) {
                Files.delete(crc);
            }
        }
        bothSeeTheSame(12);
        assertThat(lake.snapshot(table, 3)).isEmpty();
        assertThat(lake.snapshot(table, 11)).isPresent();
        assertThat(lake.history(table)).extracting(TableVersion::version).containsExactly(12L, 11L, 10L);

        lake.replace(table, numbers(2, "after"), request(13));
        bothSeeTheSame(13);
    }

    @Test
    void weReadCheckpointsOfTheDefaultEngine() throws Exception {
        for (int version = 0; version <= 3; version++) {
            lake.replace(table, numbers(version + 1, "v" + version), request(version));
        }
        read(DEFAULT).writeCheckpoint(DEFAULT);
        assertThat(checkpoint(3)).exists();
        for (long version = 0; version <= 2; version++) {
            Files.delete(CommitFiles.path(folder(), version));
        }
        bothSeeTheSame(3);
        lake.replace(table, numbers(7, "v4"), request(4));
        bothSeeTheSame(4);
    }

    /** The default engine trusts our statistics: a file is only passed over where it cannot hold the value. */
    @Test
    void statisticsSkipOnlyWhatCannotMatch() throws Exception {
        lake.replace(table, numbers(100, "x".repeat(50)), request(0));
        Snapshot snapshot = read(DEFAULT);
        assertThat(matching(snapshot, "=", "n", Literal.ofLong(99))).isEqualTo(1);
        assertThat(matching(snapshot, "=", "n", Literal.ofLong(100))).isZero();
        assertThat(matching(snapshot, "<", "n", Literal.ofLong(0))).isZero();
        assertThat(matching(snapshot, "=", "version", Literal.ofString("x".repeat(50))))
                .isEqualTo(1);
        assertThat(matching(snapshot, "<", "version", Literal.ofString("a"))).isZero();
    }

    private static int matching(Snapshot snapshot, String operator, String column, Literal value) throws IOException {
        Scan scan = snapshot.getScanBuilder()
                .withFilter(new Predicate(operator, new Column(column), value))
                .build();
        int files = 0;
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(DEFAULT)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        rows.next();
                        files++;
                    }
                }
            }
        }
        return files;
    }
}
