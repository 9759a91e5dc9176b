package dev.serai.connector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ModelNameTest {

    @ParameterizedTest
    @CsvSource({
        "public,orders",
        "'',orders",
        "Sales Dept,Big.Orders/2026",
        "a.b,c~41",
        "схема,таблица\uD83D\uDC2B",
        "'\"',%2F"
    })
    void anIdTellsTheModelItWasMadeOf(String schema, String name) {
        assertThat(ModelName.of(ModelIds.of(schema, name))).isEqualTo(new ModelName(schema, name));
    }

    @Test
    void whatIsNoIdIsSplitAtItsFirstDot() {
        assertThat(ModelName.of("sales dept.big.orders")).isEqualTo(new ModelName("sales dept", "big.orders"));
        assertThat(ModelName.of("a~zz")).isEqualTo(new ModelName("", "a~zz"));
        assertThat(ModelName.of("a~FF")).isEqualTo(new ModelName("", "a~FF"));
        assertThat(ModelName.of("big orders")).isEqualTo(new ModelName("", "big orders"));
    }
}
