package dev.serai.rows;

/**
 * Something about how rows were read that people should know, though it changed none of them.
 *
 * @param code such as {@code read_by_cursor}
 * @param detail a sentence
 */
public record RowNote(String code, String detail) {}
