package dev.serai.rows;

import java.util.List;

/**
 * Which feed does a cursor take its next rows from? It goes round, and past those that are busy with another cursor: so two
 * cursors keep any number of connections flowing, and none waits for one while another has rows.
 */
final class PgCopyTurns {
    private final List<PgCopyFeed> feeds;
    private int turn;

    private PgCopyTurns(List<PgCopyFeed> feeds, int turn) {
        this.feeds = feeds;
        this.turn = turn;
    }

    /** @param first where to begin; each cursor elsewhere */
    static PgCopyTurns from(List<PgCopyFeed> feeds, int first) {
        return new PgCopyTurns(feeds, first);
    }

    /** Gives the block the next rows; none at the end of all feeds. */
    void fill(PgCopyBlock block) throws Exception {
        for (int i = 0; i < feeds.size(); i++) {
            PgCopyFeed feed = next();
            if (feed.fillIfFree(block) && block.count() > 0) {
                return;
            }
        }
        // Whoever is left is busy or has ended.
        for (int i = 0; i < feeds.size(); i++) {
            next().fill(block);
            if (block.count() > 0) {
                return;
            }
        }
    }

    private PgCopyFeed next() {
        return feeds.get(Math.floorMod(turn++, feeds.size()));
    }

    void close() throws Exception {
        for (PgCopyFeed feed : feeds) {
            feed.close();
        }
    }
}
