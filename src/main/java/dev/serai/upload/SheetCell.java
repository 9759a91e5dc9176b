package dev.serai.upload;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.DateUtil;

/**
 * What does a cell of a workbook say? Of a formula it is the value that was saved with it.
 *
 * @param text as DuckDB casts it to the kind; empty for {@link SheetKind#NOTHING} and {@link SheetKind#ERROR}
 */
record SheetCell(SheetKind kind, String text) {
    static final SheetCell NOTHING = new SheetCell(SheetKind.NOTHING, "");

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    /** Excel keeps 15 digits. */
    private static final double EXACT = 1e15;

    static SheetCell of(Cell cell) {
        CellType type = cell.getCellType() == CellType.FORMULA ? cell.getCachedFormulaResultType() : cell.getCellType();
        return switch (type) {
            case NUMERIC -> number(cell);
            case BOOLEAN -> new SheetCell(SheetKind.BOOLEAN, String.valueOf(cell.getBooleanCellValue()));
            case ERROR -> new SheetCell(SheetKind.ERROR, "");
            case STRING -> text(cell.getStringCellValue());
            default -> NOTHING;
        };
    }

    /** A formula that gives an empty text looks like an empty cell, and is meant as one. */
    private static SheetCell text(String text) {
        return text.isEmpty() ? NOTHING : new SheetCell(SheetKind.TEXT, text);
    }

    private static SheetCell number(Cell cell) {
        double number = cell.getNumericCellValue();
        if (DateUtil.isValidExcelDate(number) && isMoment(cell)) {
            return moment(number, cell.getLocalDateTimeCellValue());
        }
        if (number == Math.rint(number) && Math.abs(number) < EXACT) {
            return new SheetCell(SheetKind.INTEGER, String.valueOf((long) number));
        }
        return new SheetCell(SheetKind.NUMBER, BigDecimal.valueOf(number).toPlainString());
    }

    /** Elapsed times, such as {@code [h]:mm}, are shown like times of the day and are none. */
    private static boolean isMoment(Cell cell) {
        if (cell.getCellStyle() == null || !DateUtil.isCellDateFormatted(cell)) {
            return false;
        }
        String format =
                String.valueOf(cell.getCellStyle().getDataFormatString()).toLowerCase(Locale.ROOT);
        return !format.contains("[h") && !format.contains("[m") && !format.contains("[s");
    }

    private static SheetCell moment(double number, LocalDateTime at) {
        if (number < 1) {
            return new SheetCell(SheetKind.TEXT, at.toLocalTime().format(TIME));
        }
        return at.toLocalTime().equals(LocalTime.MIDNIGHT)
                ? new SheetCell(SheetKind.DATE, at.toLocalDate().toString())
                : new SheetCell(SheetKind.TIMESTAMP, at.format(TIMESTAMP));
    }
}
