package dev.serai.failure;

/**
 * One thing wrong with an input.
 *
 * @param pointer RFC 6901 JSON pointer into the request body, such as {@code /config/port}; for a query parameter
 *     {@code ?limit}
 * @param message what is wrong, in words for the person who sent it; never the value of a secret
 */
public record Fault(String pointer, String message) {}
