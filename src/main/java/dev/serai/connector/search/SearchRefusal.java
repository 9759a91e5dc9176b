package dev.serai.connector.search;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.failure.FailureException;

/** What did a search server answer where it refused? The cause of the failure, for whoever knows more of the request. */
final class SearchRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient JsonNode error;

    SearchRefusal(int status, JsonNode error) {
        super("Status " + status, null, false, false);
        this.status = status;
        this.error = error;
    }

    static Optional<SearchRefusal> in(FailureException failure) {
        return failure.getCause() instanceof SearchRefusal refusal ? Optional.of(refusal) : Optional.empty();
    }

    int status() {
        return status;
    }

    JsonNode error() {
        return error;
    }
}
