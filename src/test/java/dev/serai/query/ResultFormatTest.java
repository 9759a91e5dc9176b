package dev.serai.query;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class ResultFormatTest {
    @TempDir
    static Path folder;

    static QueryBench bench;

    @BeforeAll
    static void start() {
        bench = new QueryBench(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("true", "BOOLEAN", "true", "true"),
                arguments("(-128)::TINYINT", "TINYINT", "-128", "-128"),
                arguments("255::UTINYINT", "UTINYINT", "255", "255"),
                arguments("65535::USMALLINT", "USMALLINT", "65535", "65535"),
                arguments("4294967295::UINTEGER", "UINTEGER", "4294967295", "4294967295"),
                arguments("9007199254740992", "BIGINT", "9007199254740992", "9007199254740992"),
                arguments("9007199254740993", "BIGINT", "\"9007199254740993\"", "9007199254740993"),
                arguments("-9007199254740993", "BIGINT", "\"-9007199254740993\"", "-9007199254740993"),
                arguments(
                        "18446744073709551615::UBIGINT", "UBIGINT", "\"18446744073709551615\"", "18446744073709551615"),
                arguments("7::UBIGINT", "UBIGINT", "7", "7"),
                arguments(
                        "170141183460469231731687303715884105727::HUGEINT",
                        "HUGEINT",
                        "\"170141183460469231731687303715884105727\"",
                        "170141183460469231731687303715884105727"),
                arguments(
                        "340282366920938463463374607431768211455::UHUGEINT",
                        "UHUGEINT",
                        "\"340282366920938463463374607431768211455\"",
                        "340282366920938463463374607431768211455"),
                arguments("0.10::DECIMAL(4,2)", "DECIMAL(4,2)", "\"0.10\"", "0.10"),
                arguments("-1e-10::DECIMAL(38,10)", "DECIMAL(38,10)", "\"-0.0000000001\"", "-0.0000000001"),
                arguments("0.1::FLOAT", "FLOAT", "0.1", "0.1"),
                arguments("1e300::DOUBLE", "DOUBLE", "1.0E300", "1.0E300"),
                arguments("'nan'::DOUBLE", "DOUBLE", "\"NaN\"", "NaN"),
                arguments("'-inf'::FLOAT", "FLOAT", "\"-Infinity\"", "-Infinity"),
                arguments(
                        "'Grüße 🐪 \"x\"' || chr(10) || chr(1)",
                        "VARCHAR",
                        "\"Grüße 🐪 \\\"x\\\"\\n\\u0001\"",
                        "\"Grüße 🐪 \"\"x\"\"\n\u0001\""),
                arguments("''", "VARCHAR", "\"\"", "\"\""),
                arguments("'=1+1'", "VARCHAR", "\"=1+1\"", "=1+1"),
                arguments("'\\x00\\xFF'::BLOB", "BLOB", "\"AP8=\"", "AP8="),
                arguments("DATE '2026-11-23'", "DATE", "\"2026-11-23\"", "2026-11-23"),
                arguments("DATE '0044-03-15 (BC)'", "DATE", "\"-0043-03-15\"", "-0043-03-15"),
                arguments("'-infinity'::DATE", "DATE", "\"-infinity\"", "-infinity"),
                arguments(
                        "TIMESTAMP '2026-11-23 01:02:03'",
                        "TIMESTAMP",
                        "\"2026-11-23T01:02:03\"",
                        "2026-11-23T01:02:03"),
                arguments(
                        "TIMESTAMP '1969-12-31 23:59:59.999999'",
                        "TIMESTAMP",
                        "\"1969-12-31T23:59:59.999999\"",
                        "1969-12-31T23:59:59.999999"),
                arguments(
                        "TIMESTAMPTZ '2026-11-23 01:02:03.5+02'",
                        "TIMESTAMP WITH TIME ZONE",
                        "\"2026-11-22T23:02:03.500Z\"",
                        "2026-11-22T23:02:03.500Z"),
                arguments("'infinity'::TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", "\"infinity\"", "infinity"),
                arguments(
                        "'2026-01-01'::TIMESTAMP_NS", "TIMESTAMP_NS", "\"2026-01-01T00:00:00\"", "2026-01-01T00:00:00"),
                arguments("TIME '24:00:00'", "TIME", "\"24:00:00\"", "24:00:00"),
                arguments("'12:00:00+02'::TIMETZ", "TIME WITH TIME ZONE", "\"12:00:00+02\"", "12:00:00+02"),
                arguments("INTERVAL '14 months 3 days 4.5 seconds'", "INTERVAL", "\"P14M3DT4.5S\"", "P14M3DT4.5S"),
                arguments(
                        "uuid '00000000-0000-0000-0000-00000000000a'",
                        "UUID",
                        "\"00000000-0000-0000-0000-00000000000a\"",
                        "00000000-0000-0000-0000-00000000000a"),
                arguments("'b'::ENUM('a','b')", "ENUM", "\"b\"", "b"),
                arguments("'101'::BIT", "BIT", "\"101\"", "101"),
                arguments(
                        "'{\"a\": [1, 12345678901234567890]}'::JSON",
                        "JSON",
                        "\"{\\\"a\\\": [1, 12345678901234567890]}\"",
                        "\"{\"\"a\"\": [1, 12345678901234567890]}\""),
                arguments(
                        "[1, NULL, 9007199254740993]",
                        "BIGINT[]",
                        "[1,null,\"9007199254740993\"]",
                        "\"[1,null,\"\"9007199254740993\"\"]\""),
                arguments(
                        "[1.5, 2]::DECIMAL(3,1)[2]",
                        "DECIMAL(3,1)[2]",
                        "[\"1.5\",\"2.0\"]",
                        "\"[\"\"1.5\"\",\"\"2.0\"\"]\""),
                arguments(
                        "{'a': DATE '2026-01-01', 'b': [NULL, 'x']}",
                        "STRUCT(a DATE, b VARCHAR[])",
                        "{\"a\":\"2026-01-01\",\"b\":[null,\"x\"]}",
                        "\"{\"\"a\"\":\"\"2026-01-01\"\",\"\"b\"\":[null,\"\"x\"\"]}\""),
                arguments("MAP {'k\"1': 1, 'k2': NULL}", "MAP(VARCHAR, INTEGER)", "{\"k\\\"1\":1,\"k2\":null}", null),
                arguments("MAP {1: 'a'}", "MAP(INTEGER, VARCHAR)", "{\"1\":\"a\"}", null),
                arguments("['a', 'b']::ENUM('a','b')[]", "ENUM('a', 'b')[]", "[\"a\",\"b\"]", null),
                arguments("NULL", "NULL", "null", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void writesEveryTypeByItsRule(String sql, String type, String json, String csv) throws Exception {
        String answer = bench.text("SELECT " + sql + " AS x", ResultFormat.JSON);
        assertThat(answer)
                .isEqualToIgnoringWhitespace(
                        "{\"columns\":[{\"name\":\"x\",\"type\":" + QueryBench.JSON.writeValueAsString(type)
                                + "}],\"rows\":[[" + json + "]],\"truncated\":false}");
        assertThat(bench.text("SELECT " + sql + " AS x", ResultFormat.NDJSON)).isEqualTo("{\"x\":" + json + "}\n");
        if (csv != null) {
            assertThat(bench.text("SELECT " + sql + " AS x", ResultFormat.CSV)).isEqualTo("x\r\n" + csv + "\r\n");
        }
    }

    @Test
    void writesAllOfDuckDbsTypesAsValidJson() throws Exception {
        // test_all_types() cannot be called by a query; its values come as a table of Parquet where it can hold them.
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var types = statement.executeQuery("SELECT * FROM test_all_types() LIMIT 0")) {
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= types.getMetaData().getColumnCount(); i++) {
                String type = types.getMetaData().getColumnTypeName(i);
                if (!type.matches(".*(UNION|BIGNUM|GEOMETRY|TUPLE|VARIANT|STRUCT$).*")
                        && !types.getMetaData().getColumnName(i).equals("empty_struct")) {
                    columns.add('"' + types.getMetaData().getColumnName(i) + '"');
                }
            }
            assertThat(columns).hasSizeGreaterThan(40);
            bench.table("everything", "SELECT " + String.join(", ", columns) + " FROM test_all_types()");
            JsonNode answer = bench.json("SELECT * FROM everything");
            assertThat(answer.get("rows")).hasSize(3);
            assertThat(answer.get("rows").get(2).get(0).isNull()).isTrue();
            assertThat(bench.text("SELECT * FROM everything", ResultFormat.NDJSON)
                            .split("\n"))
                    .allSatisfy(line -> QueryBench.JSON.readTree(line));
        }
    }

    @Test
    void keepsColumnsOfTheSameName() throws Exception {
        String sql = "SELECT 1 AS id, 2 AS id, 3 AS id_2, 4 AS \"a\"\"b\"";
        assertThat(bench.text(sql, ResultFormat.NDJSON)).isEqualTo("{\"id\":1,\"id_3\":2,\"id_2\":3,\"a\\\"b\":4}\n");
        assertThat(bench.json(sql).findValuesAsText("name")).containsExactly("id", "id", "id_2", "a\"b");
        assertThat(bench.text(sql, ResultFormat.CSV)).isEqualTo("id,id,id_2,\"a\"\"b\"\r\n1,2,3,4\r\n");
        assertThat(arrowNames(sql)).containsExactly("id", "id", "id_2", "a\"b");
    }

    private static List<String> arrowNames(String sql) throws Exception {
        try (ResultStream stream = bench.open(sql, ResultFormat.ARROW, 10);
                RootAllocator memory = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(stream, memory)) {
            return reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(Field::getName)
                    .toList();
        }
    }

    @Test
    void writesArrowThatAnArrowReaderReads() throws Exception {
        byte[] bytes;
        try (ResultStream stream = bench.open(
                "SELECT range AS id, 'n' || range AS name, 'b'::ENUM('a', 'b') AS e FROM range(5000)",
                ResultFormat.ARROW,
                4500)) {
            bytes = stream.readAllBytes();
        }
        long rows = 0;
        try (RootAllocator memory = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes), memory)) {
            while (reader.loadNextBatch()) {
                var vectors = reader.getVectorSchemaRoot();
                for (int row = 0; row < vectors.getRowCount(); row++) {
                    assertThat(vectors.getVector("name").getObject(row)).hasToString("n" + (rows + row));
                }
                rows += vectors.getRowCount();
            }
        }
        assertThat(rows).isEqualTo(4500);
    }

    @Test
    void tellsNullFromEmptyTextInCsv() {
        assertThat(bench.text(
                        "SELECT NULL AS a, '' AS b, 'x,y' AS c, 'l1' || chr(13) || chr(10) AS d", ResultFormat.CSV))
                .isEqualTo("a,b,c,d\r\n,\"\",\"x,y\",\"l1\r\n\"\r\n");
    }

    @Test
    void writesTextOfAnyLength() {
        String text = bench.text("SELECT repeat('ä\"', 300000) AS x", ResultFormat.NDJSON);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(6 + 300000 * 4 + 3);
    }
}
