package dev.serai.connector;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

import static org.assertj.core.api.Assertions.assertThat;

class ModelColumnsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BIGINT",
                "DECIMAL(10,2)",
                "VARCHAR[]",
                "DECIMAL(38,0)[][]",
                "STRUCT(\"a\" BIGINT, \"b, (c) \"\"d\"\"\" STRUCT(\"e\" DECIMAL(5,1), \"f\" VARCHAR[])[])",
                "STRUCT(\"ä\" TIMESTAMP WITH TIME ZONE)"
            })
    void readsWhatTypesAreWrittenAs(String text) {
        assertThat(ModelColumns.type(text).duckdb()).isEqualTo(text);
    }

    @Test
    void takesNamesWithoutQuotesAsDuckDbWritesThem() {
        assertThat(ModelColumns.type("struct(a INT, b_2 VARCHAR)"))
                .isEqualTo(LogicalType.struct(List.of(
                        new LogicalType.Member("a", LogicalType.of(Kind.INTEGER)),
                        new LogicalType.Member("b_2", LogicalType.of(Kind.VARCHAR)))));
    }

    @Test
    void whatIsNoTypeOfOursIsText() {
        assertThat(ModelColumns.type("STRUCT()").kind()).isEqualTo(Kind.VARCHAR);
        assertThat(ModelColumns.type("MAP(VARCHAR, BIGINT)").kind()).isEqualTo(Kind.VARCHAR);
    }
}
