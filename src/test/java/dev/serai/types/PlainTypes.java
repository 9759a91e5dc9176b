package dev.serai.types;

import static dev.serai.types.NativeType.of;

/** Numbers and times: what has a type of its own in datasets. */
final class PlainTypes {
    private static final String NINES = "9".repeat(38);

    private PlainTypes() {}

    static final TypeFamily NUMBERS = TypeFamily.of(
            "Numbers and truth",
            "",
            of("boolean", "BOOLEAN").same("true", "false"),
            of("smallint", "SMALLINT").same("0", "-32768", "32767"),
            of("integer", "INTEGER").same("0", "-2147483648", "2147483647"),
            of("bigint", "BIGINT")
                    .same("0", "9007199254740992", "9007199254740993", "-9223372036854775808", "9223372036854775807")
                    .note("In JSON answers a text beyond 2^53."),
            of("real", "FLOAT")
                    .value("1.5", "1.5")
                    .value("-0", "-0.0")
                    .value("0.1", "0.1")
                    .value("1e-45", "1.4E-45")
                    .value("-1.5e-38", "-1.5E-38")
                    .value("3.4028235e38", "3.4028235E38")
                    .same("NaN", "Infinity", "-Infinity"),
            of("double precision", "DOUBLE")
                    .value("1.5", "1.5")
                    .value("-0", "-0.0")
                    .same("0.1")
                    .value("0.30000000000000004", "0.30000000000000004")
                    .value("5e-324", "4.9E-324")
                    .value("2.2250738585072014e-308", "2.2250738585072014E-308")
                    .value("-1.7976931348623157e308", "-1.7976931348623157E308")
                    .same("NaN", "Infinity", "-Infinity")
                    .note("In JSON answers NaN and the infinities are texts."),
            of("money", "VARCHAR")
                    .value("1234.5", "$1,234.50")
                    .value("-92233720368547758.08", "-$92,233,720,368,547,758.08")
                    .value("92233720368547758.07", "$92,233,720,368,547,758.07")
                    .note(
                            "As the source's `lc_monetary` writes it. A dataset made of a query may say `amount::numeric`."));

    static final TypeFamily DECIMALS = TypeFamily.of(
            "Decimals",
            "A numeric whose declared precision and scale fit 38 digits is a DECIMAL, every other one is text, with all"
                    + " its digits. A numeric with a precision has no infinity; its NaN has no place in a DECIMAL.",
            of("numeric", "VARCHAR")
                    .same("1.50", "0", "0.00010", "NaN", "Infinity", "-Infinity", "12345678901234567890".repeat(50))
                    .value("1e60", "1" + "0".repeat(60))
                    .value("-0", "0")
                    .same("-0." + "0".repeat(999) + "1"),
            of("numeric(10,2)", "DECIMAL(10,2)")
                    .value("12.5", "12.50")
                    .value("0", "0.00")
                    .same("-99999999.99", "99999999.99")
                    .lost("nan_to_null", "NaN"),
            of("numeric(1,0)", "DECIMAL(1,0)").same("-9", "0", "9"),
            of("numeric(4,0)", "DECIMAL(4,0)").value("9998.5", "9999").same("-9999", "1"),
            of("numeric(9,4)", "DECIMAL(9,4)").same("12345.6789", "-0.0001", "10000.0000"),
            of("numeric(18,0)", "DECIMAL(18,0)").same("999999999999999999", "-999999999999999999"),
            of("numeric(18,18)", "DECIMAL(18,18)").same("0.999999999999999999", "-0.000000000000000001"),
            of("numeric(19,4)", "DECIMAL(19,4)").same("922337203685477.5807", "-922337203685477.5808"),
            of("numeric(38,0)", "DECIMAL(38,0)").same(NINES, "-" + NINES).lost("nan_to_null", "NaN"),
            of("numeric(38,10)", "DECIMAL(38,10)").same("1234567890123456789012345678.0123456789", "0.0000000001"),
            of("numeric(38,38)", "DECIMAL(38,38)").same("0." + NINES, "-0." + NINES),
            of("numeric(39,0)", "VARCHAR").same("9".repeat(39), "NaN"),
            of("numeric(1000,0)", "VARCHAR").same("9".repeat(1000)),
            of("numeric(4,-2)", "DECIMAL(6,0)")
                    .value("123456", "123500")
                    .value("-999949", "-999900")
                    .lost("nan_to_null", "NaN")
                    .note("PostgreSQL rounds to the left of the point when it stores a value."),
            of("numeric(3,-35)", "DECIMAL(38,0)").value("999e35", "999" + "0".repeat(35)),
            of("numeric(3,-36)", "VARCHAR").value("999e36", "999" + "0".repeat(36)),
            of("numeric(2,5)", "DECIMAL(5,5)").same("0.00012", "-0.00099").note("The scale may exceed the precision."),
            of("numeric(3,38)", "DECIMAL(38,38)").same("0." + "0".repeat(35) + "999"),
            of("numeric(3,39)", "VARCHAR").same("0." + "0".repeat(36) + "999"));

    static final TypeFamily TIMES = TypeFamily.of(
            "Dates and times",
            "Dates and timestamps keep PostgreSQL's whole range, years before Christ in ISO 8601 (the year 0000 is 1 BC),"
                    + " except the infinite ones and timestamps past 294247-01-10 04:00:54.775805, the last that datasets"
                    + " hold. Read back with DuckDB and with Delta Kernel's own engine.",
            of("date", "DATE")
                    .same("1970-01-01", "2000-02-29", "1582-10-10", "0001-01-01", "9999-12-31")
                    .value("0001-12-31 BC", "0000-12-31")
                    .value("0044-03-15 BC", "-0043-03-15")
                    .value("0045-02-29 BC", "-0044-02-29")
                    .value("4714-11-24 BC", "-4713-11-24")
                    .value("10000-01-01", "+10000-01-01")
                    .value("5874897-12-31", "+5874897-12-31")
                    .lost("infinite_to_null", "infinity", "-infinity"),
            of("timestamp", "TIMESTAMP")
                    .named("timestamp without time zone")
                    .value("2026-03-29 02:30:00.123456", "2026-03-29T02:30:00.123456")
                    .value("1999-12-31 23:59:59.999999", "1999-12-31T23:59:59.999999")
                    .value("1969-12-31 23:59:59.9", "1969-12-31T23:59:59.900")
                    .value("2016-12-31 23:59:60", "2017-01-01T00:00:00")
                    .value("2016-12-31 24:00:00", "2017-01-01T00:00:00")
                    .value("0044-03-15 12:00:00.000001 BC", "-0043-03-15T12:00:00.000001")
                    .value("0045-02-29 23:00:00 BC", "-0044-02-29T23:00:00")
                    .value("4714-11-24 00:00:00 BC", "-4713-11-24T00:00:00")
                    .value("9999-12-31 23:59:59.999999", "9999-12-31T23:59:59.999999")
                    .value("294247-01-10 04:00:54.775805", "+294247-01-10T04:00:54.775805")
                    .lost("out_of_range_to_null", "294247-01-10 04:00:54.775806", "294276-12-31 23:59:59.999999")
                    .lost("infinite_to_null", "infinity", "-infinity")
                    .note("A leap second is the next minute already in PostgreSQL."),
            of("timestamp(0)", "TIMESTAMP")
                    .named("timestamp(0) without time zone")
                    .value("2026-03-29 02:30:00.5", "2026-03-29T02:30:01"),
            of("timestamptz", "TIMESTAMP WITH TIME ZONE")
                    .named("timestamp with time zone")
                    .value("2026-03-29 02:30:00.123456+02", "2026-03-29T00:30:00.123456Z")
                    .value("2016-12-31 23:59:60Z", "2017-01-01T00:00:00Z")
                    .value("0044-03-15 12:00:00+01 BC", "-0043-03-15T11:00:00Z")
                    .value("4714-11-24 00:00:00+00 BC", "-4713-11-24T00:00:00Z")
                    .value("294247-01-10 04:00:54.775805+00", "+294247-01-10T04:00:54.775805Z")
                    .lost("out_of_range_to_null", "294247-01-10 04:00:54.775806+00", "294276-12-31 23:59:59.999999+00")
                    .lost("infinite_to_null", "infinity", "-infinity")
                    .note("An instant; the zone it was written in is not kept by PostgreSQL either."),
            of("time", "VARCHAR")
                    .named("time without time zone")
                    .same("00:00:00", "12:34:56.789", "23:59:59.999999", "24:00:00")
                    .value("23:59:60", "24:00:00"),
            of("time(3)", "VARCHAR").named("time(3) without time zone").value("12:00:00.1239", "12:00:00.124"),
            of("timetz", "VARCHAR")
                    .named("time with time zone")
                    .same("24:00:00-15:59:59", "00:00:00+15:59:59", "12:00:00.5-03:30")
                    .value("12:00+02", "12:00:00+02"),
            of("interval", "VARCHAR")
                    .value("1 year 2 mons -3 days 04:05:06.789", "P1Y2M-3DT4H5M6.789S")
                    .value("0", "PT0S")
                    .value("-1 microsecond", "PT-0.000001S")
                    .value("178000000 years", "P178000000Y")
                    .same("infinity", "-infinity")
                    .note("ISO 8601, with the infinite ones of PostgreSQL 17 by name."),
            of("interval hour to minute", "VARCHAR").value("26:03:04", "PT26H3M"));
}
