package dev.serai.lake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;
import dev.serai.rows.Column;
import dev.serai.rows.RowWarning;
import dev.serai.rows.TextSource;
import dev.serai.testing.DeltaReader;
import dev.serai.testing.Duck;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Documents keep their shape in a table, from version to version. */
class NestedColumnsTest {
    private static final AtomicInteger RUNS = new AtomicInteger();
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
    }

    private static TextSource documents(String... documents) {
        String lines = String.join("\n", documents).replace('\'', '"');
        return new TextSource(
                TextSource.Format.NDJSON, new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }

    private static CommitRequest request() {
        return new CommitRequest(
                "run_" + RUNS.incrementAndGet(), List.of(), null, null, rows -> {}, new Cancellation());
    }

    private CommitResult replace(String... documents) {
        return lake.replace(table, documents(documents), request());
    }

    private CommitResult merge(String... documents) {
        return lake.merge(table, documents(documents), request(), new Window(List.of("id"), null, null), NOW);
    }

    private List<String> types() {
        return lake.snapshot(table).orElseThrow().columns().stream()
                .map(column -> column.name() + " " + column.type().duckdb())
                .toList();
    }

    private List<String> rows() throws SQLException {
        String scan = lake.snapshot(table).orElseThrow().scan();
        return Duck.rows("SELECT to_json(r)::VARCHAR FROM (" + scan + ") r ORDER BY r.id").stream()
                .map(row -> String.valueOf(row.get(0)).replace('"', '\''))
                .toList();
    }

    @Test
    void keepTheirShapeInTheTableAndForOtherReaders() throws SQLException, IOException {
        replace(
                "{'id':1,'who':{'näme':'Žofie 🌻','born':{'year':1999}},'lines':[{'sku':'a','n':2},{'sku':'b','n':null}],'tags':[]}",
                "{'id':2,'who':null,'lines':[],'tags':['x',null]}",
                "{'id':3}");
        assertThat(types())
                .containsExactly(
                        "id BIGINT",
                        "who STRUCT(\"näme\" VARCHAR, \"born\" STRUCT(\"year\" BIGINT))",
                        "lines STRUCT(\"sku\" VARCHAR, \"n\" BIGINT)[]",
                        "tags VARCHAR[]");
        assertThat(rows())
                .containsExactly(
                        "{'id':1,'who':{'näme':'Žofie 🌻','born':{'year':1999}},'lines':[{'sku':'a','n':2},{'sku':'b','n':null}],'tags':[]}",
                        "{'id':2,'who':null,'lines':[],'tags':['x',null]}",
                        "{'id':3,'who':null,'lines':null,'tags':null}");
        assertThat(DeltaReader.rows(data.resolve("lake/default/dat_1")))
                .hasSize(3)
                .anySatisfy(row -> assertThat(row)
                        .containsExactly(
                                1L,
                                Map.of("näme", "Žofie 🌻", "born", Map.of("year", 1999L)),
                                List.of(Map.of("sku", "a", "n", 2L), withoutNumber()),
                                List.of()));
    }

    private static Map<String, @Nullable Object> withoutNumber() {
        Map<String, @Nullable Object> member = new LinkedHashMap<>();
        member.put("sku", "b");
        member.put("n", null);
        return member;
    }

    @Test
    void aReplacementOfTheSameShapeKeepsItsColumns() throws SQLException {
        replace("{'id':1,'a':{'b':[{'c':1}]}}");
        replace("{'id':1,'a':{'b':[{'c':2}]}}");
        assertThat(lake.history(table).toString()).doesNotContain("changed a");
        assertThat(rows()).containsExactly("{'id':1,'a':{'b':[{'c':2}]}}");
        replace("{'id':1,'a':{'b':[{'c':2,'d':'new'}]}}");
        assertThat(rows()).containsExactly("{'id':1,'a':{'b':[{'c':2,'d':'new'}]}}");
    }

    @Test
    void aMergeFillsWhatItsDocumentsDoNotHave() throws SQLException {
        replace("{'id':1,'a':{'x':1,'y':'t'}}", "{'id':2,'a':{'x':2,'y':null}}");
        CommitResult result =
                merge("{'id':2,'a':{'x':3}}", "{'id':3,'a':{'y':'only'}}", "{'id':1,'a':{'y':'t','x':1}}");
        assertThat(rows())
                .containsExactly(
                        "{'id':1,'a':{'x':1,'y':'t'}}",
                        "{'id':2,'a':{'x':3,'y':null}}",
                        "{'id':3,'a':{'x':null,'y':'only'}}");
        assertThat(result.rowsWritten()).as("an unchanged one is not written").isEqualTo(2);
    }

    @Test
    void aMergeOfAWiderShapeChangesNothingAndAsksForAll() throws SQLException {
        replace("{'id':1,'a':{'x':1}}");
        for (String wider : List.of(
                "{'id':1,'a':{'x':1,'z':2}}",
                "{'id':1,'a':{'x':'text'}}",
                "{'id':1,'a':[1]}",
                "{'id':1,'a':{'q':1}}",
                "{'id':1,'a':7}")) {
            assertThatThrownBy(() -> merge(wider))
                    .as(wider)
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure().code()).isEqualTo("schema_changed"));
        }
        assertThat(rows()).containsExactly("{'id':1,'a':{'x':1}}");
        assertThat(merge("{'id':1,'a':null}").rowsWritten()).isEqualTo(1);
    }

    @Test
    void whatIsTextInTheTableStaysText() throws SQLException {
        assertThat(replace("{'id':1,'a':{'x':1}}", "{'id':2,'a':'text'}", "{'id':3,'a':'more'}")
                        .warnings())
                .containsExactly(new RowWarning("a", "type_changed", 1));
        merge("{'id':2,'a':{'b':[1,2.50]}}");
        assertThat(types()).containsExactly("id BIGINT", "a VARCHAR");
        assertThat(Duck.rows(
                        "SELECT a FROM (" + lake.snapshot(table).orElseThrow().scan() + ") ORDER BY id"))
                .containsExactly(List.of("{\"x\":1}"), List.of("{\"b\":[1,2.5]}"), List.of("more"));
    }

    @Test
    void aNewNestedColumnIsAddedByAMerge() throws SQLException {
        replace("{'id':1}");
        merge("{'id':2,'a':{'x':[{'y':1}]}}");
        assertThat(rows()).containsExactly("{'id':1,'a':null}", "{'id':2,'a':{'x':[{'y':1}]}}");
        assertThat(lake.snapshot(table).orElseThrow().columns().stream().map(Column::name))
                .containsExactly("id", "a");
    }
}
