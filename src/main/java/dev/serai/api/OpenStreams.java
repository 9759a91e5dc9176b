package dev.serai.api;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.springframework.stereotype.Component;

import dev.serai.access.Caller;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Whether one more event stream may be open: each keeps a thread for as long as its run lasts. */
@Component
class OpenStreams {
    private static final int MOST = 64;
    private static final int MOST_OF_ONE = 8;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Map<String, Integer> open = new HashMap<>();
    private int all;

    /** @throws FailureException {@link Failure.Busy} where there are too many, of this caller or of all */
    synchronized Place take(Caller caller) {
        String key = caller.project() + "\n" + caller.subject();
        int own = open.getOrDefault(key, 0);
        if (all >= MOST || own >= MOST_OF_ONE) {
            throw new FailureException(new Failure.Busy(
                    "too_many_streams", "Too many event streams are open. Close one, or wait.", RETRY_AFTER));
        }
        open.put(key, own + 1);
        all++;
        return new Place(key);
    }

    private synchronized void leave(Place place) {
        if (!place.left) {
            place.left = true;
            all--;
            open.computeIfPresent(place.key, (key, own) -> own == 1 ? null : own - 1);
        }
    }

    /** One stream's, until it is closed. */
    final class Place implements AutoCloseable {
        private final String key;
        private boolean left;

        private Place(String key) {
            this.key = key;
        }

        @Override
        public void close() {
            leave(this);
        }
    }
}
