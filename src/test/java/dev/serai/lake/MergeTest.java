package dev.serai.lake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.FailureException;
import dev.serai.lake.Window.Deletes;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RowSource;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;
import dev.serai.testing.Duck;
import dev.serai.testing.Settings;

import static dev.serai.lake.Sources.column;
import static dev.serai.lake.Sources.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MergeTest {
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final List<Column> COLUMNS =
            List.of(column("id", Kind.BIGINT), column("at", Kind.INTEGER), column("text", Kind.VARCHAR));
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path data;

    Lake lake;
    TableId table = new TableId("default", "dat_1");

    @BeforeEach
    void open() {
        lake = new Lake(Settings.of(Map.of("serai.data-dir", data.toString())));
    }

    @AfterEach
    void close() throws SQLException, IOException {
        lake.close();
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(file -> file.getFileName().toString().equals("_staging")))
                    .isEmpty();
        }
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    private static RowSource source(@Nullable Object[]... rows) {
        return records(COLUMNS, Arrays.asList(rows));
    }

    private static RowSource keys(long... ids) {
        return records(
                List.of(column("id", Kind.BIGINT)),
                LongStream.of(ids).<@Nullable Object[]>mapToObj(id -> row(id)).toList());
    }

    private static TextSource json(String lines) {
        return new TextSource(
                TextSource.Format.NDJSON, new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }

    private static CommitRequest request() {
        return new CommitRequest(
                "run_" + RUNS.incrementAndGet(), List.of(), null, "at", rows -> {}, new Cancellation());
    }

    private CommitResult replace(@Nullable Object[]... rows) {
        return lake.replace(table, source(rows), request());
    }

    private CommitResult merge(Window window, RowSource rows) {
        return lake.merge(table, rows, request(), window, NOW);
    }

    private CommitResult merge(int from, @Nullable Object[]... rows) {
        return merge(new Window(List.of("id"), "at", String.valueOf(from)), source(rows));
    }

    private static Window byTime(int from) {
        return new Window(List.of(), "at", String.valueOf(from));
    }

    private TableSnapshot now() {
        return lake.snapshot(table).orElseThrow();
    }

    private List<List<@Nullable Object>> rows() throws SQLException {
        return Duck.rows("SELECT * FROM (" + now().scan() + ") ORDER BY ALL");
    }

    private static List<@Nullable Object> values(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    @Test
    void insertsNewRowsAndReplacesKnownOnes() throws SQLException {
        assertThat(replace(row(1L, 1, "a"), row(2L, 2, "b"), row(3L, 3, "c")).watermark())
                .isEqualTo("3");
        CommitResult result = merge(3, row(3L, 3, "c"), row(2L, 4, "B"), row(4L, 5, "d"));
        assertThat(rows())
                .containsExactly(values(1L, 1, "a"), values(2L, 4, "B"), values(3L, 3, "c"), values(4L, 5, "d"));
        assertThat(result.changed()).isTrue();
        assertThat(result.version()).isEqualTo(1);
        assertThat(result.rowsRead()).isEqualTo(3);
        assertThat(result.rowsWritten()).isEqualTo(2);
        assertThat(result.rowsDeleted()).isZero();
        assertThat(result.watermark()).isEqualTo("5");
        assertThat(now().watermark()).isEqualTo("5");
        assertThat(lake.snapshot(table, 0).orElseThrow().rows()).isEqualTo(3);
    }

    @Test
    void theFirstMergeLoadsEverything() throws SQLException {
        CommitResult result = merge(new Window(List.of("id"), "at", null), source(row(1L, 1, "a")));
        assertThat(result.version()).isZero();
        assertThat(rows()).containsExactly(values(1L, 1, "a"));
        assertThat(now().watermark()).isEqualTo("1");
    }

    @Test
    void aPartOfTheRowsIsNeverAWholeTable() {
        assertThatThrownBy(() -> merge(5, row(5L, 5, "e")))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("write_conflict"));
        assertThat(lake.snapshot(table)).isEmpty();
    }

    @Test
    void makesNoVersionWhereNothingChanged() {
        replace(row(1L, 1, "a"), row(2L, 2, null));
        CommitResult result = merge(2, row(2L, 2, null));
        assertThat(result.changed()).isFalse();
        assertThat(result.version()).isZero();
        assertThat(result.watermark()).isEqualTo("2");
        assertThat(merge(2).changed()).isFalse();
        assertThat(merge(byTime(2), source(row(2L, 2, null))).changed()).isFalse();
        assertThat(merge(byTime(1), json("{\"id\":1,\"at\":1,\"text\":\"a\"}\n{\"id\":2,\"at\":2,\"text\":null}"))
                        .changed())
                .isFalse();
        assertThat(now().version()).isZero();
    }

    @Test
    void writesOnlyTheFilesAnewThatHoldTouchedRows() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 1, "b"));
        merge(1, row(3L, 2, "c"));
        merge(2, row(4L, 3, "d"));
        List<Path> before =
                now().files().stream().map(TableSnapshot.DataFile::path).toList();
        assertThat(before).hasSize(3);
        merge(3, row(3L, 4, "C"));
        assertThat(now().files())
                .extracting(TableSnapshot.DataFile::path)
                .hasSize(3)
                .contains(first(before), last(before));
        assertThat(rows()).contains(values(3L, 4, "C")).hasSize(4);
    }

    private static Path first(List<Path> files) throws SQLException {
        return holding(files, 1);
    }

    private static Path last(List<Path> files) throws SQLException {
        return holding(files, 4);
    }

    private static Path holding(List<Path> files, long id) throws SQLException {
        for (Path file : files) {
            if (Duck.rows("SELECT * FROM '" + file + "'").stream()
                    .anyMatch(row -> Long.valueOf(id).equals(row.get(0)))) {
                return file;
            }
        }
        throw new AssertionError("No file holds " + id);
    }

    @Test
    void rowsWithoutAWatermarkAreMergedAndCounted() throws SQLException {
        CommitResult first = replace(row(1L, 1, "a"), row(2L, null, "b"));
        assertThat(first.warnings()).containsExactly(new RowWarning("at", "null_watermark", 1));
        CommitResult second = merge(1, row(1L, 1, "a"), row(2L, null, "B"), row(3L, null, "c"));
        assertThat(second.warnings()).containsExactly(new RowWarning("at", "null_watermark", 2));
        assertThat(second.rowsWritten()).isEqualTo(2);
        assertThat(rows()).containsExactly(values(1L, 1, "a"), values(2L, null, "B"), values(3L, null, "c"));
        assertThat(now().watermark()).isEqualTo("1");
    }

    @Test
    void ofRowsWithOneKeyTheNewestCounts() throws SQLException {
        replace(row(1L, 1, "a"));
        CommitResult result = merge(1, row(1L, 3, "new"), row(1L, 2, "old"), row(2L, 2, "x"), row(2L, 2, "y"));
        assertThat(result.warnings()).containsExactly(new RowWarning("id", "duplicate_key", 2));
        assertThat(rows()).containsExactly(values(1L, 3, "new"), values(2L, 2, "y"));
    }

    @Test
    void aKeyMayHoldNullsAndSeveralColumns() throws SQLException {
        Window window = new Window(List.of("id", "text"), "at", "0");
        replace(row(1L, 1, "a"), row(null, 1, "a"), row(1L, 1, null));
        CommitResult result = merge(window, source(row(null, 2, "a"), row(1L, 2, null), row(null, 2, null)));
        assertThat(result.warnings()).isEmpty();
        assertThat(rows())
                .containsExactlyInAnyOrder(
                        values(1L, 1, "a"), values(null, 2, "a"), values(1L, 2, null), values(null, 2, null));
        assertThat(merge(window, source(row(null, 2, "a"))).changed()).isFalse();
    }

    @Test
    void aSingleKeyMayBeNull() throws SQLException {
        replace(row(1L, 1, "a"), row(null, 1, "b"));
        CommitResult result = merge(1, row(null, 2, "B"));
        assertThat(result.warnings()).isEmpty();
        assertThat(rows()).containsExactlyInAnyOrder(values(1L, 1, "a"), values(null, 2, "B"));
    }

    @Test
    void withoutAKeyRowsWithoutAWatermarkStay() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, null, "n"));
        merge(byTime(1), source(row(1L, 1, "a"), row(3L, 2, "c"), row(4L, null, "in no window")));
        assertThat(rows()).containsExactly(values(1L, 1, "a"), values(2L, null, "n"), values(3L, 2, "c"));
    }

    @Test
    void aNumberThatIsNotFiniteIsNoPosition() {
        List<Column> columns = List.of(column("id", Kind.BIGINT), column("at", Kind.DOUBLE));
        CommitResult first = lake.replace(
                table,
                records(columns, List.of(row(1L, 1.5), row(2L, Double.NaN), row(3L, Double.POSITIVE_INFINITY))),
                request());
        assertThat(first.watermark()).isEqualTo("1.5");
        assertThat(first.warnings()).containsExactly(new RowWarning("at", "null_watermark", 2));
        CommitResult second = merge(
                new Window(List.of("id"), "at", "1.5"), records(columns, List.of(row(4L, 2.5), row(5L, Double.NaN))));
        assertThat(second.watermark()).isEqualTo("2.5");
    }

    @Test
    void withoutAKeyTheWindowIsReplaced() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 2, "b"), row(2L, 2, "b"), row(3L, 3, "c"), row(9L, null, "n"));
        CommitResult result = merge(
                byTime(2),
                source(row(2L, 2, "b"), row(3L, 3, "C"), row(4L, 4, "d"), row(4L, 4, "d"), row(9L, null, "n")));
        assertThat(rows())
                .containsExactly(
                        values(1L, 1, "a"),
                        values(2L, 2, "b"),
                        values(3L, 3, "C"),
                        values(4L, 4, "d"),
                        values(4L, 4, "d"),
                        values(9L, null, "n"));
        assertThat(result.rowsWritten()).isEqualTo(3);
        assertThat(now().watermark()).isEqualTo("4");
        assertThat(merge(byTime(4), source(row(4L, 4, "d"), row(4L, 4, "d"), row(9L, null, "n")))
                        .changed())
                .isFalse();
        assertThat(merge(byTime(4), source(row(4L, 4, "d"), row(9L, null, "n"))).rowsWritten())
                .isZero();
        assertThat(rows()).hasSize(5);
    }

    @Test
    void passesOverRowsBelowTheWindowThatTheSourceSentAllTheSame() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 2, "b"));
        merge(byTime(2), source(row(1L, 1, "a"), row(2L, 2, "b"), row(3L, 3, "c")));
        assertThat(rows()).containsExactly(values(1L, 1, "a"), values(2L, 2, "b"), values(3L, 3, "c"));
    }

    @Test
    void takesOutWhatTheSourceHasNoMore() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 2, "b"), row(3L, 3, "c"));
        Window window = new Window(List.of("id"), "at", "3", "3", Deletes.HARD, () -> keys(2, 3, 4));
        CommitResult result = merge(window, source(row(3L, 3, "c"), row(4L, 4, "d"), row(5L, 4, "gone meanwhile")));
        assertThat(result.rowsDeleted()).isEqualTo(1);
        assertThat(result.rowsWritten()).isEqualTo(1);
        assertThat(rows()).containsExactly(values(2L, 2, "b"), values(3L, 3, "c"), values(4L, 4, "d"));
        assertThat(merge(new Window(List.of("id"), "at", "4", "4", Deletes.HARD, () -> keys(2, 3, 4)), source())
                        .changed())
                .isFalse();
        assertThat(merge(new Window(List.of("id"), "at", "4", "4", Deletes.HARD, MergeTest::keys), source())
                        .rowsDeleted())
                .isEqualTo(3);
        assertThat(rows()).isEmpty();
    }

    @Test
    void marksWhatTheSourceHasNoMore() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 2, "b"));
        Window gone = new Window(List.of("id"), "at", "2", "2", Deletes.SOFT, () -> keys(2));
        assertThat(merge(gone, source()).rowsDeleted()).isEqualTo(1);
        assertThat(now().columns()).extracting(Column::name).containsExactly("id", "at", "text", Window.DELETED_AT);
        assertThat(Duck.rows("SELECT id, epoch_ms(" + Window.DELETED_AT + ") FROM (" + now().scan() + ") ORDER BY id"))
                .containsExactly(values(1L, NOW.toEpochMilli()), values(2L, null));
        assertThat(merge(gone, source()).changed()).isFalse();

        Window restored = new Window(List.of("id"), "at", "3", "3", Deletes.SOFT, () -> keys(1, 2));
        CommitResult result = merge(restored, source());
        assertThat(result.rowsWritten()).isEqualTo(1);
        assertThat(result.rowsDeleted()).isZero();
        assertThat(rows()).containsExactly(values(1L, 1, "a", null), values(2L, 2, "b", null));
        assertThat(merge(restored, source()).changed()).isFalse();
        assertThat(merge(gone, source()).rowsDeleted()).isEqualTo(1);

        Window back = new Window(List.of("id"), "at", "2", "2", Deletes.SOFT, () -> keys(1, 2));
        assertThat(merge(back, source(row(1L, 3, "again"))).rowsWritten()).isEqualTo(1);
        assertThat(rows()).containsExactly(values(1L, 3, "again", null), values(2L, 2, "b", null));
    }

    private static RowSource dated(@Nullable Object[]... keys) {
        return records(List.of(column("at", Kind.INTEGER), column("id", Kind.BIGINT)), Arrays.asList(keys));
    }

    private static Window deletes(Deletes deletes, @Nullable Object[]... keys) {
        return new Window(List.of("id"), "at", "5", "4", deletes, () -> dated(keys));
    }

    private void refused(Window window, String rows, @Nullable Object[]... fresh) {
        assertThatThrownBy(() -> merge(window, source(fresh))).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure().code()).isEqualTo(Lake.ROWS_BELOW_WINDOW);
            assertThat(e.failure().detail()).startsWith("Rows below the window").contains("has them: " + rows + ". ");
        });
    }

    @Test
    void refusesToMissRowsBelowTheWindow() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 2, "b"), row(5L, 5, "e"));
        for (Deletes deletes : List.of(Deletes.HARD, Deletes.SOFT)) {
            refused(deletes(deletes, row(1, 1L), row(2, 2L), row(3, 3L), row(5, 5L)), "1", row(5L, 5, "e"));
            refused(deletes(deletes, row(3, 1L), row(1, 2L), row(5, 5L)), "2", row(5L, 5, "e"));
            refused(deletes(deletes, row(3, null), row(5, 5L)), "1", row(5L, 5, "e"));
        }
        assertThat(rows()).hasSize(3);
        assertThat(now().version()).isZero();
    }

    @Test
    void leavesToTheNextWindowWhatItWillFind() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 2, "b"), row(5L, 5, "e"));
        CommitResult result = merge(
                deletes(Deletes.HARD, row(1, 1L), row(2, 2L), row(4, 4L), row(9, 9L), row(null, 7L), row(3, 5L)),
                source(row(5L, 5, "e")));
        assertThat(result.changed()).isFalse();
    }

    @Test
    void rowsMarkedAsDeletedAreNotMissed() throws SQLException {
        replace(row(1L, 1, "a"), row(2L, 2, "b"), row(5L, 5, "e"));
        merge(deletes(Deletes.SOFT, row(2, 2L), row(5, 5L)), source(row(5L, 5, "e")));
        CommitResult back = merge(deletes(Deletes.SOFT, row(1, 1L), row(2, 2L), row(5, 5L)), source());
        assertThat(back.rowsWritten()).isEqualTo(1);
        assertThat(rows())
                .containsExactly(values(1L, 1, "a", null), values(2L, 2, "b", null), values(5L, 5, "e", null));
    }

    @Test
    void ofRowsWithOneKeyOnlyTheNewestIsMissed() throws SQLException {
        replace(row(1L, 2, "newest"), row(5L, 5, "e"));
        assertThat(merge(deletes(Deletes.HARD, row(1, 1L), row(2, 1L), row(0, 1L), row(5, 5L)), source())
                        .changed())
                .isFalse();
        refused(deletes(Deletes.HARD, row(1, 1L), row(3, 1L), row(5, 5L)), "1");
    }

    @Test
    void keysWithAWatermarkOfAnotherTypeAreKeysOnly() throws SQLException {
        replace(row(1L, 1, "a"), row(5L, 5, "e"));
        List<Column> columns = List.of(column("id", Kind.BIGINT), column("at", Kind.VARCHAR));
        Window window = new Window(
                List.of("id"),
                "at",
                "5",
                "5",
                Deletes.HARD,
                () -> records(columns, List.<@Nullable Object[]>of(row(1L, "one"), row(2L, "2"))));
        assertThat(merge(window, source()).rowsDeleted()).isEqualTo(1);
    }

    @Test
    void failingToReadTheKeysChangesNothing() throws SQLException {
        replace(row(1L, 1, "a"));
        Window window = new Window(List.of("id"), "at", "1", "1", Deletes.HARD, () -> {
            throw new FailureException(
                    new dev.serai.failure.Failure.Source(dev.serai.failure.Failure.Layer.READ, "lost", "gone", true));
        });
        assertThatThrownBy(() -> merge(window, source(row(2L, 2, "b")))).hasMessageContaining("lost");
        assertThat(rows()).containsExactly(values(1L, 1, "a"));
    }

    @Test
    void aNewColumnComesWithNullsInOldRows() throws SQLException {
        replace(row(1L, 1, "a"));
        merge(new Window(List.of("id"), "at", "1"), json("{\"id\":2,\"at\":2,\"text\":\"b\",\"more\":true}"));
        assertThat(rows()).containsExactly(values(1L, 1, "a", null), values(2L, 2, "b", true));
        merge(new Window(List.of("id"), "at", "2"), json("{\"id\":2,\"at\":3}"));
        assertThat(rows()).containsExactly(values(1L, 1, "a", null), values(2L, 3, null, null));
    }

    @Test
    void aValueThatDoesNotFitItsColumnIsRefused() throws SQLException {
        replace(row(1L, 1, "a"));
        Window window = new Window(List.of("id"), "at", "1");
        for (String line : List.of(
                "{\"id\":2,\"at\":2147483648,\"text\":\"b\"}",
                "{\"id\":2,\"at\":1.5,\"text\":\"b\"}",
                "{\"id\":\"x\",\"at\":2,\"text\":\"b\"}",
                "{\"ID\":2,\"at\":2,\"text\":\"b\"}")) {
            assertThatThrownBy(() -> merge(window, json(line)))
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure().code()).isEqualTo("schema_changed"));
        }
        assertThat(rows()).containsExactly(values(1L, 1, "a"));
    }

    @Test
    void theSignOfAZeroIsAChange() throws SQLException {
        List<Column> columns = List.of(column("id", Kind.BIGINT), column("at", Kind.INTEGER), column("x", Kind.DOUBLE));
        lake.replace(table, records(columns, List.of(row(1L, 1, 0.0), row(2L, 1, Double.NaN))), request());
        Window window = new Window(List.of("id"), "at", "1");
        CommitResult result = merge(window, records(columns, List.of(row(1L, 1, -0.0), row(2L, 1, Double.NaN))));
        assertThat(result.rowsWritten()).isEqualTo(1);
        assertThat(rows().get(0)).isEqualTo(values(1L, 1, -0.0));
    }

    @Test
    void namesOfColumnsAreNeverTakenForOurs() throws SQLException {
        List<Column> columns = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (String name : List.of(
                "at",
                "id",
                "file",
                "row",
                "r",
                "n",
                "t0",
                "f0",
                "c0",
                "k0",
                "filename",
                "file_index",
                "file_row_number",
                "deleted",
                "same",
                "a\"b",
                "name with spaces",
                "fresh",
                "gone")) {
            columns.add(column(name, Kind.INTEGER));
            values.add(values.size());
        }
        for (Window window : List.of(
                new Window(List.of("id"), "at", "0"),
                byTime(0),
                new Window(
                        List.of("id", "file"),
                        "at",
                        "0",
                        "0",
                        Deletes.HARD,
                        () -> records(
                                List.of(column("file", Kind.INTEGER), column("id", Kind.INTEGER)),
                                List.<@Nullable Object[]>of(row(2, 1)))))) {
            lake.replace(table, records(columns, List.<@Nullable Object[]>of(values.toArray())), request());
            assertThat(merge(window, records(columns, List.<@Nullable Object[]>of(values.toArray())))
                            .changed())
                    .isFalse();
            List<@Nullable Object> other = new ArrayList<>(values);
            other.set(10, 77);
            merge(window, records(columns, List.<@Nullable Object[]>of(other.toArray())));
            assertThat(rows()).containsExactly(other);
        }
    }

    @Test
    void thePositionNeverGoesBackByItself() {
        replace(row(1L, 5, "a"));
        Window lookingBack = new Window(List.of("id"), "at", "5", "1", Deletes.NONE, Window.NO_KEYS);
        assertThat(merge(lookingBack, source(row(2L, 3, "late"))).watermark()).isEqualTo("5");
        CommitResult told = lake.merge(
                table,
                source(row(3L, 4, "x")),
                new CommitRequest("run_told", List.of(), "4", "at", rows -> {}, new Cancellation()),
                new Window(List.of("id"), "at", "4"),
                NOW);
        assertThat(told.watermark()).isEqualTo("4");
    }

    @Test
    void oneRunMergesOnce() throws SQLException {
        replace(row(1L, 1, "a"));
        CommitRequest request = request();
        Window window = new Window(List.of(), "at", "2");
        lake.merge(table, source(row(2L, 2, "b")), request, window, NOW);
        lake.merge(table, source(row(2L, 2, "again")), request, window, NOW);
        assertThat(rows()).containsExactly(values(1L, 1, "a"), values(2L, 2, "b"));
    }
}
