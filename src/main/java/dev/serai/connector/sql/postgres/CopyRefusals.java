package dev.serai.connector.sql.postgres;

import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For which models and queries does a source refuse COPY? Kept as long as the connector's pool, so that only the first
 * read of each pays for the attempt; a changed connector, or one that was idle, asks again.
 */
final class CopyRefusals {
    private static final Logger LOG = LoggerFactory.getLogger(CopyRefusals.class);
    private static final int MOST = 1000;
    private static final int FEW_ROWS = 4;
    private static final Pattern COPY = Pattern.compile("\\bcopy\\b", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> refused = new ConcurrentHashMap<>();
    private final Set<String> narrow = ConcurrentHashMap.newKeySet();

    /**
     * Whether an error in answer to COPY may be about COPY itself: not supported (0A), not even known (42601 and its kin,
     * the internal errors of young products), against the protocol (08P01), or of any kind that names COPY. What is surely
     * about the rows is none of these: no right to them, not there, out of time or room, an error in a value.
     */
    static boolean isOne(SQLException e) {
        if (!(e instanceof PSQLException driver) || driver.getServerErrorMessage() == null || e.getSQLState() == null) {
            return false;
        }
        return switch (e.getSQLState()) {
            case "42P01", "42703", "3F000", "57014" -> false;
            case "42501" -> names(e);
            case "08P01", "XX000" -> true;
            default -> e.getSQLState().startsWith("0A") || e.getSQLState().startsWith("42") || names(e);
        };
    }

    private static boolean names(SQLException e) {
        return COPY.matcher(PostgresFailures.said(e)).find();
    }

    /** Why rows go through a cursor; null where COPY may be tried. */
    @Nullable
    String of(String name) {
        return refused.get(name);
    }

    /** How many rows may be asked for at a time. */
    int mostRows(String name) {
        return narrow.contains(name) ? FEW_ROWS : CursorRows.MOST_ROWS;
    }

    /**
     * Asks for few rows at a time from now on, after the driver could not hold those that came.
     *
     * @return whether that is fewer than before
     */
    boolean narrow(String name) {
        return narrow.add(name);
    }

    /** @return what to tell people */
    String remember(String name, SQLException e) {
        String said = PostgresFailures.said(e);
        LOG.info("A source refuses COPY, so it is read through a cursor: {} ({})", said, e.getSQLState());
        if (refused.size() >= MOST) {
            refused.clear();
            narrow.clear();
        }
        String why =
                "The source refuses COPY, so the rows were read through a cursor, which is slower. It said: " + said;
        refused.put(name, why);
        return why;
    }
}
