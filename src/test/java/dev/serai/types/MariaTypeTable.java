package dev.serai.types;

import java.util.List;

import static dev.serai.types.NativeType.of;

/** The types of MariaDB, what holds them, and what becomes of their values. */
final class MariaTypeTable {
    private MariaTypeTable() {}

    private static final TypeFamily NUMBERS = TypeFamily.of(
            "Numbers and truth",
            "",
            of("boolean", "TINYINT")
                    .named("tinyint(1)")
                    .same("0", "1", "-128", "127")
                    .note("A `tinyint(1)`, which may hold other numbers than 0 and 1 and keeps them."),
            of("tinyint", "TINYINT").named("tinyint(4)").same("0", "-128", "127"),
            of("tinyint unsigned", "SMALLINT").named("tinyint(3) unsigned").same("0", "255"),
            of("smallint", "SMALLINT").named("smallint(6)").same("-32768", "32767"),
            of("smallint unsigned", "INTEGER").named("smallint(5) unsigned").same("65535"),
            of("mediumint", "INTEGER").named("mediumint(9)").same("-8388608", "8388607"),
            of("mediumint unsigned", "INTEGER").named("mediumint(8) unsigned").same("16777215"),
            of("int", "INTEGER").named("int(11)").same("0", "-2147483648", "2147483647"),
            of("int(6) unsigned zerofill", "BIGINT")
                    .same("42", "4294967295")
                    .note("Zeros that only the display fills in are none of the value."),
            of("bigint", "BIGINT")
                    .named("bigint(20)")
                    .same("0", "9007199254740993", "-9223372036854775808", "9223372036854775807")
                    .note("In JSON answers a text beyond 2^53."),
            of("bigint unsigned", "DECIMAL(20,0)").named("bigint(20) unsigned").same("0", "18446744073709551615"),
            of("bit(1)", "BOOLEAN").computed("b'1'", "true").computed("b'0'", "false"),
            of("bit(9)", "BIGINT").computed("b'100000001'", "257"),
            of("bit(63)", "BIGINT").computed("0x7FFFFFFFFFFFFFFF", "9223372036854775807"),
            of("bit(64)", "DECIMAL(20,0)").computed("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
            of("float", "FLOAT")
                    .value("1.5", "1.5")
                    .same("0.1")
                    .value("16777217", "1.6777216E7")
                    .value("3.40282e38", "3.40282E38"),
            of("double", "DOUBLE")
                    .value("1.5", "1.5")
                    .same("0.1", "0.30000000000000004")
                    .value("2.2250738585072014e-308", "2.2250738585072014E-308")
                    .value("-1.7976931348623157e308", "-1.7976931348623157E308"));

    private static final TypeFamily DECIMALS = TypeFamily.of(
            "Decimals",
            "A decimal of up to 38 digits is a DECIMAL, a longer one is text, with all its digits.",
            of("decimal(10,2)", "DECIMAL(10,2)")
                    .value("12.5", "12.50")
                    .value("0", "0.00")
                    .same("-99999999.99", "99999999.99", "-0.05"),
            of("decimal(1,0)", "DECIMAL(1,0)").same("-9", "0", "9"),
            of("decimal(4,0)", "DECIMAL(4,0)").same("9999", "-9999"),
            of("decimal(18,18)", "DECIMAL(18,18)").same("0.999999999999999999", "-0.000000000000000001"),
            of("decimal(19,4)", "DECIMAL(19,4)").same("922337203685477.5807"),
            of("decimal(38,0)", "DECIMAL(38,0)").same("9".repeat(38), "-" + "9".repeat(38)),
            of("decimal(38,38)", "DECIMAL(38,38)").same("0." + "9".repeat(38)),
            of("decimal(10,2) unsigned", "DECIMAL(10,2)").same("99999999.99"),
            of("decimal(39,0)", "VARCHAR").same("9".repeat(39)),
            of("decimal(65,30)", "VARCHAR")
                    .value("1.5", "1.5" + "0".repeat(29))
                    .same("-" + "9".repeat(35) + "." + "9".repeat(30)));

    private static final TypeFamily TIMES = TypeFamily.of(
            "Dates and times",
            "",
            of("date", "DATE")
                    .same("2024-02-29", "1000-01-01", "9999-12-31", "1582-10-10", "0001-01-01")
                    .value("0000-01-01", "0000-01-01")
                    .lost("invalid_date_to_null", "0000-00-00", "2024-00-10", "2024-01-00", "2024-02-31"),
            of("datetime", "TIMESTAMP")
                    .value("2026-03-29 02:30:00", "2026-03-29T02:30:00")
                    .value("9999-12-31 23:59:59", "9999-12-31T23:59:59")
                    .lost("invalid_date_to_null", "0000-00-00 00:00:00", "2024-00-10 01:02:03", "2024-02-31 00:00:00"),
            of("datetime(3)", "TIMESTAMP")
                    .value("2026-03-29 02:30:00.001", "2026-03-29T02:30:00.001")
                    .value("1969-12-31 23:59:59.999", "1969-12-31T23:59:59.999"),
            of("datetime(6)", "TIMESTAMP")
                    .value("2024-02-29 00:00:00.000001", "2024-02-29T00:00:00.000001")
                    .value("1000-01-01 00:00:00.999999", "1000-01-01T00:00:00.999999"),
            of("timestamp", "TIMESTAMP WITH TIME ZONE")
                    .computed("FROM_UNIXTIME(1)", "1970-01-01T00:00:01Z")
                    .value("2026-03-29 05:30:00", "2026-03-29T00:00:00Z")
                    .lost("invalid_date_to_null", "0000-00-00 00:00:00")
                    .note("An instant; the zone of the server, here +05:30, does not show."),
            of("timestamp(6)", "TIMESTAMP WITH TIME ZONE")
                    .value("2024-02-29 12:00:00.123456", "2024-02-29T06:30:00.123456Z"),
            of("time", "VARCHAR").same("00:00:00", "-838:59:59", "838:59:59", "24:00:00", "-00:00:01"),
            of("time(3)", "VARCHAR").same("12:00:00.001", "-100:00:00.500"),
            of("time(6)", "VARCHAR")
                    .same("-838:59:59.000000", "00:00:00.000001")
                    .note("A duration of up to 838 hours rather than a time of day, as the server writes it."),
            of("year", "SMALLINT").named("year(4)").same("1901", "2155").value("0000", "0"));

    private static final TypeFamily TEXTS = TypeFamily.of(
            "Texts, documents and bytes",
            "",
            of("varchar(40)", "VARCHAR")
                    .same("", "äö€😀", "NULL", "e\u0301 \u200d", " a ")
                    .computed("'\\\\ \\' \\n'", "\\ ' \n"),
            of("char(5)", "VARCHAR").same("ab").note("Without the spaces at its end, as the server gives it."),
            of("varchar(40) character set latin1", "VARCHAR")
                    .named("varchar(40)")
                    .same("äöß¿"),
            of("varchar(40) character set utf16", "VARCHAR")
                    .named("varchar(40)")
                    .same("äö€😀"),
            of("varchar(40) character set utf8mb3", "VARCHAR")
                    .named("varchar(40)")
                    .same("äö€"),
            of("tinytext", "VARCHAR").same("x"),
            of("text", "VARCHAR").same("", "two words"),
            of("mediumtext", "VARCHAR").same("x"),
            of("longtext", "VARCHAR").same("x"),
            of("json", "VARCHAR")
                    .named("longtext")
                    .same("{\"b\": 1,  \"a\":[ ], \"b\": 2}", "123456789012345678901234567890.10", "null")
                    .note("The text as it was written, in MariaDB."),
            of("enum('a','b c','é')", "VARCHAR").same("a", "b c", "é"),
            of("set('x','y','z')", "VARCHAR").same("", "x", "x,z"),
            of("binary(3)", "BLOB").computed("0x00FF", "AP8A").note("In JSON and CSV answers base64."),
            of("varbinary(10)", "BLOB").computed("''", "").computed("0x00FF7F80", "AP9/gA=="),
            of("tinyblob", "BLOB").computed("0x00", "AA=="),
            of("blob", "BLOB").computed("0x00FF", "AP8="),
            of("mediumblob", "BLOB").computed("0x00FF", "AP8="),
            of("longblob", "BLOB").computed("0x00FF", "AP8="),
            of("uuid", "VARCHAR").same("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            of("inet4", "VARCHAR").same("10.0.0.1"),
            of("inet6", "VARCHAR").same("::1", "2001:db8::ff00:42:8329"));

    private static final TypeFamily SHAPES = TypeFamily.of(
            "Shapes",
            "Bytes as the server keeps them: four of the reference system's number, the lowest first, then WKB. `ST_AsText` in a query gives text.",
            of("geometry", "BLOB")
                    .computed("ST_GeomFromText('POINT(1 2)', 4326)", "5hAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="),
            of("point", "BLOB").computed("POINT(1, 2)", "AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="),
            of("linestring", "BLOB")
                    .computed(
                            "ST_GeomFromText('LINESTRING(0 0,1 1)')",
                            "AAAAAAECAAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADwPwAAAAAAAPA/"));

    static final List<TypeFamily> ALL = List.of(NUMBERS, DECIMALS, TIMES, TEXTS, SHAPES);
}
