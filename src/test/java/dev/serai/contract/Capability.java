package dev.serai.contract;

import org.jspecify.annotations.Nullable;

/** What a connector type can be asked to do. Every one is assumed; a type that lacks one says so, and why. */
public enum Capability {
    /** Tells by {@code test} whether it works, and where the way to the source ends. */
    TEST("test"),
    /** Lists its models. */
    MODELS("models"),
    /** Lists models a page at a time, by cursor. */
    MODELS_BY_PAGE("models"),
    /** Finds models by a part of their name. */
    MODEL_SEARCH("models"),
    /** Tells a model's columns without reading it, also those of a model without rows. */
    SCHEMA(null),
    /** Reads all rows of a model. */
    READ("read"),
    /** Reads no more than the rows that were asked for. */
    READ_LIMIT("read"),
    /** Reads only the columns that were asked for, in that order. */
    READ_COLUMNS("read"),
    /** Knows the columns of a model without rows. */
    READ_EMPTY("read"),
    /** Stops reading at the source as soon as the reader stops. */
    READ_CANCEL("read"),
    /** Reads the answer to a query of the source's own language, as a dataset from a query does. */
    READ_QUERY("read"),
    /** Answers a query of the source's own language. */
    QUERY("query"),
    /** Answers no more rows than asked for. */
    QUERY_LIMIT("query"),
    /** Takes the values of a query apart from its text. */
    QUERY_PARAMETERS("query"),
    /** Keeps two columns of one name apart. */
    QUERY_DUPLICATE_NAMES("query"),
    /** Tells the columns of an answer without rows. */
    QUERY_EMPTY("query"),
    /** Says where in a query the fault is. */
    QUERY_POSITION("query"),
    /** Refuses to change anything. */
    QUERY_READ_ONLY("query"),
    /** Gives up a query that takes too long. */
    QUERY_TIMEOUT("query"),
    /** Ends its connections when it is closed. */
    CLOSING(null),
    /** Takes a secret, and never tells it. */
    SECRETS(null);

    private final @Nullable String operation;

    Capability(@Nullable String operation) {
        this.operation = operation;
    }

    /** What cannot be asked for at all where a type does not offer it; null where that is not told by one name. */
    @Nullable
    String operation() {
        return operation;
    }
}
