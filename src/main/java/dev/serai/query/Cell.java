package dev.serai.query;

/** Writes the values of one column that are not NULL. */
interface Cell {

    /** As a JSON value. */
    void json(int row, Utf8Buffer out);

    /** As text without quotes, for CSV and for the keys of a map. */
    void plain(int row, Utf8Buffer out);

    /** A value whose text is also its JSON: numbers that every reader keeps, booleans, nested values. */
    interface Bare extends Cell {
        @Override
        default void json(int row, Utf8Buffer out) {
            plain(row, out);
        }
    }

    /** A value that is a JSON string of text that needs no escaping. */
    interface Quoted extends Cell {
        @Override
        default void json(int row, Utf8Buffer out) {
            out.write('"');
            plain(row, out);
            out.write('"');
        }
    }
}
