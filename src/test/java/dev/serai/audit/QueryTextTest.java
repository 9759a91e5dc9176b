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
                "SELECT 'it''s' , 'open                         | SELECT ? , ?",
                "x WHERE path = 'C:\\' AND card = 'hunter2'      | x WHERE path = ? AND card = ?",
                "SELECT '\\' , 'topsecret' , name                | SELECT ? , ? , name",
                "SELECT name'a\\', 'hunter2'                     | SELECT name?, ?",
                "SELECT $t1$hunter2$t1$, $é$hunter2$é$, x       | SELECT ?, ?, x",
                "SELECT .4111111111111111, x WHERE y and.4111   | SELECT ?, x WHERE y and?",
                "SELECT 1..4111, 0b1010, 0o17                   | SELECT ??, ?, ?",
                "SELECT x, \"card hunter2                        | SELECT x, ?",
                "SELECT x, \"card hunter2\"\"                      | SELECT x, ?",
                "SELECT /* a /* b */ hunter2 */ x               | SELECT ?",
                "SELECT E'a\\'b', x FROM t                      | SELECT E?, x FROM t",
                "SELECT $$secret$$, $tag$ se'cret $tag$, $1     | SELECT ?, ?, $1",
                "SELECT $$never closed                          | SELECT ?",
                "SELECT 1.5e-3, 0xFF, 1_000, .5 FROM t          | SELECT ?, ?, ?, ? FROM t",
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select a where path = 'C:\\' and card = 'hunter2' | select a where path = ?",
                "select 'it\\'s hunter2', x                        | select ?",
                "select '\\' , 'topsecret' , name                  | select ?",
                "{\"find\": \"a\\\"hunter2\"}                          | {?: ?",
                "find \\'hunter2                                   | find ?",
                "find \"hunter2                                    | find ?",
                "select 'a\\b', x                                  | select ?, x",
            })
    void keepsNothingWhereAQuoteMayBeEscaped(String query, String kept) {
        assertThat(QueryText.ofSource(query)).isEqualTo(kept);
    }

    @Test
    void isBoundedAndQuickWhateverComes() {
        assertThat(QueryText.ofSql("x".repeat(1_000_000))).hasSize(2000);
        for (String hard : new String[] {"'", "''", "\"", "$", "$$", "/*", "\\'", "$a$", "1", "0x", "-", "\uD800"}) {
            assertThat(QueryText.ofSql(hard.repeat(100_000))).hasSizeLessThanOrEqualTo(2000);
        }
    }
}
