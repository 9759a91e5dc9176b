package dev.serai.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.rows.file.CsvDialect;
import dev.serai.sync.Uploads;
import dev.serai.upload.UploadFolder;
import dev.serai.upload.UploadedFile;
import dev.serai.upload.UploadedText;

/** Uploading files, and looking into them before. */
@Component
public class UploadsApi {
    private static final Set<String> OPTIONS = Set.of(
            "delimiter",
            "quote",
            "escape",
            "header",
            "skip",
            "null_text",
            "decimal",
            "columns",
            "encoding",
            "entry",
            "sheet");
    private static final Set<String> FIELDS =
            Stream.concat(Stream.of("dataset", "mode"), OPTIONS.stream()).collect(Collectors.toUnmodifiableSet());

    private final Uploads uploads;
    private final UploadFolder folder;

    UploadsApi(Uploads uploads, UploadFolder folder) {
        this.uploads = uploads;
        this.folder = folder;
    }

    record Started(String runId, String datasetId) {}

    record ColumnView(String name, String type) {}

    record PreviewView(
            String format,
            @Nullable String encoding,
            @Nullable String delimiter,
            @Nullable String quote,
            @Nullable String escape,
            @Nullable Boolean header,
            @Nullable Integer skip,
            @Nullable String nullText,
            @Nullable String decimal,
            @Nullable String sheet,
            List<String> sheets,
            List<ColumnView> columns,
            List<List<@Nullable String>> rows) {}

    public Answer upload(Call call) throws IOException {
        // Who may not upload need not send the file.
        Connector connector = uploads.connector(call.project(), call.part("id"));
        UploadedFile file = folder.next();
        boolean handedOver = false;
        try {
            Map<String, String> fields = call.uploaded().read(file, folder.largest(), FIELDS);
            Uploads.Begun begun =
                    uploads.begin(connector, file, fields, call.by().subject());
            handedOver = true;
            return Answer.accepted(new Started(begun.runId(), begun.datasetId()))
                    .with("Location", "/api/runs/" + begun.runId());
        } finally {
            if (!handedOver) {
                file.close();
            }
        }
    }

    public Answer preview(Call call) throws IOException {
        Connector connector = uploads.connector(call.project(), call.part("id"));
        try (UploadedFile file = folder.next()) {
            Map<String, String> fields = call.uploaded().read(file, folder.largest(), OPTIONS);
            Uploads.Preview preview = uploads.preview(connector, file, fields);
            CsvDialect its = preview.found().dialect();
            CsvDialect dialect = its == null ? CsvDialect.UNKNOWN : its;
            UploadedText.Workbook workbook = preview.text().workbook();
            return Answer.ok(new PreviewView(
                    preview.text().format(),
                    preview.text().encoding(),
                    dialect.delimiter(),
                    dialect.quote(),
                    dialect.escape(),
                    workbook == null ? dialect.header() : Boolean.valueOf(workbook.header()),
                    dialect.skip(),
                    dialect.nullText(),
                    dialect.decimal(),
                    workbook == null ? null : workbook.sheet(),
                    workbook == null ? List.of() : workbook.sheets(),
                    preview.found().columns().stream()
                            .map(column ->
                                    new ColumnView(column.name(), column.type().duckdb()))
                            .toList(),
                    preview.found().rows()));
        }
    }
}
