package dev.serai.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.openxmlformats.schemas.spreadsheetml.x2006.main.CTWorkbookPr;

import static org.assertj.core.api.Assertions.assertThat;

/** Workbooks of Excel on their way into datasets. */
class UploadedWorkbooksTest extends UploadWorld {
    private static byte[] workbook(Consumer<XSSFWorkbook> content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var workbook = new XSSFWorkbook()) {
            content.accept(workbook);
            workbook.write(bytes);
        }
        return bytes.toByteArray();
    }

    private static Row row(Sheet sheet, int number, Object... values) {
        Row row = sheet.createRow(number);
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Number one) {
                row.createCell(i).setCellValue(one.doubleValue());
            } else if (values[i] instanceof Boolean one) {
                row.createCell(i).setCellValue(one);
            } else if (values[i] instanceof String one) {
                row.createCell(i).setCellValue(one);
            }
        }
        return row;
    }

    private static CellStyle format(XSSFWorkbook workbook, String format) {
        CellStyle style = workbook.createCellStyle();
        style.setDataFormat(workbook.createDataFormat().getFormat(format));
        return style;
    }

    private static void moments(XSSFWorkbook workbook) {
        Sheet sheet = workbook.createSheet();
        row(sheet, 0, "day", "at", "time", "lasts");
        Row row = sheet.createRow(1);
        row.createCell(0).setCellValue(LocalDate.of(2024, 2, 29));
        row.createCell(1).setCellValue(LocalDateTime.of(2024, 2, 29, 13, 5, 7));
        row.createCell(2).setCellValue(0.5);
        row.createCell(3).setCellValue(1.5);
        String[] formats = {"dd.mm.yyyy", "yyyy-mm-dd hh:mm:ss", "hh:mm", "[h]:mm"};
        for (int i = 0; i < formats.length; i++) {
            row.getCell(i).setCellStyle(format(workbook, formats[i]));
        }
    }

    /** A workbook of parts as they are given; the sheet's rows are XML. */
    private static byte[] parts(String strings, String rows) throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        String types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        String relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        String main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        parts.put(
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                        + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" + types + "sheet.main+xml\"/>"
                        + "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" + types
                        + "worksheet+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"" + types
                        + "sharedStrings+xml\"/></Types>");
        parts.put("_rels/.rels", relationships("r1", relations + "/officeDocument", "xl/workbook.xml"));
        parts.put(
                "xl/workbook.xml",
                "<workbook xmlns=\"" + main + "\" xmlns:r=\"" + relations
                        + "\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
        parts.put(
                "xl/_rels/workbook.xml.rels",
                relationships(
                        "r1",
                        relations + "/worksheet",
                        "worksheets/sheet1.xml",
                        "r2",
                        relations + "/sharedStrings",
                        "sharedStrings.xml"));
        parts.put("xl/sharedStrings.xml", strings.replace("<sst>", "<sst xmlns=\"" + main + "\">"));
        parts.put(
                "xl/worksheets/sheet1.xml",
                "<worksheet xmlns=\"" + main + "\"><sheetData>" + rows + "</sheetData></worksheet>");
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (var part : parts.entrySet()) {
                out.putNextEntry(new ZipEntry(part.getKey()));
                out.write(part.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static String relationships(String... all) {
        var text = new StringBuilder(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
        for (int i = 0; i < all.length; i += 3) {
            text.append(
                    "<Relationship Id=\"" + all[i] + "\" Type=\"" + all[i + 1] + "\" Target=\"" + all[i + 2] + "\"/>");
        }
        return text + "</Relationships>";
    }

    @Test
    void takesTheFirstSheetThatIsNotHidden() throws Exception {
        byte[] file = workbook(workbook -> {
            row(workbook.createSheet("Notes"), 0, "secret");
            workbook.setSheetHidden(0, true);
            workbook.setActiveSheet(1 - 1);
            Sheet sheet = workbook.createSheet("Sales");
            row(sheet, 0, "id", "name", "price", "paid", "note");
            row(sheet, 1, 1, "Ann \"A\", B\nnext", 1.5, true, "");
            row(sheet, 2, 2, null, 0.1 + 0.2, false, "007");
            row(sheet, 5, 1e15, "x", 1e-20);
        });
        JsonNode outcome = uploaded(file);

        assertThat(outcome.path("status").asText()).as(outcome.toString()).isEqualTo("succeeded");
        assertThat(outcome.at("/warnings/0/detail").asText())
                .contains("sheet 'Sales'")
                .contains("first row: names");
        assertThat(types()).isEqualTo("[DOUBLE, VARCHAR, DOUBLE, BOOLEAN, VARCHAR]");
        assertThat(rows("id"))
                .isEqualTo("[[1.0,\"Ann \\\"A\\\", B\\nnext\",1.5,true,null],"
                        + "[2.0,null,0.30000000000000004,false,\"007\"],[1.0E15,\"x\",1.0E-20,null,null]]");
        assertThat(filesLeft()).isZero();
    }

    @Test
    void takesASheetByNameAndByNumber() throws Exception {
        byte[] file = workbook(workbook -> {
            row(workbook.createSheet("First"), 0, "a");
            Sheet sheet = workbook.createSheet("Zweites Blatt");
            row(sheet, 0, "b");
            row(sheet, 1, 5);
        });
        uploaded(file, "sheet", "zweites blatt");
        assertThat(rows("1")).isEqualTo("[[5]]");
        uploaded(file, "sheet", "2", "header", "false");
        assertThat(rows("1")).isEqualTo("[[\"5\"],[\"b\"]]");
        assertThat(columns()).isEqualTo("[column_1]");
        JsonNode problem = upload(file, "sheet", "Third").problem(422);
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/sheet");
        assertThat(problem.toString()).contains("First, Zweites Blatt");
        JsonNode preview =
                send(ADMIN, "/upload/preview", file, Map.of("sheet", "2")).expect(200);
        assertThat(preview.path("format").asText()).isEqualTo("xlsx");
        assertThat(preview.path("sheet").asText()).isEqualTo("Zweites Blatt");
        assertThat(preview.path("sheets").toString()).isEqualTo("[\"First\",\"Zweites Blatt\"]");
        assertThat(preview.path("header").asBoolean()).isTrue();
        assertThat(preview.path("rows").toString()).isEqualTo("[[\"5\"]]");
        assertThat(upload("a,b\n".getBytes(StandardCharsets.UTF_8), "sheet", "2")
                        .problem(422)
                        .toString())
                .contains("/sheet");
    }

    @Test
    void readsTheRowsOfALargeWorkbookInTheRun() throws Exception {
        byte[] large = workbook(workbook -> {
            Sheet sheet = workbook.createSheet();
            row(sheet, 0, "id", "v");
            for (int i = 1; i <= 10_500; i++) {
                row(sheet, i, i, i == 10_500 ? "last" : (Object) i);
            }
        });
        JsonNode outcome = uploaded(large);
        assertThat(outcome.path("rows_written").asInt()).as(outcome.toString()).isEqualTo(10_500);
        assertThat(types()).isEqualTo("[BIGINT, VARCHAR]");
    }

    @Test
    void saysThatAnEmptyWorkbookHasNothing() throws Exception {
        JsonNode outcome = uploaded(workbook(workbook -> workbook.createSheet()));
        assertThat(outcome.at("/error/code").asText()).isEqualTo("no_columns");
        assertThat(uploaded(workbook(workbook -> row(workbook.createSheet(), 3, "a", "b")))
                        .path("rows_written")
                        .asInt())
                .isZero();
        assertThat(columns()).isEqualTo("[a, b]");
    }

    @Test
    void takesDatesOfBothEpochs() throws Exception {
        byte[] file = workbook(UploadedWorkbooksTest::moments);
        uploaded(file);
        assertThat(types()).isEqualTo("[DATE, TIMESTAMP, VARCHAR, DOUBLE]");
        assertThat(rows("1")).isEqualTo("[[\"2024-02-29\",\"2024-02-29T13:05:07\",\"12:00:00\",1.5]]");

        byte[] old = workbook(workbook -> {
            CTWorkbookPr properties = workbook.getCTWorkbook().addNewWorkbookPr();
            properties.setDate1904(true);
            moments(workbook);
        });
        uploaded(old);
        assertThat(rows("1")).isEqualTo("[[\"2024-02-29\",\"2024-02-29T13:05:07\",\"12:00:00\",1.5]]");
    }

    @Test
    void takesTheValuesOfFormulasAndCountsThoseThatFailed() throws Exception {
        byte[] file = workbook(workbook -> {
            Sheet sheet = workbook.createSheet();
            row(sheet, 0, "n", "twice", "text", "yes", "bad");
            Row row = row(sheet, 1, 21);
            row.createCell(1).setCellFormula("A2*2");
            row.createCell(2).setCellFormula("CONCATENATE(\"x\",A2)");
            row.createCell(3).setCellFormula("A2>1");
            row.createCell(4).setCellFormula("A2/0");
            workbook.getCreationHelper().createFormulaEvaluator().evaluateAll();
        });
        JsonNode outcome = uploaded(file);
        assertThat(rows("1")).isEqualTo("[[21,42,\"x21\",true,null]]");
        assertThat(outcome.at("/warnings/1/code").asText()).isEqualTo("error_cells");
        assertThat(outcome.at("/warnings/1/count").asInt()).isEqualTo(1);
        assertThat(outcome.at("/warnings/1/detail").asText()).contains("E2");
    }

    @Test
    void leavesTheValueOfMergedCellsInTheFirstAndTakesTablesThatStartAnywhere() throws Exception {
        byte[] file = workbook(workbook -> {
            Sheet sheet = workbook.createSheet();
            Row names = sheet.createRow(3);
            names.createCell(2).setCellValue("group");
            names.createCell(3).setCellValue("item");
            for (int i = 4; i < 6; i++) {
                sheet.createRow(i).createCell(3).setCellValue(i);
            }
            sheet.getRow(4).createCell(2).setCellValue("A");
            sheet.addMergedRegion(new CellRangeAddress(4, 5, 2, 2));
        });
        uploaded(file);
        assertThat(columns()).isEqualTo("[group, item]");
        assertThat(rows("item")).isEqualTo("[[\"A\",4],[null,5]]");

        uploaded(workbook(workbook -> {
            Sheet sheet = workbook.createSheet();
            sheet.createRow(0).createCell(1).setCellValue("b");
            row(sheet, 1, 1, 2, 3);
        }));
        assertThat(columns()).isEqualTo("[column_1, b, column_3]");
        assertThat(rows("1")).isEqualTo("[[1,2,3]]");
    }

    @Test
    void keepsAppendedRowsThatDoNotFitWithTheirNumbersInTheSheet() throws Exception {
        uploaded("id,name\n1,Ann\n");
        JsonNode outcome = uploaded(
                workbook(workbook -> {
                    Sheet sheet = workbook.createSheet();
                    row(sheet, 0, "ID", "name");
                    row(sheet, 1, 2, 5);
                    row(sheet, 9, "three", "Cid, \"C\"");
                }),
                "mode",
                "append");
        assertThat(outcome.path("rows_written").asInt()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.path("rows_rejected").asInt()).isEqualTo(1);
        assertThat(rows("id")).isEqualTo("[[1,\"Ann\"],[2,\"5\"]]");
        assertThat(rejects()).isEqualTo("[[10,\"not a BIGINT\",\"three,\\\"Cid, \\\"\\\"C\\\"\\\"\\\"\"]]");
    }

    @Test
    void takesTextsInCellsAndInTheSharedTable() throws Exception {
        uploaded(parts(
                "<sst><si><t>name</t></si><si><r><t>Ann </t></r><r><t>B</t></r></si></sst>",
                "<row><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>other</t></is></c></row>"
                        + "<row><c t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><t>x</t></is></c></row>"));
        assertThat(columns()).isEqualTo("[name, other]");
        assertThat(rows("1")).isEqualTo("[[\"Ann B\",\"x\"]]");
    }

    @Test
    void followsNoEntityOutOfTheFile() throws Exception {
        String entity = "<!DOCTYPE sst [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><sst><si><t>&x;</t></si></sst>";
        HttpAnswer answer = answer(parts(entity, "<row><c t=\"s\"><v>0</v></c></row>"));
        assertThat(answer.text()).doesNotContain("root:");
        String laughs = "<!DOCTYPE sst [<!ENTITY a \"" + "ha".repeat(1000) + "\"><!ENTITY b \"" + "&a;".repeat(1000)
                + "\"><!ENTITY c \"" + "&b;".repeat(1000) + "\">]><sst><si><t>&c;</t></si></sst>";
        answer = answer(parts(laughs, "<row><c t=\"s\"><v>0</v></c></row>"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(filesLeft()).isZero();
    }

    private record HttpAnswer(int status, String text) {}

    private HttpAnswer answer(byte[] file) {
        var reply = send(ADMIN, "/upload/preview", file, Map.of());
        return new HttpAnswer(reply.status(), reply.text());
    }

    @Test
    void refusesBombsAndDamagedAndProtectedWorkbooks() throws Exception {
        byte[] bomb = parts(
                "<sst><si><t>" + "x".repeat(80_000_000) + "</t></si></sst>", "<row><c t=\"s\"><v>0</v></c></row>");
        assertThat(upload(bomb).problem(422).path("code").asText()).isEqualTo("archive_refused");
        assertThat(upload(parts("<sst>", "<row>")).problem(422).path("code").asText())
                .isEqualTo("unreadable_file");

        byte[] plain = workbook(workbook -> row(workbook.createSheet(), 0, "a"));
        var locked = new ByteArrayOutputStream();
        try (var files = new POIFSFileSystem()) {
            var encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("secret");
            try (var out = encryptor.getDataStream(files)) {
                out.write(plain);
            }
            files.writeFilesystem(locked);
        }
        JsonNode problem = upload(locked.toByteArray()).problem(422);
        assertThat(problem.path("code").asText()).isEqualTo("unsupported_file");
        assertThat(problem.path("detail").asText()).contains("password");
        assertThat(uploaded(zipped(plain)).path("status").asText()).isEqualTo("succeeded");
        assertThat(filesLeft()).isZero();
    }

    private static byte[] zipped(byte[] file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("book.xlsx"));
            out.write(file);
        }
        return bytes.toByteArray();
    }
}
