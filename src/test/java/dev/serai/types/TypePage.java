package dev.serai.types;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** The page that tells users what the table of types proves. */
final class TypePage {
    private static final int LONGEST_EXAMPLE = 45;

    private static final String POSTGRESQL =
            """
            # PostgreSQL types in datasets

            <!-- Generated from the table that TypeMappingTest runs; see CONTRIBUTING.md. -->

            What a PostgreSQL column becomes in a dataset. Discovery (`type`, next to the source's own `native_type`), preview, direct queries,
            syncs and SQL over datasets all say the same type and give the same text for the same value; every line below is tested with its edge
            values against a real PostgreSQL 18, and each dataset is read back with DuckDB and with Delta Kernel's own engine.

            - What no type of a Delta table holds without loss is text: the text that PostgreSQL itself writes. It does not depend on settings of
              the session: times with a zone are written in UTC, intervals in ISO 8601, floats with as many digits as they need. Only `money`
              follows `lc_monetary`, and names of objects the `search_path`, of the database or role.
            - A value that its type in datasets cannot hold becomes NULL and is counted, by column and kind, in `warnings` of the run's dataset.
              Nothing else changes a value. Previews and direct queries give NULL for the same values, without a count.
            - Columns keep their names, whatever is in them. Where names differ only in case, later ones get a visible suffix (`ID_2`); a line break
              becomes `_`.
            - Text that is not UTF-8, which a database in `SQL_ASCII` may hold, fails the sync as `bad_value` and names the column. Rows that were
              cut off or damaged on their way fail it as `truncated` or `bad_copy`; COPY has no checksum, so a damage that
              leaves another value of the same type is for TLS to notice.

            | warning | the value was |
            | --- | --- |
            | `nan_to_null` | the NaN of a numeric that is a DECIMAL in datasets |
            | `infinite_to_null` | an infinite date or timestamp |
            | `out_of_range_to_null` | a timestamp past 294247-01-10 04:00:54.775805 |
            """;

    private static final String MARIADB =
            """
            # MariaDB and MySQL types in datasets

            <!-- Generated from the table that MariaTypeMappingTest runs; see CONTRIBUTING.md. -->

            What a column of MariaDB becomes in a dataset. Discovery (`type`, next to the source's own `native_type`), preview, direct queries,
            syncs and SQL over datasets all say the same type and give the same text for the same value; every line below is tested with its edge
            values against a real MariaDB 11.4, and each dataset is read back with DuckDB and with Delta Kernel's own engine. The same is tested
            against a real MySQL 9.7; what differs there stands at the end. Its `vector` is a BLOB: four bytes for each number, the lowest first;
            a query must ask for `VECTOR_TO_STRING(…)` or `CAST(… AS BINARY)` instead, since MariaDB's driver does not know the type itself.

            - A date or time that no calendar has, such as `0000-00-00`, `2024-00-10` or, in some modes, `2024-02-31`, becomes NULL and is
              counted, by column, as `invalid_date_to_null` in `warnings` of the run's dataset. Nothing else changes a value. Previews and direct
              queries give NULL for the same values, without a count.
            - A sync that goes by a `date` or `datetime` finds also the rows whose value becomes NULL, wherever they lie. No index knows them, so the
              server looks through the whole table each time; by a number or a `timestamp` it does not.
            - A `timestamp` is an instant, which the server keeps in UTC, whatever its own, the session's or Java's time zone. A `datetime` names
              no zone and is a TIMESTAMP as it stands.
            - Text of any character set comes as Unicode. Invisible and generated columns are columns.
            - The session's `sql_mode` is the server's without `NO_BACKSLASH_ESCAPES` and `PAD_CHAR_TO_FULL_LENGTH`.
            - Rows are read in one snapshot of transactional engines (InnoDB); MyISAM and Aria have none.
            - Columns keep their names, whatever is in them. Where names differ only in case, later ones get a visible suffix (`ID_2`); a line break
              becomes `_`.
            """;

    private TypePage() {}

    static String postgresql() {
        return POSTGRESQL + tables("PostgreSQL", TypeFamily.all());
    }

    static String mariadb() {
        return MARIADB + tables("MariaDB", MariaTypeTable.ALL) + tables("MySQL", List.of(MySqlTypeTable.DIFFERENT));
    }

    private static String tables(String vendor, List<TypeFamily> families) {
        List<String> lines = new ArrayList<>();
        for (TypeFamily family : families) {
            lines.add("");
            lines.add("## " + family.title());
            lines.add("");
            if (!family.note().isEmpty()) {
                lines.add(family.note());
                lines.add("");
            }
            lines.add("| " + vendor + " | in datasets | such as | to know |");
            lines.add("| --- | --- | --- | --- |");
            family.types().forEach(type -> lines.add(line(type)));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(NativeType type) {
        return "| " + declared(type) + " | " + type.type() + " | " + example(type) + " | " + know(type) + " |";
    }

    /** Types that the test makes are told with what makes them. */
    private static String declared(NativeType type) {
        return type.needs().stream()
                .filter(statement -> !statement.startsWith("CREATE EXTENSION"))
                .findFirst()
                .map(TypePage::code)
                .orElse(code(type.sql()));
    }

    private static String example(NativeType type) {
        return type.values().stream()
                .map(NativeType.Value::text)
                .filter(TypePage::shown)
                .findFirst()
                .map(text -> code(String.valueOf(text)))
                .orElse("");
    }

    private static boolean shown(@Nullable String text) {
        return text != null && !text.isBlank() && text.length() <= LONGEST_EXAMPLE && !text.contains("\n");
    }

    private static String know(NativeType type) {
        Map<String, List<String>> lost = new LinkedHashMap<>();
        type.values().stream().filter(value -> value.warning() != null).forEach(value -> lost.computeIfAbsent(
                        String.valueOf(value.warning()), code -> new ArrayList<>())
                .add(value.sql()));
        String nulls = lost.entrySet().stream()
                .map(entry -> entry.getValue().stream().map(TypePage::code).collect(Collectors.joining(", "))
                        + " → NULL, " + code(entry.getKey()))
                .collect(Collectors.joining("; "));
        return nulls.isEmpty() || type.note().isEmpty() ? nulls + type.note() : nulls + ". " + type.note();
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }
}
