package dev.serai.sync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorStore;
import dev.serai.dataset.Dataset;
import dev.serai.dataset.Datasets;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.file.CsvDialect;
import dev.serai.rows.file.FilePreview;
import dev.serai.upload.UploadOptions;
import dev.serai.upload.UploadedFile;
import dev.serai.upload.UploadedText;

/** Takes uploaded files: shows what is in them, or starts the run that makes a dataset of one. */
@Service
public class Uploads {
    /** The type whose connectors take files. */
    private static final String TYPE = "csv";

    private static final String REJECTS = "__rejects";
    /** Of a workbook no more rows are looked at for a preview; to read a large one takes a minute. */
    private static final long PREVIEWED = 10_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,118}");
    private static final Set<String> ENCODINGS =
            Set.of("utf-8", "utf-16", "utf-16le", "utf-16be", "latin-1", "windows-1252");

    private final ConnectorStore connectors;
    private final Datasets datasets;
    private final Syncs syncs;

    Uploads(ConnectorStore connectors, Datasets datasets, Syncs syncs) {
        this.connectors = connectors;
        this.datasets = datasets;
        this.syncs = syncs;
    }

    /**
     * What somebody says of a file, unchecked; null is for what was left out.
     *
     * @param mode {@code replace} or {@code append}
     */
    public record Wish(
            @Nullable String dataset,
            @Nullable String mode,
            @Nullable String delimiter,
            @Nullable String quote,
            @Nullable String header,
            @Nullable String encoding,
            @Nullable String entry,
            @Nullable String sheet) {}

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

    /** Looks at the first rows; nothing is kept. The file stays the caller's. */
    public Preview preview(Connector connector, UploadedFile file, Wish wish) throws IOException {
        UploadOptions options = options(connector, wish, false);
        UploadedText text = file.text(options, PREVIEWED);
        return new Preview(text, FilePreview.of(text.file(), text.layout(), file.folder()));
    }

    /** Starts the run and returns at once; the file is the run's, and removed when that has ended. */
    public Begun begin(Connector connector, UploadedFile file, Wish wish, String startedBy) throws IOException {
        UploadOptions options = options(connector, wish, true);
        UploadedText text = file.text(options, Long.MAX_VALUE);
        Dataset dataset = datasets.uploaded(connector, String.valueOf(wish.dataset()));
        Upload upload = new Upload(file, text, "append".equals(wish.mode()));
        return new Begun(syncs.begin(connector, dataset, upload, startedBy).id(), dataset.id());
    }

    private static UploadOptions options(Connector connector, Wish wish, boolean whole) {
        List<Fault> faults = new ArrayList<>();
        String dataset = wish.dataset();
        if (whole && (dataset == null || !NAME.matcher(dataset).matches() || dataset.endsWith(REJECTS))) {
            faults.add(new Fault(
                    "/dataset",
                    "must be a letter or _, then letters, digits or _; 119 characters at most, not ending with "
                            + REJECTS));
        }
        if (wish.mode() != null && !Set.of("append", "replace").contains(wish.mode())) {
            faults.add(new Fault("/mode", "must be one of append, replace"));
        }
        String delimiter = either(wish.delimiter(), connector, "delimiter");
        if (delimiter != null && delimiter.length() != 1 && !delimiter.equals("\\t")) {
            faults.add(new Fault("/delimiter", "must be one character, or \\t"));
        }
        String quote = either(wish.quote(), connector, "quote");
        if (quote != null && quote.length() > 1) {
            faults.add(new Fault("/quote", "must be one character, or empty"));
        }
        String header = either(wish.header(), connector, "header");
        if (header != null && !Set.of("true", "false").contains(header)) {
            faults.add(new Fault("/header", "must be true or false"));
        }
        String encoding = either(wish.encoding(), connector, "encoding");
        if (encoding != null && !ENCODINGS.contains(encoding)) {
            faults.add(
                    new Fault("/encoding", "must be one of latin-1, utf-16, utf-16be, utf-16le, utf-8, windows-1252"));
        }
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return new UploadOptions(
                new CsvDialect(delimiter, quote, header == null ? null : Boolean.valueOf(header)),
                encoding,
                wish.entry(),
                wish.sheet());
    }

    private static @Nullable String either(@Nullable String said, Connector connector, String property) {
        JsonNode configured = connector.config().path(property);
        return said != null || configured.isMissingNode() || configured.isNull() ? said : configured.asText();
    }
}
