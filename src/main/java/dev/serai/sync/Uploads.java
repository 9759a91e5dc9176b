package dev.serai.sync;

import java.io.IOException;
import java.util.Map;

import org.springframework.stereotype.Service;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.file.FilePreview;
import dev.serai.upload.UploadOptions;
import dev.serai.upload.UploadedFile;
import dev.serai.upload.UploadedText;

/** Takes uploaded files: shows what is in them, or starts the run that makes a dataset of one. */
@Service
public class Uploads {
    /** The type whose connectors take files. */
    private static final String TYPE = "csv";

    static final String REJECTS = "__rejects";
    /** Of a workbook no more rows are looked at for a preview; to read a large one takes a minute. */
    private static final long PREVIEWED = 10_000;

    private final ConnectorStore connectors;
    private final Datasets datasets;
    private final Syncs syncs;

    Uploads(ConnectorStore connectors, Datasets datasets, Syncs syncs) {
        this.connectors = connectors;
        this.datasets = datasets;
        this.syncs = syncs;
    }

    /** What was begun. */
    public record Begun(String runId, String datasetId) {}

    /** What is in a file: what it was uploaded as, and what DuckDB finds. */
    public record Preview(UploadedText text, FilePreview.Found found) {}

    static String rejectsOf(String dataset) {
        return dataset + REJECTS;
    }

    /**
     * The connector, if it takes files.
     *
     * @throws FailureException {@code not_found}, {@code not_uploadable}, {@code connector_disabled}
     */
    public Connector connector(String project, String id) {
        Connector connector = connectors
                .find(project, id)
                .orElseThrow(() -> new FailureException(new Failure.Missing("There is no such connector.")));
        if (!connector.type().equals(TYPE)) {
            throw new FailureException(
                    new Failure.Conflict("not_uploadable", "Files are uploaded to a connector of the type csv."));
        }
        if (!connector.enabled()) {
            throw new FailureException(new Failure.Conflict("connector_disabled", "The connector is disabled."));
        }
        return connector;
    }

    /**
     * Looks at the first rows; nothing is kept. The file stays the caller's.
     *
     * @param form what its sender says of it, unchecked
     */
    public Preview preview(Connector connector, UploadedFile file, Map<String, String> form) throws IOException {
        UploadOptions options = new UploadWish(connector, form).options(false);
        UploadedText text = file.text(options, PREVIEWED, rows -> {});
        return new Preview(text, FilePreview.of(text.file(), text.layout(), file.folder()));
    }

    /** Starts the run and returns at once; the file is the run's, and removed when that has ended. */
    public Begun begin(Connector connector, UploadedFile file, Map<String, String> form, String startedBy)
            throws IOException {
        UploadOptions options = new UploadWish(connector, form).options(true);
        // A large workbook takes minutes, which are the run's; here is only found out whether it can be read.
        UploadedText text = file.text(options, PREVIEWED, rows -> {});
        Dataset dataset = datasets.uploaded(connector, String.valueOf(form.get("dataset")));
        Upload upload = new Upload(file, options, text, "append".equals(form.get("mode")));
        return new Begun(syncs.begin(connector, dataset, upload, startedBy).id(), dataset.id());
    }
}
