package dev.serai.catalog;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaPatternsTest {
    @ParameterizedTest
    @CsvSource({
        "'^[a-z]+$', 'abc', true",
        "'^[a-z]+$', 'abc\n', false",
        "'^[a-z]+$', 'abc\r\n', false",
        "'^[a-z]+$', 'abc\u0085', false",
        "'^([a-z]+$|[0-9]+$)', '12\n', false",
        "'^([a-z]+$|[0-9]+$)', '12', true",
        "'^[$a]+$', '$a$', true",
        "'^[\\]$]+$', ']$', true",
        "'^\\$$', '$', true",
        "'^\\$$', '$\n', false",
        "'^\\\\$', '\\', true",
        "'b', 'abc', true",
        "'^[^x]+$', 'a\n', true",
    })
    void endsWhereTheTextEnds(String pattern, String text, boolean matches) {
        String given = text.replace("\\n", "\n");
        assertThat(new SchemaPatterns().getRegularExpression(pattern).matches(given))
                .isEqualTo(matches);
    }
}
