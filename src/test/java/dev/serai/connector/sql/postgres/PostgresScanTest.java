package dev.serai.connector.sql.postgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.connector.sql.Failures;
import dev.serai.failure.Failure;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresScanTest {

    @Test
    void translatesParametersAndOperatorsButNothingInQuotesOrComments() {
        PostgresScan scan = PostgresScan.of(
                "SELECT $1, 'a $2 ?', \"b$3?\", $$ $4 ? $$, $x$ $5; $x$, E'\\' $6', c$7, j ? $12 -- $8 ?\n /* $9 ; */");

        assertThat(scan.parameters()).containsExactly(1, 12);
        assertThat(scan.jdbc())
                .isEqualTo("SELECT ?, 'a $2 ?', \"b$3?\", $$ $4 ? $$, $x$ $5; $x$, E'\\' $6', c$7, j ?? ? -- $8 ?\n"
                        + " /* $9 ; */");
        assertThat(scan.more()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1", " select 1 ; ", "/* a; */ SELECT 1; -- b;\n ;", "(SELECT 1)", "SELECT ';' ;"})
    void seesOneStatement(String sql) {
        PostgresScan scan = PostgresScan.of(sql);

        assertThat(scan.keyword()).isEqualTo("SELECT");
        assertThat(scan.more()).isFalse();
        assertThat(sql.substring(0, scan.end())).doesNotEndWith("; ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1; SELECT 2", "SELECT 1;;'x'", "SELECT 1; /* */ (", "SELECT 1;$$x$$"})
    void seesMoreThanOne(String sql) {
        assertThat(PostgresScan.of(sql).more()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "$$", "$a", "/*", "--", "'abc", "/* /* */", "$", "?", "😀", "\0"})
    void endsAtTheEndOfTextThatIsNotClosed(String sql) {
        assertThat(PostgresScan.of("SELECT " + sql).end()).isEqualTo(7 + sql.length());
    }

    @Test
    void findsThePlaceInThePersonsTextThatTheServerMeans() {
        // The driver sends: SELECT '😀', $1, $2, … $10, oops
        PostgresStatement statement =
                PostgresStatement.parse("SELECT '😀', $1, $1, $1, $1, $1, $1, $1, $1, $1, $1, oops", "/sql");
        String sent = "SELECT 'x', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, oops";

        assertThat(statement.position(sent.indexOf("oops") + 1)).isEqualTo(sent.indexOf("oops"));
        assertThat(statement.position(1)).isEqualTo(1);
        assertThat(statement.position(0)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t VALUES (1)",
                "DO $$ $$",
                "CALL p()",
                "SET x = 1",
                "COPY t TO STDOUT",
                "BEGIN",
                "COMMIT",
                "VACUUM",
                "LISTEN x",
                "DECLARE c CURSOR FOR SELECT 1",
                "PREPARE p AS SELECT 1",
                "EXECUTE p",
                "LOCK t"
            })
    void refusesWhatDoesMoreThanRead(String sql) {
        assertThat(Failures.of(() -> PostgresStatement.parse(sql, "/sql")))
                .isInstanceOf(Failure.Invalid.class)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("not_read_only"));
    }
}
