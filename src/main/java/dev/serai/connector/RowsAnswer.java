package dev.serai.connector;

import java.io.InputStream;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.failure.FailureException;
import dev.serai.rows.BatchSource;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;
import dev.serai.rows.TextSource.Format;

/** How does what a route answered become rows? Text of one page passes as it is; pages and limits are cut and joined. */
final class RowsAnswer {
    private RowsAnswer() {}

    /** Closing the rows closes the pages. */
    static RowSource of(Pages pages, JsonNode request) {
        try {
            if (pages.current().body() instanceof TextSource text
                    && (text.known() != null || !text.key().isEmpty())
                    && !pages.hasNext()) {
                // It has kept the limit itself.
                InputStream content = text.content() == null ? InputStream.nullInputStream() : text.content();
                return new TextSource(text.format(), leased(content, pages), text.known(), text.key());
            }
            return of(
                    pages, AnswerRows.of(pages.current()), request.path("limit").asLong(Long.MAX_VALUE));
        } catch (RuntimeException e) {
            pages.close();
            throw e;
        }
    }

    private static RowSource of(Pages pages, AnswerRows first, long limit) {
        boolean whole = !pages.hasNext() && limit == Long.MAX_VALUE;
        if (first instanceof AnswerRows.Source source) {
            return batches(source.rows(), pages);
        } else if (first instanceof AnswerRows.Csv csv) {
            return new TextSource(Format.CSV, whole ? leased(csv.text(), pages) : new CsvPages(pages, csv, limit));
        } else if (first instanceof AnswerRows.Json json && whole && json.asIs()) {
            return new TextSource(json.format(), leased(json.text(), pages));
        } else if (first instanceof AnswerRows.None && !pages.hasNext()) {
            pages.close();
            return new TextSource(Format.NDJSON, null);
        }
        return new TextSource(Format.NDJSON, new JsonPages(pages, first, limit));
    }

    private static InputStream leased(InputStream text, Pages pages) {
        return new LeasedText(text, pages);
    }

    private static RowSource batches(RowSource rows, Pages pages) {
        if (rows instanceof BatchSource batches && !pages.hasNext()) {
            return new LeasedBatches(batches, pages);
        }
        rows.close();
        throw new FailureException(
                SourceFailures.unreadable("The connector type answered with rows in batches and with a next page."));
    }
}
