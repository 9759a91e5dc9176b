package dev.serai.connector.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.Configuration;
import org.postgresql.PGProperty;

import dev.serai.catalog.PackedFiles;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqlDescriptionTest {
    private static final String SMALL =
            """
            port: 1521
            quote: '"'
            driver: {}
            session: {begin: [SET TRANSACTION READ ONLY]}
            catalog: {own: a, among: "b IN (:schemas)", models: "{schemas}", model: m, columns: c, readable: r}
            types:
              - {native: [number], digits: 38, type: DECIMAL, read: DECIMAL_STRING}
              - {type: VARCHAR, read: STRING}
            errors:
              rules:
                - {numbers: [942], layer: read, code: model_missing, says: "Not there: {said}"}
                - {layer: read, code: source_error, says: "{said}"}
            """;

    @Test
    void readsWhatADescriptionSays() {
        SqlDescription description = read(SMALL);

        assertThat(description.port()).isEqualTo(1521);
        assertThat(description.quoted("A \"b\"")).isEqualTo("\"A \"\"b\"\"\"");
        assertThat(description.session().begin("", Duration.ofSeconds(3))).containsExactly("SET TRANSACTION READ ONLY");
        assertThat(description.errors().failure(new SQLException("ORA-00942", "42000", 942), "ORA-00942"))
                .isEqualTo(new Failure.Source(Layer.READ, "model_missing", "Not there: ORA-00942", false));
    }

    @Test
    void tellsAllFaultsAtOnceEachWithItsPlace() {
        String broken = SMALL.replace("1521", "99999")
                .replace("[942]", "[\"942\"]")
                .replace("layer: read, code: model_missing", "layer: reading, code: Model")
                .replace("driver: {}", "driver: {a: 1}\nfetch: 3");

        assertThatThrownBy(() -> read(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("small.sql.yaml at /port:")
                .hasMessageContaining("small.sql.yaml at /driver/a:")
                .hasMessageContaining("small.sql.yaml at /errors/rules/0/numbers/0:")
                .hasMessageContaining("small.sql.yaml at /errors/rules/0/layer:")
                .hasMessageContaining("small.sql.yaml at /errors/rules/0/code:")
                .hasMessageContaining("fetch");
    }

    @Test
    void tellsTheLineOfWhatIsNoYaml() {
        assertThatThrownBy(() -> read(SMALL + "port: 1\n")).hasMessageContaining("small.sql.yaml:13:");
    }

    @Test
    void refusesRulesThatNeverFitOrLeaveErrorsOut() {
        assertThatThrownBy(() -> read(SMALL.replace(
                        "- {layer",
                        "- {numbers: [942, 1], layer: read, code: again, says: x}\n"
                                + "    - {states: [\"08\"], layer: connect, code: lost, says: x}\n"
                                + "    - {states: [\"08001\"], layer: connect, code: never, says: x}\n"
                                + "    - {numbers: [7], layer")))
                .hasMessageContaining("/errors/rules/1: 942 is told by a rule before")
                .hasMessageContaining("/errors/rules/3: 08001 is told by a rule before")
                .hasMessageContaining("/errors/rules/4: the last rule must fit all");
    }

    @Test
    void refusesPlaceholdersThatNothingStandsForOnSomeServer() {
        String session = "session: {begin: [\"SET {limit}\"], products: {One: {limit: a}, Other: {}}}";

        assertThatThrownBy(() -> read(SMALL.replace("session: {begin: [SET TRANSACTION READ ONLY]}", session)))
                .hasMessage("small.sql.yaml at /session/begin/0: nothing stands for {limit} on Other");
    }

    @Test
    void fillsInTheTimeLimitAsTheServerTakesIt() {
        SqlDescription.Session session = SqlDescription.packed("mariadb").session();

        assertThat(session.begin("MariaDB", Duration.ofMillis(2500)).get(1)).endsWith(", max_statement_time = 2.5");
        assertThat(session.begin("MySQL", Duration.ofMillis(2500)).get(1)).endsWith(", max_execution_time = 2500");
    }

    @Test
    void findsTheTypeThatHoldsAColumn() {
        SqlDescription description = read(SMALL);

        assertThat(description.type("number", 10).logical(10, 2)).isEqualTo(LogicalType.decimal(10, 2));
        assertThat(description.type("number", 39).logical(39, 2)).isEqualTo(LogicalType.of(Kind.VARCHAR));
        assertThat(description.type("number", 0).logical(0, 0)).isEqualTo(LogicalType.of(Kind.VARCHAR));
        assertThat(description.type("clob", 0).logical(0, 0)).isEqualTo(LogicalType.of(Kind.VARCHAR));
    }

    @Test
    void refusesTypesThatAreNotWhatIsSentOrLeaveColumnsOut() {
        assertThatThrownBy(() -> read(SMALL.replace(
                        "  - {type: VARCHAR, read: STRING}", "  - {native: [a], type: INTEGER, wire: INT8}")))
                .hasMessageContaining("/types/1: INT8 is no INTEGER")
                .hasMessageContaining("/types/1: the last type must fit all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void everyPackedDescriptionIsWhole(String vendor) {
        assertThat(SqlDescription.packed(vendor).errors().rules()).isNotEmpty();
        assertThat(PackedFiles.in("kamelets", ".sql.yaml")).containsKey(vendor + ".sql.yaml");
    }

    @Test
    void theDriversKnowWhatTheyAreTold() throws SQLException {
        assertThat(SqlDescription.packed("postgresql").driver().keySet())
                .allSatisfy(name -> assertThat(PGProperty.forName(name)).isNotNull());

        Properties told = new Properties();
        told.putAll(SqlDescription.packed("mariadb").driver());
        Configuration driver = Configuration.parse("jdbc:mariadb://localhost/", told);
        assertThat(driver).isNotNull();
        assertThat(driver.nonMappedOptions()).isEmpty();
    }

    private static SqlDescription read(String text) {
        return SqlDescriptionReader.read("small.sql.yaml", text);
    }
}
