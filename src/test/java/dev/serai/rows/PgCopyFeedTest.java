package dev.serai.rows;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.serai.failure.FailureException;
import dev.serai.rows.PgCopySource.Chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PgCopyFeedTest {
    private int closed;

    @Test
    void cursorsThatTakeTurnsGetEveryRowOnce() throws Exception {
        PgCopyFeed feed = feed(copy(5, "a", "b", "c", "d", "e"));
        PgCopyBlock first = new PgCopyBlock(1, 2);
        PgCopyBlock second = new PgCopyBlock(1, 2);

        feed.fill(first);
        feed.fill(second);
        assertThat(values(first)).containsExactly("a", "b");
        assertThat(values(second)).containsExactly("c", "d");

        first.clear();
        feed.fill(first);
        assertThat(values(first)).containsExactly("e");
        second.clear();
        feed.fill(second);
        assertThat(values(second)).isEmpty();
    }

    @Test
    void rowsSpreadOverPiecesAreJoined() throws Exception {
        byte[] all = copy(5, "one", "two", "", "four").next();
        for (int size = 1; size < 40; size++) {
            PgCopyFeed feed = feed(pieces(all, size).iterator());
            PgCopyBlock block = new PgCopyBlock(1, 10);
            feed.fill(block);
            assertThat(values(block)).as("pieces of %d", size).containsExactly("one", "two", "", "four");
        }
    }

    @Test
    void aBlockOfWideRowsHoldsFewOfThem() throws Exception {
        String wide = "x".repeat(400_000);
        PgCopyFeed feed = feed(copy(1, wide, wide, wide, wide, "narrow"));
        PgCopyBlock block = new PgCopyBlock(1, 2048);

        feed.fill(block);
        assertThat(values(block)).containsExactly(wide, wide, wide);
        block.clear();
        feed.fill(block);
        assertThat(values(block)).containsExactly(wide, "narrow");
    }

    @Test
    void aFailureIsTheSameForEveryCursor() throws Exception {
        PgCopyFeed feed =
                feed(List.of(Arrays.copyOf(copy(5, "a", "b").next(), 30)).iterator());

        assertThatThrownBy(() -> feed.fill(new PgCopyBlock(1, 10)))
                .isInstanceOfSatisfying(
                        FailureException.class, told -> assertThatThrownBy(() -> feed.fill(new PgCopyBlock(1, 10)))
                                .isSameAs(told));
    }

    @Test
    void whatOneCursorGaveUpNobodyTakesForTheEnd() throws Exception {
        PgCopyFeed feed = feed(copy(5, "a", "b", "c"));
        feed.fill(new PgCopyBlock(1, 1));
        feed.close();
        feed.close();

        assertThat(closed).isEqualTo(1);
        assertThatThrownBy(() -> feed.fill(new PgCopyBlock(1, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterTheEndClosingIsNoFailureForTheOthers() throws Exception {
        PgCopyFeed feed = feed(copy(5, "a"));
        feed.fill(new PgCopyBlock(1, 10));
        feed.close();

        PgCopyBlock block = new PgCopyBlock(1, 10);
        feed.fill(block);
        assertThat(block.count()).isZero();
    }

    private PgCopyFeed feed(Iterator<byte[]> pieces) {
        return new PgCopyFeed(
                () -> new Chunks() {
                    @Override
                    public byte @Nullable [] next() {
                        return pieces.hasNext() ? pieces.next() : null;
                    }

                    @Override
                    public void close() {
                        closed++;
                    }
                },
                1);
    }

    /** A COPY of one column of text, in one piece. */
    private static Iterator<byte[]> copy(int extension, String... values) throws IOException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(rows)) {
            out.write("PGCOPY\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {(byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0});
            out.writeInt(extension);
            out.write(new byte[extension]);
            for (String value : values) {
                out.writeShort(1);
                out.writeInt(value.length());
                out.write(value.getBytes(StandardCharsets.US_ASCII));
            }
            out.writeShort(-1);
        }
        return List.of(rows.toByteArray()).iterator();
    }

    private static List<byte[]> pieces(byte[] all, int size) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < all.length; from += size) {
            pieces.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
        }
        return pieces;
    }

    private static List<String> values(PgCopyBlock block) {
        List<String> values = new ArrayList<>();
        for (int row = 0; row < block.count(); row++) {
            byte[] bytes = block.bytes(row);
            int offset = block.offset(row, 0);
            values.add(new String(
                    bytes, offset + Integer.BYTES, PgDecoders.int4(bytes, offset), StandardCharsets.US_ASCII));
        }
        return values;
    }
}
