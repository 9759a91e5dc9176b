package dev.serai.audit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class QueryTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT a1, \"Q 7\" FROM t2 WHERE name = 'O''Brien' AND id > 42 | SELECT a1, \"Q 7\" FROM t2 WHERE name = ? AND id > ?",
                "SELECT 'it\\'s' , 'open                        | SELECT ? , ?",
                "SELECT E'a\\'b', x FROM t                      | SELECT E?, x FROM t",
                "SELECT $$secret$$, $tag$ se'cret $tag$, $1     | SELECT ?, ?, $1",
                "SELECT $$never closed                          | SELECT ?",
                "SELECT 1.5e-3, 0xFF, 1_000, .5 FROM t          | SELECT ?, ?, ?, .5 FROM t",
                "SELECT 1 -- password is hunter2                | SELECT ? ?",
                "SELECT /* hunter2 */ x, /* open                | SELECT ? x, ?",
                "SELECT -7 FROM t2024                           | SELECT -? FROM t2024",
                "SELECT \"a\"\"'b\", 'c' FROM t                 | SELECT \"a\"\"'b\", ? FROM t",
            })
    void keepsTheWordsOfSqlAndNotWhatItLooksFor(String sql, String kept) {
        assertThat(QueryText.ofSql(sql)).isEqualTo(kept);
    }

    @Test
    void takesDoubleQuotesOfOtherLanguagesForTexts() {
        assertThat(QueryText.ofSource("{\"find\": \"people\", \"card\": 4111}")).isEqualTo("{?: ?, ?: ?}");
        assertThat(QueryText.ofSource("open orders")).isEqualTo("open orders");
    }

    @Test
    void isBoundedAndQuickWhateverComes() {
        assertThat(QueryText.ofSql("x".repeat(1_000_000))).hasSize(2000);
        for (String hard : new String[] {"'", "''", "\"", "$", "$$", "/*", "\\'", "$a$", "1", "0x", "-", "\uD800"}) {
            assertThat(QueryText.ofSql(hard.repeat(100_000))).hasSizeLessThanOrEqualTo(2000);
        }
    }
}
