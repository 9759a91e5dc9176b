package dev.serai.sync;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** JSON files on their way into datasets. */
class UploadedJsonTest extends UploadWorld {
    @Test
    void takesOneObjectALineAndKeepsBrokenLinesWithTheirNumbers() {
        JsonNode outcome = uploaded(
                """
                {"id":1,"name":"Ann","at":"2024-01-01"}
                {"id":2,"name":"Bob"
                not json
                [1,2]

                {"id":3,"id":4}
                {"id":5} {"id":6}
                {"id":7,"name":"\\ud800"}
                {"id":8,"name":"Jörg \\ud83d\\ude00","more":2.5}
                """);

        assertThat(outcome.path("status").asText()).as(outcome.toString()).isEqualTo("succeeded");
        assertThat(outcome.path("rows_written").asInt()).isEqualTo(2);
        assertThat(outcome.path("rows_rejected").asInt()).isEqualTo(6);
        assertThat(outcome.path("rows_read").asInt()).isEqualTo(8);
        assertThat(outcome.at("/warnings/0/detail").asText()).contains("utf-8").contains("JSON, one object a line");
        assertThat(query("SELECT id, name, more FROM " + name + " ORDER BY id")
                        .path("rows")
                        .toString())
                .isEqualTo("[[1,\"Ann\",null],[8,\"Jörg 😀\",2.5]]");
        assertThat(query("SELECT line, reason FROM " + name + "__rejects ORDER BY line")
                        .path("rows")
                        .toString())
                .isEqualTo("[[2,\"cut off\"],[3,\"not JSON\"],[4,\"not an object\"],[6,\"not JSON\"],"
                        + "[7,\"more than one object\"],[8,\"half of a surrogate pair\"]]");
        assertThat(query("SELECT raw FROM " + name + "__rejects WHERE line = 2")
                        .at("/rows/0/0")
                        .asText())
                .isEqualTo("{\"id\":2,\"name\":\"Bob\"");
    }

    @Test
    void takesArraysAndObjectsOverSeveralLines() {
        JsonNode array = uploaded("\uFEFF [\n {\"a\": 1,\n  \"b\": \"x\"},\n 7,\n {\"a\": 9007199254740993} ]\n");
        assertThat(array.path("rows_written").asInt()).as(array.toString()).isEqualTo(2);
        assertThat(array.path("rows_rejected").asInt()).isEqualTo(1);
        assertThat(rejects()).isEqualTo("[[4,\"not an object\",\"7\"]]");
        assertThat(query("SELECT a::VARCHAR FROM " + name + " ORDER BY a")
                        .path("rows")
                        .toString())
                .isEqualTo("[[\"1\"],[\"9007199254740993\"]]");

        assertThat(uploaded("{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n")
                        .path("rows_written")
                        .asInt())
                .isEqualTo(2);
        assertThat(uploaded("[]").at("/error/code").asText()).isEmpty();
        assertThat(query("SELECT count(*) FROM " + name).at("/rows/0/0").asInt())
                .as("an empty file empties")
                .isZero();
    }

    @Test
    void keepsTheShapeOfObjectsAndLists() {
        JsonNode outcome = uploaded(
                """
                {"id":1,"who":{"name":"Žofie 🌻","age":9007199254740993},"lines":[{"sku":"a","n":2},{"sku":"b"}]}
                {"id":2,"who":{"name":"x","age":18446744073709551615},"lines":[],"any":{"k":1}}
                {"id":3,"any":"text"}
                """);

        assertThat(outcome.path("rows_written").asInt()).as(outcome.toString()).isEqualTo(3);
        assertThat(outcome.path("warnings").toString()).contains("\"type_changed\",\"column\":\"any\",\"count\":1");
        JsonNode all = query("SELECT who, lines, \"any\" FROM " + name + " ORDER BY id");
        assertThat(all.at("/columns/0/type").asText()).startsWith("STRUCT(");
        assertThat(all.path("rows").toString())
                .isEqualTo("[[{\"name\":\"Žofie 🌻\",\"age\":\"9007199254740993\"},"
                        + "[{\"sku\":\"a\",\"n\":2},{\"sku\":\"b\",\"n\":null}],null],"
                        + "[{\"name\":\"x\",\"age\":\"18446744073709551615\"},[],\"{\\\"k\\\":1}\"],"
                        + "[null,null,\"text\"]]");
        assertThat(query("SELECT line.sku, line.n + 1 FROM " + name + ", unnest(lines) AS u(line) WHERE who.name <> 'x'"
                                + " ORDER BY 1")
                        .path("rows")
                        .toString())
                .isEqualTo("[[\"a\",3],[\"b\",null]]");
    }

    @Test
    void keepsNumbersAsTextThatNoTypeOfNumbersHolds() {
        JsonNode outcome = uploaded(
                """
                {"id":1,"a":1.5,"b":{"x":0.25},"c":[1.5],"d":2.5}
                {"id":2,"a":9007199254740993,"b":{"x":1e400},"c":[123456789012345678901234567890123456789012],"d":7}
                {"id":3,"e":{"no\\u0000name":1}}
                """);

        assertThat(outcome.path("rows_written").asInt()).as(outcome.toString()).isEqualTo(3);
        assertThat(outcome.path("warnings").findValuesAsText("column")).contains("a", "b", "c");
        assertThat(query("SELECT a, b.x, c[1], d, e FROM " + name + " ORDER BY id")
                        .path("rows")
                        .toString())
                .isEqualTo("[[\"1.5\",\"0.25\",\"1.5\",2.5,null],[\"9007199254740993\",\"1e400\","
                        + "\"123456789012345678901234567890123456789012\",7.0,null],"
                        + "[null,null,null,null,\"{\\\"no\\\\u0000name\\\":1}\"]]");
    }

    @Test
    void changesNoNumberOfAnArray() {
        uploaded("[{\"a\": 1.10, \"b\": 12345678901234567890, \"c\": \"1.10\"}]");
        assertThat(query("SELECT b::VARCHAR, c FROM " + name).path("rows").toString())
                .isEqualTo("[[\"12345678901234567890\",\"1.10\"]]");
    }

    @Test
    void refusesABrokenArrayWholeAndSaysWhere() throws Exception {
        byte[] broken = "[{\"a\":1},\n{\"a\":2},\n{\"a\":".getBytes(StandardCharsets.UTF_8);
        JsonNode problem = upload(broken).problem(422);
        assertThat(problem.path("code").asText()).isEqualTo("unreadable_file");
        assertThat(problem.path("detail").asText()).contains("line 3");
        assertThat(upload("[{\"a\":1}]\n[{\"a\":2}]".getBytes(StandardCharsets.UTF_8))
                        .problem(422)
                        .path("code")
                        .asText())
                .isEqualTo("unreadable_file");
        assertThat(filesLeft()).isZero();
    }

    @Test
    void appendsWhatTheTypesCanHoldAndElseNothing() {
        uploaded("{\"n\":1.5,\"t\":\"x\"}\n");
        assertThat(uploaded("{\"n\":2,\"t\":3}\n", "mode", "append")
                        .path("status")
                        .asText())
                .isEqualTo("succeeded");
        assertThat(rows("n")).isEqualTo("[[1.5,\"x\"],[2.0,\"3\"]]");
        JsonNode other = uploaded("{\"n\":\"many\"}\n", "mode", "append");
        assertThat(other.at("/error/code").asText()).isEqualTo("all_rejected");
        assertThat(rows("n")).isEqualTo("[[1.5,\"x\"],[2.0,\"3\"]]");
    }

    @Test
    void keepsAppendedObjectsThatDoNotFitWithTheirLines() {
        uploaded("{\"id\":1,\"ok\":true}\n");
        JsonNode outcome = uploaded(
                "{\"id\":2,\"ok\":false}\n\n{\"id\":\"x\"}\nbroken\n{\"id\":3.5}\n{\"ok\":7}\n{\"id\":null,\"more\":1}\n",
                "mode",
                "append");
        assertThat(outcome.path("rows_written").asInt()).as(outcome.toString()).isEqualTo(2);
        assertThat(outcome.path("rows_rejected").asInt()).isEqualTo(4);
        assertThat(rows("id NULLS LAST")).isEqualTo("[[1,true,null],[2,false,null],[null,null,1]]");
        assertThat(query("SELECT line, \"column\", reason FROM " + name + "__rejects ORDER BY line")
                        .path("rows")
                        .toString())
                .isEqualTo("[[3,\"id\",\"not a BIGINT\"],[4,null,\"not JSON\"],[5,\"id\",\"not a BIGINT\"],"
                        + "[6,\"ok\",\"not a BOOLEAN\"]]");

        uploaded("[{\"id\":4},\n\n {\"id\":\"y\"}, {\"id\":5}]", "mode", "append");
        assertThat(query("SELECT line, raw FROM " + name + "__rejects WHERE raw LIKE '%y%'")
                        .path("rows")
                        .toString())
                .isEqualTo("[[3,\"{\\\"id\\\":\\\"y\\\"}\"]]");
    }

    @Test
    void showsWhatIsInIt() {
        JsonNode preview = send(
                        ADMIN,
                        "/upload/preview",
                        "{\"id\":1,\"name\":\"Ann\"}\n".getBytes(StandardCharsets.UTF_16),
                        Map.of())
                .expect(200);
        assertThat(preview.path("format").asText()).isEqualTo("json");
        assertThat(preview.path("encoding").asText()).isEqualTo("utf-16");
        assertThat(preview.path("delimiter").isNull()).isTrue();
        assertThat(preview.path("columns").findValuesAsText("type")).containsExactly("BIGINT", "VARCHAR");
        assertThat(preview.path("rows").toString()).isEqualTo("[[\"1\",\"Ann\"]]");
    }
}
