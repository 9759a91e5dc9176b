package dev.serai.upload;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

import com.github.pjfanning.xlsx.SharedStringsImplementationType;
import com.github.pjfanning.xlsx.StreamingReader;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.util.TempFile;
import org.apache.poi.util.TempFileCreationStrategy;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.FullDisk;
import dev.serai.rows.file.FileLayout;

/** Makes text of one sheet of an XLSX workbook, row by row; its texts lie on the disk meanwhile, not in memory. */
final class WorkbookText {
    private static final int TOLD = 1000;

    private final Path folder;
    private final @Nullable String wanted;
    private final @Nullable Boolean header;
    private final long most;
    private final LongConsumer told;
    private boolean whole = true;

    /**
     * @param largest of an upload, in bytes
     * @param wanted the sheet's name or its number from 1; null: the first that is not hidden
     * @param most rows to be read
     * @param told how many rows were read so far, now and then; what it throws ends the reading
     */
    WorkbookText(
            Path folder,
            long largest,
            @Nullable String wanted,
            @Nullable Boolean header,
            long most,
            LongConsumer told) {
        this.folder = folder;
        this.wanted = wanted;
        this.header = header;
        this.most = most;
        this.told = told;
        // The library holds these for the whole process; all workbooks are under the same limits.
        ZipSecureFile.setMinInflateRatio(1.0 / Unpacking.MOST_RATIO);
        ZipSecureFile.setMaxEntrySize(Unpacking.MOST_TIMES * largest);
    }

    UploadedText write(Path file, Path target) {
        try {
            return TempFile.withStrategy(new InFolder(folder), () -> opened(file, target));
        } catch (FailureException e) {
            throw e;
        } catch (RuntimeException | NoClassDefFoundError e) {
            throw unreadable(e);
        }
    }

    private UploadedText opened(Path file, Path target) {
        try (Workbook workbook = StreamingReader.builder()
                .setSharedStringsImplementationType(SharedStringsImplementationType.TEMP_FILE_BACKED)
                .open(file.toFile())) {
            List<String> sheets = IntStream.range(0, workbook.getNumberOfSheets())
                    .mapToObj(workbook::getSheetName)
                    .toList();
            int sheet = chosen(workbook, sheets);
            SheetText text = written(workbook, sheet, target, false);
            String words = "sheet '" + sheets.get(sheet) + "', first row: " + (text.named() ? "names" : "values");
            return new UploadedText(
                    target,
                    new FileLayout.Numbered(text.columns(), words),
                    "xlsx",
                    null,
                    new UploadedText.Workbook(
                            sheets.get(sheet), text.named(), sheets, whole, text.errors(), text.firstError()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SheetText written(Workbook workbook, int sheet, Path target, boolean fromTheEdge) throws IOException {
        try (SheetText text = new SheetText(target, header)) {
            SheetText placed = fromTheEdge ? text.fromTheEdge() : text;
            long rows = 0;
            for (Row row : workbook.getSheetAt(sheet)) {
                rows += placed.write(row) ? 1 : 0;
                if (rows >= most) {
                    whole = false;
                    break;
                }
                if (rows % TOLD == 0) {
                    told.accept(rows);
                }
            }
            return placed;
        } catch (SheetText.FurtherLeft e) {
            return written(workbook, sheet, target, true);
        }
    }

    private int chosen(Workbook workbook, List<String> sheets) {
        if (wanted == null) {
            return IntStream.range(0, sheets.size())
                    .filter(i -> !workbook.isSheetHidden(i) && !workbook.isSheetVeryHidden(i))
                    .findFirst()
                    .orElse(0);
        }
        return IntStream.range(0, sheets.size())
                .filter(i -> sheets.get(i).equalsIgnoreCase(wanted))
                .findFirst()
                .orElseGet(() -> numbered(sheets, wanted));
    }

    private static int numbered(List<String> sheets, String wanted) {
        return IntStream.range(0, sheets.size())
                .filter(i -> String.valueOf(i + 1).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        Failure.Invalid.of("/sheet", "must be one of the workbook's: " + String.join(", ", sheets))));
    }

    /** The library's text may hold pieces of the file. */
    private static FailureException unreadable(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("Zip bomb")) {
                return Unpacking.refused("archive_refused", Unpacking.BOMB, e);
            }
        }
        return FullDisk.in(e).orElseGet(() -> damaged(e));
    }

    private static FailureException damaged(Throwable e) {
        return Unpacking.refused("unreadable_file", "The workbook is damaged, or not one of XLSX.", e);
    }

    private record InFolder(Path folder) implements TempFileCreationStrategy {
        @Override
        public File createTempFile(String prefix, String suffix) throws IOException {
            return Files.createTempFile(folder, prefix, suffix).toFile();
        }

        @Override
        public File createTempDirectory(String prefix) throws IOException {
            return Files.createTempDirectory(folder, prefix).toFile();
        }
    }
}
