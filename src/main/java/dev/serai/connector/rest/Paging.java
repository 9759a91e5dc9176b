package dev.serai.connector.rest;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How does an endpoint tell where more is?
 *
 * @param param of the request that says which page: its number, its first row's, or the cursor
 * @param size rows that are asked for at once, by {@code sizeParam} where that is given; 0: as many as the API likes
 * @param start the first page's number
 * @param cursor where in the answer the next cursor is
 * @param cursorHeader the answer's header that has it
 * @param cursorRecord the field of a page's last record that has it
 * @param hasMore where in the answer it says whether there is more
 * @param next where in the answer the next page's URL is
 * @param inBody whether the parameters are fields of the body's object
 */
record Paging(
        Kind kind,
        String param,
        @Nullable String sizeParam,
        int size,
        int start,
        @Nullable RecordPath cursor,
        @Nullable String cursorHeader,
        @Nullable String cursorRecord,
        @Nullable RecordPath hasMore,
        @Nullable RecordPath next,
        boolean inBody) {

    enum Kind {
        NONE,
        PAGE,
        OFFSET,
        CURSOR,
        NEXT_URL,
        LINK_HEADER
    }

    static Paging of(Map<?, ?> config) {
        Fields fields = new Fields(config);
        Kind kind = Kind.valueOf(fields.text("type", "none").toUpperCase(java.util.Locale.ROOT));
        return new Paging(
                kind,
                fields.text("param", kind.name().toLowerCase(java.util.Locale.ROOT)),
                fields.optional("size_param"),
                fields.number("size", 0),
                fields.number("start", 1),
                fields.path("cursor"),
                fields.optional("cursor_header"),
                fields.optional("cursor_record"),
                fields.path("has_more"),
                fields.path("next"),
                fields.text("in", "query").equals("body"));
    }
}
