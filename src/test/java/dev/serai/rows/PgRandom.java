package dev.serai.rows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Random values of one PostgreSQL type, as text that PostgreSQL reads: its whole range, its edges more often than chance
 * would have it.
 *
 * @param sql the type in PostgreSQL
 */
record PgRandom(String sql, LogicalType type, PgWireType wire, Random random) {
    /** PostgreSQL's days run from 4714-11-24 BC to 5874897-12-31, its timestamps to 294276-12-31. */
    private static final LocalDate FIRST_DAY = LocalDate.of(-4713, 11, 24);

    private static final LocalDate LAST_DAY = LocalDate.of(5_874_897, 12, 31);
    private static final long FIRST_SECOND = FIRST_DAY.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    private static final long LAST_SECOND =
            LocalDateTime.of(294_276, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC);
    private static final String[] NUMBERS = {"0", "1", "-1"};
    private static final String[] REALS = {"0", "-0", "NaN", "Infinity", "-Infinity", "1e-45", "5e-324", "0.1"};
    private static final String[] LETTERS = {"a", "é", "€", "😀", " ", "\\u00e9", "\\n", "\\\""};
    private static final String[] TIMES = {
        "infinity",
        "-infinity",
        "1970-01-01",
        "2000-01-01",
        "1969-12-31",
        "294247-01-10 04:00:54.775805",
        "294247-01-10 04:00:54.775806"
    };

    static PgRandom of(PgWireType wire, String sql, Random random) {
        return new PgRandom(sql, LogicalType.of(wire.kind()), wire, random);
    }

    /** A numeric of any precision and scale that a DECIMAL holds. */
    static PgRandom numeric(Random random) {
        int precision = 1 + random.nextInt(38);
        return numeric(precision, random.nextInt(precision + 1), random);
    }

    private static PgRandom numeric(int precision, int scale, Random random) {
        return new PgRandom(
                "numeric(" + precision + "," + scale + ")",
                LogicalType.decimal(precision, scale),
                PgWireType.NUMERIC,
                random);
    }

    static List<PgRandom> all(Random random) {
        return List.of(
                of(PgWireType.BOOL, "bool", random),
                of(PgWireType.INT2, "int2", random),
                of(PgWireType.INT4, "int4", random),
                of(PgWireType.INT8, "int8", random),
                of(PgWireType.FLOAT4, "float4", random),
                of(PgWireType.FLOAT8, "float8", random),
                numeric(18, 2, random),
                numeric(18, 5, random),
                numeric(38, 10, random),
                numeric(random),
                numeric(random),
                numeric(random),
                numeric(random),
                of(PgWireType.TEXT, "text", random),
                of(PgWireType.JSONB, "jsonb", random),
                of(PgWireType.UUID, "uuid", random),
                of(PgWireType.BYTEA, "bytea", random),
                of(PgWireType.DATE, "date", random),
                of(PgWireType.TIMESTAMP, "timestamp", random),
                of(PgWireType.TIMESTAMPTZ, "timestamptz", random));
    }

    String next() {
        boolean edge = random.nextInt(20) == 0;
        return switch (wire) {
            case BOOL -> String.valueOf(random.nextBoolean());
            case INT2 -> edge ? one(NUMBERS) : String.valueOf((short) random.nextInt());
            case INT4 -> edge ? one(NUMBERS) : String.valueOf(random.nextInt() >> random.nextInt(32));
            case INT8 -> edge ? one(NUMBERS) : String.valueOf(random.nextLong() >> random.nextInt(64));
            case FLOAT4 -> edge ? real(Float.MIN_VALUE) : String.valueOf(Float.intBitsToFloat(random.nextInt()));
            case FLOAT8 -> edge ? one(REALS) : String.valueOf(Double.longBitsToDouble(random.nextLong()));
            case NUMERIC -> edge && random.nextBoolean() ? "NaN" : decimal().toPlainString();
            case TEXT -> text(edge ? 5_000 : 20);
            case JSONB -> "{\"" + letters(5) + "\": [" + random.nextLong() + ", \"" + letters(30) + "\", null]}";
            case UUID -> new UUID(random.nextLong(), random.nextLong()).toString();
            case BYTEA -> "\\x" + HexFormat.of().formatHex(bytes());
            case DATE -> edge ? one(TIMES) : date();
            case TIMESTAMP -> edge ? one(TIMES) : time("");
            case TIMESTAMPTZ -> edge ? one(TIMES).replaceFirst("\\d$", "$0+00") : time("+00");
        };
    }

    private String one(String[] values) {
        return values[random.nextInt(values.length)];
    }

    /** PostgreSQL refuses what a float4 would round to nothing. */
    private String real(float smallest) {
        String real = one(REALS);
        return real.equals("5e-324") ? String.valueOf(smallest) : real;
    }

    /** Runs of zeros and nines are where groups of four digits go wrong. */
    private BigDecimal decimal() {
        StringBuilder digits = new StringBuilder();
        int count = 1 + random.nextInt(type.precision());
        while (digits.length() < count) {
            int run = 1 + random.nextInt(6);
            int digit = random.nextInt(3) == 0 ? 0 : random.nextInt(3) == 0 ? 9 : -1;
            for (int i = 0; i < run && digits.length() < count; i++) {
                digits.append(digit < 0 ? random.nextInt(10) : digit);
            }
        }
        BigDecimal value = new BigDecimal(new BigInteger(digits.toString()), type.scale());
        return random.nextBoolean() ? value : value.negate();
    }

    private String text(int most) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(most);
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(4);
            int point = kind == 0
                    ? 1 + random.nextInt(0x7f)
                    : kind == 1
                            ? 0x80 + random.nextInt(0x780)
                            : kind == 2 ? 0xe000 + random.nextInt(0x1fff) : 0x10000 + random.nextInt(0x100000);
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    private String letters(int most) {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(most), 0, LETTERS.length).forEach(i -> text.append(LETTERS[i]));
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private long between(long first, long last) {
        // Half of them in years that people use.
        return random.nextBoolean()
                ? first + Math.floorMod(random.nextLong(), last - first + 1)
                : random.nextInt(30_000);
    }

    private String date() {
        LocalDate date = LocalDate.ofEpochDay(between(FIRST_DAY.toEpochDay(), LAST_DAY.toEpochDay()));
        return day(date) + era(date);
    }

    private String time(String zone) {
        long second = between(FIRST_SECOND, LAST_SECOND);
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        return "%s %02d:%02d:%02d.%06d%s%s"
                .formatted(
                        day(time.toLocalDate()),
                        time.getHour(),
                        time.getMinute(),
                        time.getSecond(),
                        random.nextInt(1_000_000),
                        zone,
                        era(time.toLocalDate()));
    }

    /** Without the leap days before Christ: the driver's getters fail on them. The table of types has some. */
    private static String day(LocalDate date) {
        if (date.getYear() <= 0 && date.getMonthValue() == 2 && date.getDayOfMonth() == 29) {
            return day(date.minusDays(1));
        }
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }
}
