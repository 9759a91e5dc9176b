package dev.serai.query;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.Fault;

/** What an error of DuckDB's means to the one who asked; an error of which that is not known is our own fault. */
final class DuckDbFailures {
    private static final Logger LOG = LoggerFactory.getLogger(DuckDbFailures.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> NOT_SQL = Set.of("Parser", "Syntax", "Binder", "Catalog");
    private static final Set<String> BY_VALUE = Set.of(
            "Constraint",
            "Conversion",
            "Decimal",
            "Divide by Zero",
            "Invalid",
            "Invalid Input",
            "Invalid type",
            "Mismatch Type",
            "Not implemented",
            "Out of Range",
            "Parameter Not Allowed",
            "Parameter Not Resolved",
            "Sequence",
            "Stack overflow");

    private DuckDbFailures() {}

    /** @param positions of the user's SQL, for the errors that point into it */
    static Failure of(Throwable error, SqlPositions positions, Sandbox.Limits limits) {
        String message = String.valueOf(error.getMessage());
        JsonNode parsed = json(message);
        String type = parsed.path("exception_type").asText();
        String detail = firstParagraph(parsed.path("exception_message").asText());
        if (NOT_SQL.contains(type)) {
            return new Failure.Unreadable("invalid_sql", detail, positions.of(parsed.path("position")));
        }
        if (type.equals("Out of Memory")) {
            return message.contains("max_temp_directory_size") ? limits.tooMuchSpill() : limits.tooMuchMemory();
        }
        if (BY_VALUE.contains(type)) {
            return new Failure.Invalid("query_failed", detail, List.of(new Fault("/sql", detail)));
        }
        if (type.equals("Permission")) {
            String refused = "The query asks for something it may not do.";
            return new Failure.Unreadable("not_allowed", refused, null);
        }
        return internal(error);
    }

    static Failure internal(Throwable error) {
        LOG.error("DuckDB failed", error);
        return new Failure.Internal("The query failed inside. The log has the cause.");
    }

    /** Whether the error tells its reason. */
    static boolean known(Throwable error) {
        return json(String.valueOf(error.getMessage())).has("exception_type");
    }

    /** Errors that pass through Arrow have text around DuckDB's JSON. */
    private static JsonNode json(String message) {
        int from = message.indexOf("{\"exception_type\"");
        if (from < 0) {
            return MissingNode.getInstance();
        }
        try (var parser = JSON.createParser(message.substring(from))) {
            JsonNode tree = JSON.readTree(parser);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (java.io.IOException e) {
            LOG.debug("Not an error of DuckDB's in JSON", e);
            return MissingNode.getInstance();
        }
    }

    /** Without DuckDB's advice on settings that nobody can change here. */
    private static String firstParagraph(String message) {
        int end = message.indexOf("\n\n");
        return (end < 0 ? message : message.substring(0, end)).strip();
    }
}
