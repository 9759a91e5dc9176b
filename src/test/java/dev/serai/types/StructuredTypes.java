package dev.serai.types;

import static dev.serai.types.NativeType.of;

/** Arrays, types of the user's own, ranges. */
final class StructuredTypes {
    private StructuredTypes() {}

    static final TypeFamily ARRAYS = TypeFamily.of(
            "Arrays",
            "An array is the text that PostgreSQL writes for it, bounds included where they do not begin at 1. Times with"
                    + " a zone are in UTC, intervals in ISO 8601, floats with as many digits as they need.",
            of("int[]", "VARCHAR")
                    .named("integer[]")
                    .same("{1,NULL,3}", "{}", "{{1,2},{3,NULL}}", "[0:1]={1,2}", "[-1:0][2:3]={{1,2},{3,4}}"),
            of("boolean[]", "VARCHAR").same("{t,f,NULL}"),
            of("bigint[]", "VARCHAR").same("{-9223372036854775808}"),
            of("real[]", "VARCHAR").same("{0.1,NaN,-Infinity}"),
            of("double precision[]", "VARCHAR").same("{0.1,-0,5e-324,0.30000000000000004,NaN}"),
            of("numeric[]", "VARCHAR").same("{1.50,NaN,Infinity}"),
            of("numeric(5,2)[]", "VARCHAR").value("{1.5}", "{1.50}"),
            of("money[]", "VARCHAR").value("{1.5}", "{$1.50}"),
            of("text[]", "VARCHAR").same("{a,NULL,\"NULL\",\"\",\"a,b\",\"q\\\"\\\\\",😀}"),
            of("varchar(3)[]", "VARCHAR").named("character varying(3)[]").same("{abc}"),
            of("char(3)[]", "VARCHAR").named("character(3)[]").value("{a}", "{\"a  \"}"),
            of("\"char\"[]", "VARCHAR").same("{x}"),
            of("json[]", "VARCHAR").same("{\"{\\\"a\\\":  1}\"}"),
            of("jsonb[]", "VARCHAR").value("{\"{\\\"a\\\":  1}\"}", "{\"{\\\"a\\\": 1}\"}"),
            of("uuid[]", "VARCHAR").same("{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"),
            of("bytea[]", "VARCHAR").same("{\"\\\\x00ff\"}"),
            of("bit(2)[]", "VARCHAR").same("{10,01}"),
            of("date[]", "VARCHAR").same("{2026-03-29,infinity,\"0044-03-15 BC\"}"),
            of("timestamp[]", "VARCHAR")
                    .named("timestamp without time zone[]")
                    .same("{\"2026-03-29 02:30:00.5\",infinity}"),
            of("timestamptz[]", "VARCHAR")
                    .named("timestamp with time zone[]")
                    .value("{2026-03-29 02:30:00+02}", "{\"2026-03-29 00:30:00+00\"}"),
            of("time[]", "VARCHAR").named("time without time zone[]").same("{24:00:00}"),
            of("interval[]", "VARCHAR").value("{1 day 02:00}", "{P1DT2H}"),
            of("inet[]", "VARCHAR").same("{10.0.0.1,10.0.0.0/8}"),
            of("point[]", "VARCHAR").same("{\"(1,2)\"}"),
            of("box[]", "VARCHAR").same("{(1,1),(0,0);(2,2),(0,0)}"),
            of("xml[]", "VARCHAR").same("{<a/>}"),
            of("int4range[]", "VARCHAR").same("{\"[1,3)\",empty}"),
            of("tsvector[]", "VARCHAR").same("{'a':1}"));

    static final TypeFamily MADE = TypeFamily.of(
            "Types of one's own",
            "A domain is what it is a domain over, to the last; enums and composites are text.",
            of("mood", "VARCHAR")
                    .needs("CREATE TYPE mood AS ENUM ('sad', 'ok 😀', '')")
                    .same("sad", "ok 😀", ""),
            of("mood[]", "VARCHAR").same("{sad,\"ok 😀\",\"\"}"),
            of("price", "DECIMAL(8,3)")
                    .needs("CREATE DOMAIN price AS numeric(8,3)")
                    .value("1.5", "1.500")
                    .lost("nan_to_null", "NaN"),
            of("net_price", "DECIMAL(8,3)")
                    .needs("CREATE DOMAIN net_price AS price CHECK (VALUE >= 0)")
                    .value("1.5", "1.500")
                    .lost("nan_to_null", "NaN"),
            of("birthday", "DATE")
                    .needs("CREATE DOMAIN birthday AS date")
                    .same("2000-02-29")
                    .lost("infinite_to_null", "infinity"),
            of("code", "VARCHAR").needs("CREATE DOMAIN code AS char(3)").value("a", "a  "),
            of("address", "VARCHAR").needs("CREATE DOMAIN address AS inet").same("10.0.0.1"),
            of("counts", "VARCHAR").needs("CREATE DOMAIN counts AS int[]").same("{1,NULL}"),
            of("counted", "VARCHAR").needs("CREATE DOMAIN counted AS counts").same("{1,NULL}"),
            of("price[]", "VARCHAR").value("{1.5,NULL}", "{1.500,NULL}"),
            of("pair", "VARCHAR")
                    .needs("CREATE TYPE pair AS (n int, t text)")
                    .same("(1,\"a \"\"b\"\",\")", "(,)", "(,\"\")"),
            of("nest", "VARCHAR")
                    .needs("CREATE TYPE nest AS (p pair, at timestamptz, a int[])")
                    .value(
                            "(\"(1,x)\",2026-03-29 02:00+02,\"{1,2}\")",
                            "(\"(1,x)\",\"2026-03-29 00:00:00+00\",\"{1,2}\")"),
            of("pair[]", "VARCHAR").same("{\"(1,x)\",NULL}"),
            of("hstore[]", "VARCHAR").same("{\"\\\"a\\\"=>\\\"1\\\"\"}"),
            of("\"Odd \"\"type\"\".\"", "VARCHAR")
                    .needs("CREATE TYPE \"Odd \"\"type\"\".\" AS ENUM ('x')")
                    .same("x"));

    static final TypeFamily RANGES = TypeFamily.of(
            "Ranges",
            "As PostgreSQL writes them, those of whole numbers and days with an upper bound that is not part of them.",
            of("int4range", "VARCHAR")
                    .value("[1,5]", "[1,6)")
                    .value("(,3]", "(,4)")
                    .same("empty"),
            of("int8range", "VARCHAR").same("[1,9223372036854775807)"),
            of("numrange", "VARCHAR").same("(1.50,2.5]", "(,)", "[NaN,NaN]"),
            of("daterange", "VARCHAR")
                    .value("[2026-01-01,2026-01-31]", "[2026-01-01,2026-02-01)")
                    .same("[2026-01-01,infinity)"),
            of("tsrange", "VARCHAR").same("[\"2026-01-01 00:00:00\",infinity]"),
            of("tstzrange", "VARCHAR").value("[2026-01-01 00:00+01,)", "[\"2025-12-31 23:00:00+00\",)"),
            of("textrange", "VARCHAR")
                    .needs("CREATE TYPE textrange AS RANGE (SUBTYPE = text)")
                    .same("[a,\"b c\")"),
            of("int4multirange", "VARCHAR").same("{[1,3),[5,6)}", "{}"),
            of("datemultirange", "VARCHAR").same("{[2026-01-01,2026-02-01)}"),
            of("tstzmultirange", "VARCHAR").value("{[2026-01-01 00:00+01,)}", "{[\"2025-12-31 23:00:00+00\",)}"));
}
