package dev.serai.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

import dev.serai.lake.Lake;
import dev.serai.lake.TableId;
import dev.serai.lake.TableSnapshot;
import dev.serai.lake.TableVersion;
import dev.serai.testing.DeltaReader;
import dev.serai.testing.Duck;
import dev.serai.testing.Postgres;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;

/** Are the datasets of a lake what the source is, and was each of their versions something that could be read? */
final class LakeJudge {
    /** How much was looked at. */
    record Found(long versions, long rows, long compared) {}

    private static final String PROJECT = "killed";
    private static final String SOURCE =
            "id::text, payload, amount::text, (extract(epoch FROM changed) * 1000000)::bigint::text, seq::text, sum";
    private static final String DATASET =
            "id::VARCHAR, payload, amount::VARCHAR, epoch_us(changed)::VARCHAR, seq::VARCHAR, sum";

    /** What was committed at the source: the rows' text and how many there were. */
    private static final String GENERATIONS = "CASE WHEN rows > 0 THEN 'g' || generation END, rows::text";

    /** What {@code sum} is of a row as it should be, as DuckDB says it. */
    private static final String SUM = "md5(id::VARCHAR || coalesce(payload, '-') || amount::VARCHAR || seq::VARCHAR)";

    private final Path folder;
    private final Postgres.Database source;
    private final Map<String, String> datasets;
    private long versions;
    private long rows;
    private long compared;

    /** @param datasets ids by tables */
    LakeJudge(Path folder, Postgres.Database source, Map<String, String> datasets) {
        this.folder = folder;
        this.source = source;
        this.datasets = datasets;
    }

    /** @param last what came of the two runs after the source had come to rest */
    Found judge(List<Kind> kinds, List<Victim.Outcome> last) throws SQLException {
        try (Lake lake = new Lake(Settings.of(Map.of(
                        "serai.data-dir", folder.resolve("judge").toString(),
                        "serai.lake-uri", folder.resolve("lake").toString())));
                Connection duckdb = Duck.open()) {
            for (Kind kind : kinds) {
                TableId table = new TableId(PROJECT, String.valueOf(datasets.get(kind.table())));
                List<Victim.Outcome> its = last.stream()
                        .filter(outcome -> outcome.dataset().equals(table.dataset()))
                        .toList();
                assertThat(its).as(kind.table()).hasSize(2).allMatch(outcome -> outcome.status()
                        .equals("succeeded"));
                everyVersion(kind, lake, table, duckdb);
                TableSnapshot first = lake.snapshot(
                                table, Long.parseLong(its.get(0).version()))
                        .orElseThrow();
                equal(kind, first, duckdb);
                TableSnapshot newest = lake.snapshot(table).orElseThrow();
                assertThat(newest.version())
                        .as(kind.table() + " rested")
                        .isEqualTo(first.version() + (kind.whole() ? 1 : 0));
                kernelReadsTheSame(kind, newest, duckdb);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Found(versions, rows, compared);
    }

    private void everyVersion(Kind kind, Lake lake, TableId table, Connection duckdb) throws SQLException {
        List<Long> numbers =
                lake.history(table).stream().map(TableVersion::version).sorted().toList();
        assertThat(numbers)
                .as(kind.table())
                .isEqualTo(LongStream.range(0, numbers.size()).boxed().toList());
        Set<List<String>> generations =
                new HashSet<>(fromSource(GENERATIONS, "generations WHERE name = '" + kind.table() + "'"));
        run(duckdb, "CREATE OR REPLACE TEMP TABLE seen (id BIGINT)");
        String position = "";
        for (long number : numbers) {
            TableSnapshot snapshot = lake.snapshot(table, number).orElseThrow();
            String name = kind.table() + " " + number;
            rowsAreWhole(kind, snapshot, name, duckdb);
            if (kind.inGenerations()) {
                List<String> generation = texts(
                                Duck.rows(duckdb, "SELECT max(payload), count(*) FROM (" + snapshot.scan() + ")"))
                        .get(0);
                assertThat(generations.contains(generation))
                        .as("%s was once the source's: %s", name, generation)
                        .isTrue();
            }
            if (!kind.whole()) {
                String next = position(kind, snapshot);
                assertThat(next).as(name + ": its position").isGreaterThanOrEqualTo(position);
                position = next;
            }
            run(duckdb, "INSERT INTO seen SELECT id FROM (" + snapshot.scan() + ") ANTI JOIN seen USING (id)");
            versions++;
            rows += snapshot.rows();
        }
    }

    private static void rowsAreWhole(Kind kind, TableSnapshot snapshot, String name, Connection duckdb)
            throws SQLException {
        List<@Nullable Object> told = Duck.rows(
                        duckdb,
                        "SELECT count(*), count(DISTINCT id), count(*) FILTER (sum IS DISTINCT FROM " + SUM
                                + "), count(DISTINCT payload) FROM (" + snapshot.scan() + ")")
                .get(0);
        assertThat(told.get(0)).as(name).isEqualTo(snapshot.rows());
        assertThat(told.get(2)).as(name + ": rows that never were").isEqualTo(0L);
        if (kind.key()) {
            assertThat(told.get(1)).as(name + ": keys").isEqualTo(told.get(0));
        }
        if (kind.inGenerations()) {
            assertThat((long) told.get(3)).as(name + ": generations").isLessThanOrEqualTo(1);
        }
    }

    /** As a text that is greater where the position is. */
    private static String position(Kind kind, TableSnapshot snapshot) {
        String position = String.valueOf(snapshot.watermark());
        return "changed".equals(kind.watermark()) ? position : "0".repeat(20 - position.length()) + position;
    }

    private void equal(Kind kind, TableSnapshot snapshot, Connection duckdb) throws SQLException {
        List<List<String>> there = fromSource(SOURCE, kind.table());
        String rows = "(" + snapshot.scan() + ")";
        String live = kind.marks() ? rows + " WHERE _serai_deleted_at IS NULL" : rows;
        same(kind.table(), there, texts(Duck.rows(duckdb, "SELECT " + DATASET + " FROM " + live)));
        if (kind.marks()) {
            assertThat(Duck.rows(duckdb, "SELECT id FROM seen ANTI JOIN " + rows + " USING (id) LIMIT 20"))
                    .as(kind.table() + ": rows that are gone and not marked")
                    .isEmpty();
        }
        compared += there.size();
    }

    private void kernelReadsTheSame(Kind kind, TableSnapshot newest, Connection duckdb)
            throws SQLException, IOException {
        Path table =
                folder.resolve("lake").resolve(PROJECT).resolve(newest.table().dataset());
        String columns = DATASET + (kind.marks() ? ", epoch_us(_serai_deleted_at)::VARCHAR" : "");
        same(
                kind.table() + " by Delta Kernel",
                texts(Duck.rows(duckdb, "SELECT " + columns + " FROM (" + newest.scan() + ")")),
                texts(DeltaReader.rows(table)));
    }

    private static void run(Connection duckdb, String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<List<String>> fromSource(String columns, String from) throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + columns + " FROM " + from)) {
            List<List<@Nullable Object>> found = new ArrayList<>();
            while (row.next()) {
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                found.add(values);
            }
            return texts(found);
        }
    }

    private static List<List<String>> texts(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(LakeJudge::text).toList())
                .toList();
    }

    private static String text(@Nullable Object value) {
        return value == null
                ? "NULL"
                : value instanceof BigDecimal number ? "'" + number.toPlainString() + "'" : "'" + value + "'";
    }

    /** As bags. Says of each side the first rows that the other does not have. */
    private static void same(String name, List<List<String>> expected, List<List<String>> actual) {
        List<String> missing = without(expected, actual);
        List<String> more = without(actual, expected);
        assertThat(missing).as("%s: rows lost, of %s", name, expected.size()).isEmpty();
        assertThat(more).as("%s: rows too many, of %s", name, actual.size()).isEmpty();
    }

    private static List<String> without(List<List<String>> some, List<List<String>> others) {
        Map<List<String>, Integer> counts = new java.util.HashMap<>();
        others.forEach(row -> counts.merge(row, 1, Integer::sum));
        List<String> left = new ArrayList<>();
        for (List<String> row : some) {
            if (counts.merge(row, -1, Integer::sum) < 0 && left.size() < 20) {
                left.add(row.toString());
            }
        }
        Collections.sort(left);
        return left;
    }
}
