package dev.serai.sync;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;

import static org.assertj.core.api.Assertions.assertThat;

class SyncProgressTest {
    private final SyncProgress progress = new SyncProgress();

    /** Rows of which nothing comes, with what their source says of them. */
    private record Source(long estimatedRows, long bytesRead) implements BatchSource {
        @Override
        public List<Column> columns() {
            return List.of();
        }

        @Override
        public Cursor open(int partition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static long seconds(double time) {
        return (long) (time * 1e9);
    }

    @Test
    void tellsWhatIsLeftByTheRateOfTheLastTenSeconds() {
        progress.opened(new Source(1_000, 77), seconds(0));
        for (int second = 1; second <= 10; second++) {
            progress.rows(second * 10L);
            progress.at(seconds(second));
        }
        assertThat(progress.at(seconds(10))).isEqualTo(new Progress("reading", 100, 77L, 10, 1_000L, 900L, 90L));
        for (int second = 11; second <= 30; second++) {
            progress.rows(100 + (second - 10) * 40L);
            progress.at(seconds(second));
        }
        assertThat(progress.at(seconds(30))).isEqualTo(new Progress("reading", 900, 77L, 40, 1_000L, 100L, 3L));
    }

    @Test
    void claimsNothingThatItDoesNotKnow() {
        assertThat(progress.at(seconds(1))).isEqualTo(new Progress("opening", 0, null, 0, null, null, null));
        progress.opened(new Source(-1, -1), seconds(1));
        progress.rows(5);
        assertThat(progress.at(seconds(2))).isEqualTo(new Progress("reading", 5, null, 5, null, null, null));
    }

    @Test
    void saysOfNothingHowLongItTakesWhileNothingComes() {
        progress.opened(new Source(10, 0), seconds(0));
        assertThat(progress.at(seconds(0))).isEqualTo(new Progress("reading", 0, 0L, 0, 10L, 10L, null));
        assertThat(progress.at(seconds(9))).isEqualTo(new Progress("reading", 0, 0L, 0, 10L, 10L, null));
    }

    @Test
    void isNeverNegativeWhereMoreComesThanWasExpected() {
        progress.opened(new Source(10, 0), seconds(0));
        progress.rows(10);
        assertThat(progress.at(seconds(1)).rowsLeft()).isNull();
        progress.rows(25);
        assertThat(progress.at(seconds(2))).isEqualTo(new Progress("reading", 25, 0L, 13, 10L, null, null));
    }

    @Test
    void hasNothingLeftToReadOnceItCommits() {
        progress.opened(new Source(1_000_000, 9), seconds(0));
        progress.rows(20);
        progress.complete();
        assertThat(progress.at(seconds(2))).isEqualTo(new Progress("committing", 20, 9L, 0, 1_000_000L, null, null));
    }

    @Test
    void beginsAnewWithEachAttempt() {
        progress.opened(new Source(50, 9), seconds(0));
        progress.rows(40);
        progress.complete();
        progress.opened(new Source(50, 1), seconds(10));
        assertThat(progress.at(seconds(11))).isEqualTo(new Progress("reading", 0, 1L, 0, 50L, 50L, null));
    }

    @Test
    void isNoNewsTwice() {
        assertThat(progress.news(seconds(1))).isEmpty();
        progress.opened(new Source(-1, -1), seconds(1));
        assertThat(progress.news(seconds(2))).isPresent();
        assertThat(progress.news(seconds(3))).isEmpty();
    }

    @Test
    void isToldToPeopleEveryHalfMinute() {
        progress.opened(new Source(-1, -1), seconds(0));
        Duration halfMinute = Duration.ofSeconds(30);
        assertThat(progress.quietFor(halfMinute, seconds(29))).isFalse();
        assertThat(progress.quietFor(halfMinute, seconds(30))).isTrue();
        assertThat(progress.quietFor(halfMinute, seconds(31))).isFalse();
        assertThat(progress.quietFor(halfMinute, seconds(60))).isTrue();
        Progress told = new Progress("reading", 1_234_567, 52_400_000L, 41_000, 9_000_000L, 7_765_433L, 190L);
        assertThat(Amounts.of(told))
                .isEqualTo("reading, 1,234,567 rows, 52.4 MB, 41,000 rows/s, about 3 min 10 s left");
    }
}
