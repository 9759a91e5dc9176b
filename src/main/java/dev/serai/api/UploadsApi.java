package dev.serai.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.connector.Connector;
import dev.serai.sync.Uploads;
import dev.serai.upload.UploadFolder;
import dev.serai.upload.UploadedFile;

/** Uploading files, and looking into them before. */
@Component
public class UploadsApi {
    private static final Set<String> OPTIONS = Set.of("delimiter", "quote", "header", "encoding", "entry");
    private static final Set<String> FIELDS =
            Set.of("dataset", "mode", "delimiter", "quote", "header", "encoding", "entry");

    private final Uploads uploads;
    private final UploadFolder folder;

    UploadsApi(Uploads uploads, UploadFolder folder) {
        this.uploads = uploads;
        this.folder = folder;
    }

    record Started(String runId, String datasetId) {}

    record ColumnView(String name, String type) {}

    record PreviewView(
            String encoding,
            String delimiter,
            String quote,
            boolean header,
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
                    uploads.begin(connector, file, wish(fields), call.by().subject());
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
            Uploads.Preview preview = uploads.preview(connector, file, wish(fields));
            return Answer.ok(new PreviewView(
                    preview.encoding(),
                    preview.found().delimiter(),
                    preview.found().quote(),
                    preview.found().header(),
                    preview.found().columns().stream()
                            .map(column ->
                                    new ColumnView(column.name(), column.type().duckdb()))
                            .toList(),
                    preview.found().rows()));
        }
    }

    private static Uploads.Wish wish(Map<String, String> fields) {
        return new Uploads.Wish(
                fields.get("dataset"),
                fields.get("mode"),
                fields.get("delimiter"),
                fields.get("quote"),
                fields.get("header"),
                fields.get("encoding"),
                fields.get("entry"));
    }
}
