package dev.serai.connector.sql.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.sql.postgres.BlockRanges.Heap;

/**
 * Of which tables does a model consist, and can each be read by itself, block by block? A partitioned table has rows in its
 * partitions only; a table that others inherit from has some itself.
 */
final class SplitTables {
    /** The size is asked for in the snapshot that is read, so what that sees lies in these blocks. */
    private static final String TREE =
            """
            WITH RECURSIVE tree (oid, root, leaving) AS (
              SELECT c.oid, true, false
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ?::text AND c.relname = ?::text
              UNION
              SELECT i.inhrelid, false, i.inhdetachpending
              FROM pg_catalog.pg_inherits i JOIN tree t ON i.inhparent = t.oid)
            SELECT n.nspname, c.relname, c.relkind::text, t.root,
                   c.relkind = 'r' AND a.amname = 'heap' AND NOT t.leaving,
                   t.root OR pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                             AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
                   pg_catalog.row_security_active(c.oid),
                   CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_relation_size(c.oid)
                        / pg_catalog.current_setting('block_size')::int8 END,
                   CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) END,
                   c.relpersistence = 't',
                   NOT t.root AND EXISTS (SELECT FROM pg_catalog.pg_attribute v
                                          WHERE v.attrelid = c.oid AND v.attgenerated = 'v' AND NOT v.attisdropped)
            FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
            ORDER BY 9 DESC NULLS LAST, 1, 2
            """;

    private final List<Heap> heaps = new ArrayList<>();
    private String why = "";
    private @Nullable String child;

    private SplitTables() {}

    static SplitTables of(Connection connection, String schema, String name) throws SQLException {
        SplitTables tables = new SplitTables();
        try (PreparedStatement statement = connection.prepareStatement(TREE)) {
            statement.setString(1, schema);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tables.add(row, name);
                }
            }
        }
        return tables;
    }

    private void add(ResultSet row, String name) throws SQLException {
        boolean partitioned = row.getString(3).equals("p");
        if (row.getBoolean(10)) {
            why = "a temporary table is part of it, which only the session that made it may read";
        } else if (row.getBoolean(11)) {
            why = "its partitions may compute a virtual column in another way than it does";
        } else if (!partitioned && !row.getBoolean(5)) {
            why = "it is not, or not only, made of tables whose rows lie in blocks";
        } else if (!row.getBoolean(6)) {
            why = "the user may read its partitions through it only, not by themselves";
        } else if (row.getBoolean(7)) {
            why = "row-level security decides which of its rows the user sees";
        } else if (!partitioned) {
            String table = PostgresRead.quote(row.getString(1)) + "." + PostgresRead.quote(row.getString(2));
            boolean root = row.getBoolean(4);
            String from = root ? table : table + " AS " + PostgresRead.quote(name);
            heaps.add(new Heap(from, row.getLong(8), row.getLong(9)));
            if (!root) {
                child = from;
            }
        }
    }

    /** Why it cannot be split; empty where it can. */
    String why() {
        return why.isEmpty() && heaps.isEmpty() ? "it has no partition" : why;
    }

    /** What stands behind FROM for one that goes by the model's name without its schema; null where there is none. */
    @Nullable
    String child() {
        return child;
    }

    List<Heap> heaps() {
        return heaps;
    }
}
