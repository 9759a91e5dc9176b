package dev.serai.query;

import java.util.Set;

/**
 * Which of DuckDB's functions a query may call. Table functions are allowed by name. Of the others those are refused
 * that tell about the instance or its configuration, act on it, wait, or take bytes for something else than bytes; a test shows every function that a new DuckDB
 * brings.
 */
final class SqlFunctions {
    private static final Set<String> TABLE_FUNCTIONS =
            Set.of("range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree");

    private static final Set<String> REFUSED = Set.of(
            "cast_to_type",
            "col_description",
            "combine",
            "combine_aggr",
            "create_sort_key",
            "current_connection_id",
            "current_query",
            "current_query_id",
            "current_schemas",
            "current_setting",
            "current_transaction_id",
            "currval",
            "finalize",
            "format_pg_type",
            "get_block_size",
            "getenv",
            "getvariable",
            "hive_partition_component",
            "in_search_path",
            "index_key",
            "json_deserialize_sql",
            "json_execute_serialized_sql",
            "json_serialize_plan",
            "json_serialize_sql",
            "map_to_pg_oid",
            "nextval",
            "obj_description",
            "parse_duckdb_log_message",
            "query",
            "query_table",
            "setval",
            "shobj_description",
            "sleep_ms",
            "stats",
            "to_aggregate_state",
            "txid_current",
            "variant_bytes_to_variant",
            "vector_type",
            "write_log");

    private SqlFunctions() {}

    static boolean allowedAsTable(String name) {
        return TABLE_FUNCTIONS.contains(name);
    }

    /** @param name in lower case */
    static boolean allowed(String name) {
        return !REFUSED.contains(name)
                && !name.startsWith("__")
                && !name.startsWith("duckdb_")
                && !name.endsWith("_privilege")
                && !name.startsWith("inet_")
                && !name.startsWith("pragma_")
                && !name.startsWith("read_")
                && (!name.startsWith("pg_") || name.equals("pg_typeof") || name.equals("pg_size_pretty"));
    }
}
