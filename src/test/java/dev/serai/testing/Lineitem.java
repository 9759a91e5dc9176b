package dev.serai.testing;

/** A table like TPC-H's lineitem: 16 columns, rows of about 150 bytes, texts with words in them. */
public final class Lineitem {
    private static final String ROWS =
            """
            SELECT n / 4 AS l_orderkey, (hashint8(n) & 199999) AS l_partkey, (hashint8(n + 7) & 9999) AS l_suppkey,
                   (n % 4 + 1)::int AS l_linenumber, (1 + n % 50)::numeric(15, 2) AS l_quantity,
                   (900 + (hashint8(n) & 9999999) / 100.0)::numeric(15, 2) AS l_extendedprice,
                   ((n % 11) / 100.0)::numeric(15, 2) AS l_discount, ((n % 9) / 100.0)::numeric(15, 2) AS l_tax,
                   (ARRAY['A', 'N', 'R'])[1 + n % 3]::char(1) AS l_returnflag,
                   (ARRAY['O', 'F'])[1 + n % 2]::char(1) AS l_linestatus,
                   DATE '1992-01-02' + (hashint8(n) & 2047) AS l_shipdate,
                   DATE '1992-01-31' + (hashint8(n + 1) & 2047) AS l_commitdate,
                   DATE '1992-01-04' + (hashint8(n + 2) & 2047) AS l_receiptdate,
                   (ARRAY['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'])[1 + n % 4]::char(25)
                       AS l_shipinstruct,
                   (ARRAY['TRUCK', 'MAIL', 'SHIP', 'AIR', 'RAIL', 'FOB', 'REG AIR'])[1 + n % 7]::char(10) AS l_shipmode,
                   (SELECT string_agg(words[1 + (hashint8(n * 8 + i) & 31)], ' ')
                    FROM generate_series(1, 3 + (n % 4)::int) i) AS l_comment
            FROM generate_series(0, :last) n,
                 (SELECT string_to_array('carefully final deposits detect slyly against the furiously regular packages '
                     || 'blithely even accounts sleep quickly above pending requests nag bold ideas wake express theodolites '
                     || 'silent foxes haggle daringly ironic pinto beans', ' ') AS words) dictionary
            """;

    private Lineitem() {}

    /** What makes the table {@code lineitem}, read once so that it is in the server's memory. */
    public static void create(Postgres.Database database, long rows) {
        database.execute(
                "CREATE UNLOGGED TABLE lineitem AS " + ROWS.replace(":last", String.valueOf(rows - 1)),
                "VACUUM ANALYZE lineitem",
                "SELECT count(*) FROM lineitem");
    }
}
