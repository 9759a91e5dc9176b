package dev.serai.types;

import static dev.serai.types.NativeType.of;

/** Text, bytes, and what PostgreSQL writes as text. */
final class TextTypes {
    private TextTypes() {}

    static final TypeFamily TEXTS = TypeFamily.of(
            "Texts, documents and bytes",
            "",
            of("text", "VARCHAR").same("", "äö€😀", "NULL", "a\"b\\n'\n\t", "e\u0301", "\u0001\uFFFD"),
            of("varchar(10)", "VARCHAR").named("character varying(10)").same("", "é ", "0123456789"),
            of("char(5)", "VARCHAR").named("character(5)").value("ab", "ab   ").value("é", "é    "),
            of("bpchar", "VARCHAR").same("ab  "),
            of("name", "VARCHAR").same("pg_class"),
            of("\"char\"", "VARCHAR").same("x", "").computed("'\\377'::\"char\"", "\\377"),
            of("citext", "VARCHAR").needs("CREATE EXTENSION citext").same("MiXed"),
            of("json", "VARCHAR")
                    .same(
                            "{\"b\": 1,  \"a\":[ ], \"b\": 2}",
                            "{\"n\": 1e400, \"m\": 123456789012345678901234567890.10}",
                            "\"\\u00e9 \\u0000 \\ud83d\\ude00\"",
                            "null")
                    .note("The text as it was written: spaces, the order of keys, doubled keys, escapes, all digits."),
            of("jsonb", "VARCHAR")
                    .value("{\"bb\": 1,  \"a\":[ ], \"bb\": 2}", "{\"a\": [], \"bb\": 2}")
                    .value("{\"n\": 1e30}", "{\"n\": 1" + "0".repeat(30) + "}")
                    .same("123456789012345678901234567890.10", "null", "\"a\\\"b\"")
                    .value("\"\\u00e9\\ud83d\\ude00\"", "\"é😀\"")
                    .note(
                            "The text of what PostgreSQL keeps: sorted keys, no doubled ones, escapes resolved, all digits."),
            of("jsonpath", "VARCHAR").value("$.a[*] ? (@ > 1)", "$.\"a\"[*]?(@ > 1)"),
            of("xml", "VARCHAR").same("<a b=\"c\">é<!-- x --></a>", "<?xml version=\"1.0\"?><a/>"),
            of("uuid", "VARCHAR")
                    .value("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
                    .same("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
            of("bytea", "BLOB")
                    .value("\\x", "")
                    .value("\\x00ff7f80", "AP9/gA==")
                    .note("In JSON and CSV answers base64."),
            of("bit(3)", "VARCHAR").same("101", "000"),
            of("varbit", "VARCHAR").named("bit varying").same("", "1", "0".repeat(70)),
            of("tsvector", "VARCHAR").value("b:2A a:1 'it''s'", "'a':1 'b':2A 'it''s'"),
            of("tsquery", "VARCHAR").value("a & !b <-> c:*", "'a' & !'b' <-> 'c':*"),
            of("hstore", "VARCHAR")
                    .needs("CREATE EXTENSION hstore")
                    .value("a=>1, b=>NULL, \"c d\"=>\"x\\\"y\"", "\"a\"=>\"1\", \"b\"=>NULL, \"c d\"=>\"x\\\"y\"")
                    .same(""),
            of("ltree", "VARCHAR").needs("CREATE EXTENSION ltree").same("top.science.astro", ""),
            of("lquery", "VARCHAR").same("*.astro.*"));

    static final TypeFamily NETWORK_AND_GEOMETRY = TypeFamily.of(
            "Addresses and shapes",
            "",
            of("inet", "VARCHAR")
                    .same("10.0.0.1", "10.0.0.1/8", "::1", "fe80::1/64")
                    .value("255.255.255.255/32", "255.255.255.255"),
            of("cidr", "VARCHAR").value("10", "10.0.0.0/8").same("192.168.1.1/32", "2001:db8::/32"),
            of("macaddr", "VARCHAR").value("08-00-2B-01-02-03", "08:00:2b:01:02:03"),
            of("macaddr8", "VARCHAR").same("08:00:2b:ff:fe:01:02:03"),
            of("point", "VARCHAR").same("(1.5,-2)", "(NaN,Infinity)", "(0.1,1e-300)"),
            of("line", "VARCHAR").same("{1,-1,0}"),
            of("lseg", "VARCHAR").same("[(0,0),(1,1)]"),
            of("box", "VARCHAR").value("(0,0),(1,2)", "(1,2),(0,0)"),
            of("path", "VARCHAR").same("((0,0),(1,1))", "[(0,0),(1,1)]"),
            of("polygon", "VARCHAR").same("((0,0),(1,1),(1,0))"),
            of("circle", "VARCHAR").same("<(0,0),2.5>"));

    static final TypeFamily SYSTEM = TypeFamily.of(
            "PostgreSQL's own",
            "Names of objects are qualified where the `search_path` of the connector's role does not find them.",
            of("oid", "VARCHAR").same("0", "4294967295"),
            of("xid", "VARCHAR").same("3", "4294967295"),
            of("xid8", "VARCHAR").same("18446744073709551615"),
            of("cid", "VARCHAR").same("4294967295"),
            of("tid", "VARCHAR").same("(4294967295,65535)"),
            of("pg_lsn", "VARCHAR").same("16/B374D848", "FFFFFFFF/FFFFFFFF"),
            of("pg_snapshot", "VARCHAR").same("10:20:10,14,15"),
            of("regclass", "VARCHAR").same("pg_class", "-").value("4294967295", "4294967295"),
            of("regtype", "VARCHAR").same("integer", "timestamp with time zone"),
            of("regproc", "VARCHAR").same("now"),
            of("regprocedure", "VARCHAR").same("sum(bigint)"),
            of("regoper", "VARCHAR").same("||/"),
            of("regoperator", "VARCHAR").same("+(integer,integer)"),
            of("regnamespace", "VARCHAR").same("pg_catalog"),
            of("regrole", "VARCHAR").same("postgres"),
            of("regcollation", "VARCHAR").same("\"C\""),
            of("regconfig", "VARCHAR").same("english"),
            of("regdictionary", "VARCHAR").same("simple"),
            of("refcursor", "VARCHAR").same("c1"),
            of("aclitem", "VARCHAR").same("postgres=r/postgres"),
            of("int2vector", "VARCHAR").same("1 2 3"),
            of("oidvector", "VARCHAR").same("1 4294967295"));
}
