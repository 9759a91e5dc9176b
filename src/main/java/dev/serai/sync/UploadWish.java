package dev.serai.sync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.rows.Column;
import dev.serai.rows.LogicalType;
import dev.serai.rows.LogicalType.Kind;
import dev.serai.rows.file.CsvDialect;
import dev.serai.upload.UploadOptions;

/** What is to be made of an uploaded file, as its form and then its connector's config say? All faults are told at once. */
final class UploadWish {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,118}");
    private static final Pattern LINES = Pattern.compile("[0-9]{1,6}");
    private static final List<String> ENCODINGS =
            List.of("latin-1", "utf-16", "utf-16be", "utf-16le", "utf-8", "windows-1252");
    private static final List<Kind> TYPES =
            List.of(Kind.BIGINT, Kind.BOOLEAN, Kind.DATE, Kind.DOUBLE, Kind.TIMESTAMP, Kind.VARCHAR);

    private final Connector connector;
    private final Map<String, String> form;
    private final List<Fault> faults = new ArrayList<>();

    UploadWish(Connector connector, Map<String, String> form) {
        this.connector = connector;
        this.form = form;
    }

    /** @param whole whether the form says where the rows are to go, too */
    UploadOptions options(boolean whole) {
        if (whole) {
            target();
        }
        String delimiter = either("delimiter");
        check(
                "delimiter",
                delimiter == null || isOne(delimiter) || delimiter.equals("\\t"),
                "must be one character, or \\t");
        String quote = either("quote");
        check("quote", quote == null || quote.isEmpty() || isOne(quote), "must be one character, or empty");
        check("quote", quote == null || !quote.equals(delimiter), "must not be the delimiter");
        String escape = form.get("escape");
        check("escape", escape == null || isOne(escape), "must be one character");
        String header = either("header");
        check("header", header == null || Set.of("true", "false").contains(header), "must be true or false");
        String encoding = either("encoding");
        check(
                "encoding",
                encoding == null || ENCODINGS.contains(encoding),
                "must be one of " + String.join(", ", ENCODINGS));
        String skip = form.get("skip");
        check("skip", skip == null || LINES.matcher(skip).matches(), "must be a number of lines, 999999 at most");
        String decimal = form.get("decimal");
        check("decimal", decimal == null || Set.of(".", ",").contains(decimal), "must be . or ,");
        List<Column> columns = columns(form.get("columns"));
        if (!faults.isEmpty()) {
            throw new FailureException(Failure.Invalid.of(faults));
        }
        return new UploadOptions(
                new CsvDialect(
                        delimiter,
                        quote,
                        escape,
                        header == null ? null : Boolean.valueOf(header),
                        skip == null ? null : Integer.valueOf(skip),
                        form.get("null_text"),
                        decimal),
                columns,
                encoding,
                form.get("entry"),
                form.get("sheet"));
    }

    private void target() {
        String dataset = form.get("dataset");
        check(
                "dataset",
                dataset != null && NAME.matcher(dataset).matches() && !dataset.endsWith(Uploads.REJECTS),
                "must be a letter or _, then letters, digits or _; 119 characters at most, not ending with "
                        + Uploads.REJECTS);
        String mode = form.get("mode");
        check("mode", mode == null || Set.of("append", "replace").contains(mode), "must be one of append, replace");
    }

    private List<Column> columns(@Nullable String said) {
        List<Column> columns = new ArrayList<>();
        if (said == null) {
            return columns;
        }
        JsonNode list;
        try {
            list = JSON.readTree(said);
        } catch (JsonProcessingException e) {
            list = JSON.nullNode();
        }
        check("columns", list.isArray() && !list.isEmpty(), "must be a JSON array of objects with name and type");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String name = list.get(i).path("name").asText().strip();
            String type = list.get(i).path("type").asText();
            check("columns/" + i + "/name", !name.isEmpty(), "is required");
            check(
                    "columns/" + i + "/name",
                    name.isEmpty() || names.add(name.toLowerCase(Locale.ROOT)),
                    "is there twice");
            Kind kind = TYPES.stream()
                    .filter(one -> one.name().equals(type))
                    .findFirst()
                    .orElse(null);
            check("columns/" + i + "/type", kind != null, "must be one of " + TYPES);
            if (kind != null) {
                columns.add(Column.of(name, LogicalType.of(kind)));
            }
        }
        return columns;
    }

    private static boolean isOne(String text) {
        return text.length() == 1 && text.charAt(0) != '\n' && text.charAt(0) != '\r';
    }

    private void check(String field, boolean good, String rule) {
        if (!good) {
            faults.add(new Fault("/" + field, rule));
        }
    }

    private @Nullable String either(String property) {
        String said = form.get(property);
        JsonNode configured = connector.config().path(property);
        return said != null || configured.isMissingNode() || configured.isNull() ? said : configured.asText();
    }
}
