package dev.serai.api;

import java.util.Arrays;

import dev.serai.query.ResultFormat;
import dev.serai.query.ResultStream;

/** Answers of rows in the format that the client accepts. */
final class RowAnswers {
    static final String NEXT = "Next-Cursor";

    private RowAnswers() {}

    /** Rows at most, as the body says. */
    static long limit(Call call) {
        return call.body().path("limit").asLong(1000);
    }

    static ResultFormat format(Call call) {
        return Arrays.stream(ResultFormat.values())
                .filter(format -> format.mediaType().equals(call.accepted()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No encoder for " + call.accepted()));
    }

    static Answer of(ResultStream rows) {
        Answer answer = Answer.stream(rows.format().mediaType(), rows).with("Vary", "Accept");
        return rows.nextCursor().map(cursor -> answer.with(NEXT, cursor)).orElse(answer);
    }
}
