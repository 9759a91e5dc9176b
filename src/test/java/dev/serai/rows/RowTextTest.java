package dev.serai.rows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import dev.serai.rows.LogicalType.Kind;
import dev.serai.testing.TestLake;

import static org.assertj.core.api.Assertions.assertThat;

class RowTextTest {
    private static final SpillFolder SPOOL = TestLake.spool();

    private static String ndjson(RowSource rows) throws IOException {
        try (InputStream text = RowText.ndjson(rows, SPOOL)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static TextSource text(TextSource.Format format, String text) {
        return new TextSource(format, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void writesAnyRowsAsOneObjectALine() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        List<Column> columns =
                List.of(Column.of("id", LogicalType.of(Kind.BIGINT)), Column.of("name", LogicalType.of(Kind.VARCHAR)));
        List<Object[]> rows = Arrays.asList(new Object[] {1L, "a\n"}, new Object[] {2L, null});

        String text = ndjson(new RecordSource(columns, rows.iterator(), () -> closed.set(true)));

        assertThat(text).isEqualTo("{\"id\":1,\"name\":\"a\\n\"}\n{\"id\":2,\"name\":null}\n");
        assertThat(closed).isTrue();
    }

    @Test
    void readsCsvAndArraysToo() throws IOException {
        assertThat(ndjson(text(TextSource.Format.CSV, "a,b\n1,x\n"))).isEqualTo("{\"a\":1,\"b\":\"x\"}\n");
        assertThat(ndjson(text(TextSource.Format.JSON_ARRAY, "[{\"a\":1}]"))).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void leavesNdjsonAsItIs() throws IOException {
        assertThat(ndjson(text(TextSource.Format.NDJSON, "{\"a\":1.10}\n"))).isEqualTo("{\"a\":1.10}\n");
        assertThat(ndjson(new TextSource(TextSource.Format.NDJSON, null))).isEmpty();
    }

    @Test
    void findsTheColumnsOfASample() {
        assertThat(RowColumns.of(text(TextSource.Format.CSV, "id,at\n1,2026-01-01 10:00:00\n"), SPOOL))
                .extracting(Column::name)
                .containsExactly("id", "at");
    }
}
