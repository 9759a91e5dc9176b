package dev.serai.rows;

/**
 * Which day or moment does a text such as {@code 2024-02-29} or {@code 2024-02-29 12:34:56.789} name? None where no
 * calendar has it, such as {@code 0000-00-00}. Makes no object.
 */
final class DateText {
    /** Of a text that names none; no day and no moment of these years is that far. */
    static final long NONE = Long.MIN_VALUE;

    private static final int DATE = 10;
    private static final int SECONDS = 19;
    private static final int MICROS = 6;
    private static final long MICROS_A_SECOND = 1_000_000;
    private static final long SECONDS_A_DAY = 86_400;
    private static final int DAYS_TO_1970 = 719_468;

    private DateText() {}

    /** Days since 1970-01-01. */
    static long days(byte[] text) {
        return text.length == DATE ? day(text) : NONE;
    }

    /** Microseconds since 1970-01-01. */
    static long micros(byte[] text) {
        if (text.length < SECONDS || text[DATE + 3] != ':' || text[DATE + 6] != ':') {
            return NONE;
        }
        long day = day(text);
        int hour = number(text, 11, 2);
        int minute = number(text, 14, 2);
        int second = number(text, 17, 2);
        long fraction = fraction(text);
        if (day == NONE
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 59
                || fraction < 0) {
            return NONE;
        }
        return (day * SECONDS_A_DAY + hour * 3600L + minute * 60L + second) * MICROS_A_SECOND + fraction;
    }

    private static long fraction(byte[] text) {
        int digits = text.length - SECONDS - 1;
        if (digits < 0) {
            return 0;
        }
        if (text[SECONDS] != '.' || digits > MICROS) {
            return -1;
        }
        long fraction = number(text, SECONDS + 1, digits);
        for (int i = digits; i < MICROS && fraction > 0; i++) {
            fraction *= 10;
        }
        return fraction;
    }

    private static long day(byte[] text) {
        int year = number(text, 0, 4);
        int month = number(text, 5, 2);
        int day = number(text, 8, 2);
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || day > length(year, month)
                || text[4] != '-'
                || text[7] != '-') {
            return NONE;
        }
        // Years that begin in March have their leap day last.
        int from = month > 2 ? year : year - 1;
        int era = Math.floorDiv(from, 400);
        int yearOfEra = from - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - DAYS_TO_1970;
    }

    private static int length(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** -1 where there is anything but digits. */
    private static int number(byte[] text, int from, int length) {
        int number = 0;
        for (int i = from; i < from + length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
