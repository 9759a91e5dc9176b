package dev.serai.connector.sql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.JdbcForm;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.PgWireType;

/**
 * Which of our types holds a vendor's type, and how do its values travel?
 *
 * @param names the vendor's; empty for all
 * @param digits the most digits or bits that it is for; null for any number of them, also none
 * @param type ours, as {@link LogicalType} names it
 * @param read how JDBC gives the value; null where {@code wire} says how COPY sends it
 * @param cast what selects the value, with {@code {column}}; null for the column itself
 * @param readCast how JDBC gives what that makes; null for the same way
 * @param order by which name the vendor's package knows how values follow one another; null where they do not
 */
public record TypeRule(
        @JsonProperty("native") List<String> names,
        @Nullable Integer digits,
        String type,
        @Nullable JdbcForm read,
        @Nullable PgWireType wire,
        @Nullable String cast,
        @Nullable JdbcForm readCast,
        @Nullable String order) {
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");

    public TypeRule {
        names = names == null ? List.of() : List.copyOf(names);
    }

    boolean fits(String name, int columnDigits) {
        return (names.isEmpty() || names.contains(name))
                && (digits == null || columnDigits >= 1 && columnDigits <= digits);
    }

    boolean fitsAll() {
        return names.isEmpty() && digits == null;
    }

    /**
     * Our type of a column.
     *
     * @param precision of the column, which only a decimal that leaves it open takes over
     */
    public LogicalType logical(int precision, int scale) {
        Matcher decimal = DECIMAL.matcher(type);
        if (decimal.matches()) {
            return LogicalType.decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        return kind() == Kind.DECIMAL ? LogicalType.decimal(precision, scale) : LogicalType.of(kind());
    }

    Kind kind() {
        int open = type.indexOf('(');
        return Kind.valueOf(open < 0 ? type : type.substring(0, open));
    }

    /** What selects the value, as a format for the column. */
    public String selecting() {
        return cast == null ? "%1$s" : cast.replace("%", "%%").replace("{column}", "%1$s");
    }
}
