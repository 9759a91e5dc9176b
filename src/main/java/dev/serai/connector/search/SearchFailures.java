package dev.serai.connector.search;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** What does a search server's refusal mean? Its words quote documents and nodes, so ours are told. */
final class SearchFailures {
    private static final int MOST_CHARACTERS = 300;

    private SearchFailures() {}

    /** @param error the answer's body, where it was JSON */
    static FailureException of(int status, JsonNode error) {
        String type = type(error);
        return switch (type) {
            case "index_not_found_exception", "resource_not_found_exception" -> missing();
            case "search_context_missing_exception" -> lost();
            case "circuit_breaking_exception" ->
                exception(
                        Layer.READ,
                        SourceFailures.RATE_LIMIT,
                        "The server has not enough memory for it now. Ask for less at once: page_megabytes, page_size.",
                        true);
            case "index_closed_exception" ->
                exception(Layer.READ, "rejected", "The index is closed, and has to be opened first.", false);
            case "cluster_block_exception" ->
                exception(Layer.READ, "unavailable", "The server has blocked reading for now.", true);
            default -> of(status, type);
        };
    }

    private static FailureException of(int status, String type) {
        return switch (status) {
            case 401 ->
                exception(
                        Layer.AUTHENTICATE,
                        "authentication_failed",
                        "The server does not accept the user name and password, or the API key.",
                        false);
            case 403 ->
                exception(Layer.AUTHORIZE, "permission_denied", "The server does not let the user do this.", false);
            case 404 -> missing();
            case 408, 504 -> timeout();
            case 429 ->
                exception(Layer.READ, SourceFailures.RATE_LIMIT, "The server has too much to do just now.", true);
            case 502, 503 -> exception(Layer.READ, "unavailable", "The server cannot answer just now.", true);
            default ->
                status >= 500
                        ? exception(Layer.READ, "source_failed", "The server failed (status " + status + ").", true)
                        : exception(
                                Layer.READ,
                                "rejected",
                                "The server refused the request (" + (type.isEmpty() ? "status " + status : type)
                                        + ").",
                                false);
        };
    }

    static FailureException exception(Layer layer, String code, String detail, boolean retryable) {
        return new FailureException(new Failure.Source(layer, code, detail, retryable));
    }

    static FailureException missing() {
        return exception(
                Layer.READ, "model_missing", "There is no such index, alias or data stream that one may read.", false);
    }

    static FailureException lost() {
        return exception(Layer.READ, "read_failed", "The server gave the read up before it was done.", true);
    }

    static FailureException timeout() {
        return exception(Layer.READ, "timeout", "The server did not answer in time.", true);
    }

    static FailureException incomplete() {
        return exception(
                Layer.READ, "truncated", "A part of the index could not be read, so nothing was taken of it.", true);
    }

    static FailureException unreadable(@Nullable Exception cause) {
        return new FailureException(
                new Failure.Source(
                        Layer.READ,
                        "unreadable_answer",
                        "The answer is none of Elasticsearch or OpenSearch. Check the base_url.",
                        false),
                cause);
    }

    /** Such as {@code parsing_exception}; empty where none was told. */
    static String type(JsonNode error) {
        String type = error.path("error").path("type").asText("");
        return type.matches("[a-z_]{1,80}") ? type : "";
    }

    /** What the server says to the query's author of the query. */
    static String reason(JsonNode error) {
        JsonNode told = error.path("error");
        String reason = told.path("root_cause")
                .path(0)
                .path("reason")
                .asText(told.path("reason").asText(""));
        String line = reason.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.substring(0, Math.min(line.length(), MOST_CHARACTERS));
    }
}
