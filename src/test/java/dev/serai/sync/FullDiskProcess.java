package dev.serai.sync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.CommitRequest;
import dev.serai.lake.Lake;
import dev.serai.lake.PausingFiles;
import dev.serai.lake.TableId;
import dev.serai.lake.Window;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.RecordSource;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;
import dev.serai.testing.Duck;
import dev.serai.testing.Settings;

/** A process that has a small disk of its own and fills it; it prints what came of that, a line for each case. */
final class FullDiskProcess {
    private static final TableId TABLE = new TableId("default", "dat_1");
    private static final long LARGE = 1_000_000;
    private static final long SPILLING = 400_000;
    private static final Random RANDOM = new Random(7);

    private final Path small;
    private final Path large;
    private int runs;

    private FullDiskProcess(Path small, Path large) {
        this.small = small;
        this.large = large;
    }

    /** @param arguments a folder on a small disk, and one on another */
    public static void main(String[] arguments) throws Exception {
        FullDiskProcess process = new FullDiskProcess(Path.of(arguments[0]), Path.of(arguments[1]));
        process.lake();
        process.commit();
        process.spill();
        System.exit(0);
    }

    private void lake() throws Exception {
        Path lakeDir = small.resolve("lake");
        try (Lake lake = new Lake(settings(large.resolve("data"), lakeDir))) {
            replace(lake, numbers(10, "old"));
            tell("rows", lake, () -> replace(lake, numbers(LARGE, "new")));
            tell("text", lake, () -> replace(lake, text()));
            Path ballast = fill();
            tell("no room at all", lake, () -> replace(lake, numbers(10, "new")));
            Files.delete(ballast);
            recovers(lake, "lake");
        }
    }

    private void commit() throws Exception {
        Path lakeDir = small.resolve("lake");
        Path[] ballast = new Path[1];
        boolean[] filling = {true};
        try (Lake lake = PausingFiles.lake(
                settings(large.resolve("data"), lakeDir),
                () -> ballast[0] = filling[0] ? fill() : ballast[0],
                () -> {})) {
            filling[0] = false;
            lake.drop(TABLE);
            replace(lake, numbers(10, "old"));
            filling[0] = true;
            tell("commit", lake, () -> replace(lake, numbers(10, "new")));
            filling[0] = false;
            Files.delete(ballast[0]);
            recovers(lake, "commit");
            lake.drop(TABLE);
        }
    }

    /** Rows are merged in less memory than they take, so DuckDB puts them into its own folder. */
    private void spill() throws Exception {
        var settings = Settings.of(Map.of(
                "serai.data-dir",
                small.resolve("data").toString(),
                "serai.lake-uri",
                large.resolve("spilling").toString(),
                "serai.sync.memory",
                "140MB"));
        try (Lake lake = new Lake(settings)) {
            merge(lake, numbers(10, "old"));
            Path ballast = fill();
            tell("spill", lake, () -> merge(lake, numbers(SPILLING, "new")));
            Files.delete(ballast);
            merge(lake, numbers(SPILLING, "next"));
            print("spill then: " + rows(lake));
        }
    }

    private static dev.serai.settings.SeraiSettings settings(Path dataDir, Path lakeDir) {
        return Settings.of(Map.of("serai.data-dir", dataDir.toString(), "serai.lake-uri", lakeDir.toString()));
    }

    private void tell(String what, Lake lake, Supplier<Object> write) throws Exception {
        List<String> before = files(lake);
        String came;
        try {
            write.get();
            came = "nothing";
        } catch (FailureException e) {
            Failure failure = e.failure();
            came = failure.code() + " " + failure.retryable();
        } catch (RuntimeException e) {
            came = String.valueOf(e);
        }
        String left = files(lake).equals(before) ? "nothing left" : "left " + files(lake);
        print(what + ": " + came + ", " + rows(lake) + ", " + left);
    }

    private void recovers(Lake lake, String what) throws Exception {
        merge(lake, numbers(20, "next"));
        print(what + " then: " + rows(lake));
    }

    private static String rows(Lake lake) throws Exception {
        return String.valueOf(Duck.rows("select version, count(*) from ("
                + lake.snapshot(TABLE).orElseThrow().scan() + ") group by version order by version"));
    }

    private static List<String> files(Lake lake) throws IOException {
        Path table = lake.snapshot(TABLE).orElseThrow().files().get(0).path().getParent();
        try (Stream<Path> files = Files.walk(table)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private Object replace(Lake lake, RowSource rows) {
        return lake.replace(TABLE, rows, request());
    }

    private Object merge(Lake lake, RowSource rows) {
        return lake.merge(TABLE, rows, request(), new Window(List.of("n"), null, null), Instant.now());
    }

    private CommitRequest request() {
        runs++;
        return new CommitRequest("run_" + runs, null, count -> {}, new Cancellation());
    }

    private static RecordSource numbers(long count, String version) {
        Iterator<@Nullable Object[]> rows = LongStream.range(0, count)
                .mapToObj(n -> new @Nullable Object[] {n, version, noise()})
                .iterator();
        return new RecordSource(
                List.of(
                        Column.of("n", LogicalType.of(Kind.BIGINT)),
                        Column.of("version", LogicalType.of(Kind.VARCHAR)),
                        Column.of("noise", LogicalType.of(Kind.VARCHAR))),
                rows,
                () -> {});
    }

    /** What does not get smaller by being packed. */
    private static String noise() {
        byte[] bytes = new byte[90];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static TextSource text() {
        StringBuilder lines = new StringBuilder();
        for (int n = 0; n < LARGE; n++) {
            lines.append("{\"n\":")
                    .append(n)
                    .append(",\"version\":\"text\",\"noise\":\"")
                    .append(noise())
                    .append("\"}\n");
        }
        return new TextSource(
                TextSource.Format.NDJSON,
                new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Takes all the room that the small disk has left. */
    private Path fill() {
        Path ballast = small.resolve("ballast");
        byte[] bytes = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No space left")) {
                return ballast;
            }
            throw new UncheckedIOException(e);
        }
    }

    private static void print(String line) throws IOException {
        System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
