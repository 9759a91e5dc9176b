package dev.serai.contract;

/** What a connector type can be asked to do. Every one is assumed; a type that lacks one says so, and why. */
public enum Capability {
    /** Tells by {@code test} whether it works, and where the way to the source ends. */
    TEST,
    /** Lists its models. */
    MODELS,
    /** Lists models a page at a time, by cursor. */
    MODELS_BY_PAGE,
    /** Finds models by a part of their name. */
    MODEL_SEARCH,
    /** Tells a model's columns without reading it, also those of a model without rows. */
    SCHEMA,
    /** Reads all rows of a model. */
    READ,
    /** Reads no more than the rows that were asked for. */
    READ_LIMIT,
    /** Reads only the columns that were asked for, in that order. */
    READ_COLUMNS,
    /** Knows the columns of a model without rows. */
    READ_EMPTY,
    /** Stops reading at the source as soon as the reader stops. */
    READ_CANCEL,
    /** Reads the answer to a query of the source's own language, as a dataset from a query does. */
    READ_QUERY,
    /** Answers a query of the source's own language. */
    QUERY,
    /** Answers no more rows than asked for. */
    QUERY_LIMIT,
    /** Takes the values of a query apart from its text. */
    QUERY_PARAMETERS,
    /** Keeps two columns of one name apart. */
    QUERY_DUPLICATE_NAMES,
    /** Tells the columns of an answer without rows. */
    QUERY_EMPTY,
    /** Says where in a query the fault is. */
    QUERY_POSITION,
    /** Refuses to change anything. */
    QUERY_READ_ONLY,
    /** Gives up a query that takes too long. */
    QUERY_TIMEOUT,
    /** Ends its connections when it is closed. */
    CLOSING,
    /** Takes a secret, and never tells it. */
    SECRETS
}
