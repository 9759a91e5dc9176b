package dev.serai.upload;

import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.FailureException;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.RowScan;
import dev.serai.rows.file.CsvDialect;
import dev.serai.rows.file.FileSource;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is read of texts of separated values, and what is set aside of them: from the bytes to the rows, without a server. */
class DialectsTest {
    private static final CsvDialect UNKNOWN = CsvDialect.UNKNOWN;

    @TempDir
    Path data;

    /** What was read of a file. */
    private record Read(String columns, String rows, String rejected, long lines, String words) {}

    private Read read(String text) throws Exception {
        return read(text.getBytes(StandardCharsets.UTF_8), UNKNOWN, List.of());
    }

    private Read read(String text, CsvDialect dialect, Column... columns) throws Exception {
        return read(text.getBytes(StandardCharsets.UTF_8), dialect, List.of(columns));
    }

    private Read read(byte[] bytes, CsvDialect dialect, List<Column> columns) throws Exception {
        try (UploadFolder folder = new UploadFolder(Settings.of(Map.of("serai.data-dir", data.toString())));
                UploadedFile file = folder.next();
                Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            file.receive(new ByteArrayInputStream(bytes));
            UploadedText text =
                    file.text(new UploadOptions(dialect, columns, null, null, null), Long.MAX_VALUE, rows -> {});
            var rejected = new ArrayList<String>();
            var lines = new AtomicLong();
            var words = new StringBuilder();
            FileSource source = new FileSource(text.file(), text.layout(), List.of(), true, (rows, count, said) -> {
                lines.set(count);
                words.append(text.encoding()).append(' ').append(said);
                rejected.add(all(statement, "SELECT line, reason, raw FROM read_parquet('" + rows.file() + "')"));
            });
            try (RowScan scan = source.scan(duckdb, file.folder())) {
                String found = all(statement, "SELECT * FROM " + scan.relation());
                scan.read(1);
                String its = scan.columns().stream()
                        .map(column -> column.name() + " " + column.type().duckdb())
                        .collect(Collectors.joining(", "));
                return new Read(its, found, rejected.get(0), lines.get(), words.toString());
            }
        }
    }

    private static String all(Statement statement, String sql) {
        try (ResultSet row = statement.executeQuery(sql)) {
            var lines = new ArrayList<String>();
            while (row.next()) {
                var values = new ArrayList<String>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                lines.add(String.join("|", values.stream().map(String::valueOf).toList()));
            }
            return String.join(" / ", lines);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CsvDialect dialect(String delimiter, Integer skip, String nullText, String decimal) {
        return new CsvDialect(delimiter, null, null, null, skip, nullText, decimal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Report of sales\nmade on Monday\n\nid,name,price\n1,Ann,1.5\n2,Bob,2\n",
                "Report of sales;;\n;;\nid;name;price\n1;Ann;1.5\n2;Bob;2\n",
                "\uFEFFReport\r\nid\tname\tprice\r\n1\tAnn\t1.5\r\n2\tBob\t2\r\n"
            })
    void passesOverTitlesAboveTheHeader(String text) throws Exception {
        Read read = read(text);
        assertThat(read.columns()).isEqualTo("id BIGINT, name VARCHAR, price DOUBLE");
        assertThat(read.rows()).isEqualTo("1|Ann|1.5 / 2|Bob|2.0");
        assertThat(read.lines()).isZero();
        assertThat(read.words()).contains("lines skipped at the start: ");
    }

    @Test
    void takesNoRowOfValuesForATitle() throws Exception {
        assertThat(read("4,5\n1,2,3\n2,3,4\n").words()).doesNotContain("skipped");
        assertThat(read("5,\n6,x\n7,y\n").rows()).isEqualTo("5|null / 6|x / 7|y");
        assertThat(read("name\nAnn\nBob\n").rows()).isEqualTo("Ann / Bob");
    }

    @Test
    void countsTheLinesOfRejectedRowsFromTheFilesStart() throws Exception {
        Read read = read("Report\n\nid,name\n1,\"a\nb\"\n2\n3,c\n4,d\n5,e\n6,f\n7,g\n8,h\n");
        assertThat(read.rejected()).isEqualTo("6|missing columns|2");
        Read typed = read(
                "Report\n\nid,name\n1,\"a\nb\"\n2\nx,c\n4,d\n",
                dialect(",", 2, null, null),
                Column.of("id", LogicalType.of(LogicalType.Kind.BIGINT)),
                Column.of("name", LogicalType.of(LogicalType.Kind.VARCHAR)));
        assertThat(typed.rejected()).isEqualTo("6|missing columns|2 / 7|not a BIGINT|x,c");
        assertThat(typed.rows()).isEqualTo("1|a\nb / 4|d");
    }

    @Test
    void readsAsItIsTold() throws Exception {
        Read read = read("junk\nmore\nA;1,5;NA\nB;-2;\n", new CsvDialect(";", null, null, false, 2, "NA", ","));
        assertThat(read.columns()).isEqualTo("column0 VARCHAR, column1 DOUBLE, column2 VARCHAR");
        assertThat(read.rows()).isEqualTo("A|1.5|null / B|-2.0|null");
        assertThat(read("a,b\n1,'x,y'\n", new CsvDialect(",", "'", null, null, null, null, null))
                        .rows())
                .isEqualTo("1|x,y");
        assertThat(read("a,b\n1,\"x \\\" , y\"\n", new CsvDialect(",", "\"", "\\", true, null, null, null))
                        .rows())
                .isEqualTo("1|x \" , y");
        assertThat(read("a b\n1,5\n2,6\n", dialect("|", null, null, null)).rows())
                .isEqualTo("1,5 / 2,6");
    }

    @Test
    void keepsNumbersWithACommaAsTextUnlessItIsTold() throws Exception {
        assertThat(read("a;b\n1,5;x\n").columns()).isEqualTo("a VARCHAR, b VARCHAR");
        assertThat(read("a;b\n1,5;x\n1.234,5;y\n", dialect(";", null, null, ","))
                        .columns())
                .isEqualTo("a VARCHAR, b VARCHAR");
    }

    @Test
    void takesTheColumnsThatItIsToldAndSetsAsideWhatIsNotOfTheirTypes() throws Exception {
        Column id = Column.of("key", LogicalType.of(LogicalType.Kind.BIGINT));
        Column text = Column.of("zip", LogicalType.of(LogicalType.Kind.VARCHAR));
        Read read = read("id,plz\n1,123\nx,456\n,789\n", UNKNOWN, id, text);
        assertThat(read.columns()).isEqualTo("key BIGINT, zip VARCHAR");
        assertThat(read.rows()).isEqualTo("1|123 / null|789");
        assertThat(read.rejected()).isEqualTo("3|not a BIGINT|x,456");
        assertThatThrownBy(() -> read("id,plz\n1,2\n", UNKNOWN, id))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(String.valueOf(e.failure()))
                        .contains("as many as the file has"));
    }

    @Test
    void keepsThousandsOfLinesThatDoNotFit() throws Exception {
        String text = IntStream.range(0, 20_000)
                .mapToObj(i -> i % 2 == 0 ? i + ",x\n" : i + "\n")
                .collect(Collectors.joining("", "id,v\n", ""));
        Read read = read(text);
        assertThat(read.lines()).isEqualTo(10_000);
        List<String> rejected = List.of(read.rejected().split(" / "));
        assertThat(rejected)
                .startsWith("3|missing columns|1", "5|missing columns|3")
                .hasSize(10_000);
        assertThat(rejected).endsWith("20001|missing columns|19999");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,v\n0,x\n1\n2,x\n4,5,6\n",
                "\uFEFFid,v\r\n0,x\r\n1\r\n2,x\r\n4,5,6\r\n",
                "id,v\r0,x\r1\r2,x\r4,5,6"
            })
    void tellsTheLineOfARowAsShortAsItMayBe(String text) throws Exception {
        Read read = read(text, new CsvDialect(",", null, null, true, 0, null, null));
        assertThat(read.rows()).isEqualTo("0|x / 2|x");
        assertThat(read.rejected()).isEqualTo("3|missing columns|1 / 5|too many columns|4,5,6");
    }

    @Test
    void losesNoLineBehindAQuoteThatIsNeverClosed() throws Exception {
        Read read = read("id,v\n1,a\n2,\"open\n3,c\n4,d\n");
        assertThat(read.rows()).startsWith("1|a");
        assertThat(read.rejected()).contains("open").contains("4,d");
        assertThat(read.lines()).isPositive();
    }

    @Test
    void readsEachOfMixedLineEnds() throws Exception {
        Read read = read("a,b\r\n1,\"x\r\ny\"\n3,4\r5,6\r\n");
        assertThat(read.rows()).isEqualTo("1|x\r\ny / 3|4 / 5|6");
        assertThat(read.lines()).isZero();
    }

    @Test
    void givesEachColumnANameOfItsOwn() throws Exception {
        assertThat(read("a,A,,a\nx,y,z,w\n").columns().toLowerCase(Locale.ROOT).split(", "))
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-16", "ISO-8859-1", "windows-1252"})
    void readsEncodings(String encoding) throws Exception {
        String sign = encoding.equals("ISO-8859-1") ? "ø" : "€";
        Read read = read(("größe,name\n1,Jörg " + sign + "\n").getBytes(Charset.forName(encoding)), UNKNOWN, List.of());
        assertThat(read.columns()).isEqualTo("größe BIGINT, name VARCHAR");
        assertThat(read.rows()).isEqualTo("1|Jörg " + sign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void takesNoMarkForAPartOfAName(String encoding) throws Exception {
        Read read = read("\uFEFFid,v\n1,x\n".getBytes(Charset.forName(encoding)), UNKNOWN, List.of());
        assertThat(read.columns()).isEqualTo("id BIGINT, v VARCHAR");
    }

    @Test
    void readsHeadersWithoutRowsAndNothing() throws Exception {
        assertThat(read("a,b\n").columns()).isEqualTo("a VARCHAR, b VARCHAR");
        assertThat(read("a,b\n").rows()).isEmpty();
        assertThat(read("").columns()).isEmpty();
        assertThat(read("a,b\n1,x\0y\n").rows()).isEqualTo("1|x\0y");
    }
}
