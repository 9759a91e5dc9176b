package dev.serai.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.sync.RunEvent;
import dev.serai.sync.RunEvents;

/**
 * A run's events as the text of {@code text/event-stream}, while they come. A comment now and then keeps the connection
 * alive and shows whether the client is still there. Nothing is taken up before the first read: an answer that is never
 * sent leaves nothing behind.
 */
final class EventStream extends InputStream {
    private static final long QUIET_SECONDS = 10;

    /** A client that is so many events behind is dropped; when it comes back it goes on where it was. */
    private static final int MOST_WAITING = 2000;

    private final BlockingQueue<Optional<byte[]>> events = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Supplier<OpenStreams.Place> places;
    private final Function<RunEvents.Listener, RunEvents.Subscription> run;
    private final ObjectMapper json;
    private OpenStreams.@Nullable Place place;
    private RunEvents.@Nullable Subscription subscription;
    private volatile @Nullable RuntimeException failure;
    private byte[] current = bytes("retry: 2000\n\n");
    private int position;
    private boolean ended;

    /**
     * @param places where one is asked for before the first event; what it throws goes to the reader
     * @param run subscribes a listener to the run
     */
    EventStream(
            Supplier<OpenStreams.Place> places,
            Function<RunEvents.Listener, RunEvents.Subscription> run,
            ObjectMapper json) {
        this.places = places;
        this.run = run;
        this.json = json;
    }

    private final class Waiting implements RunEvents.Listener {
        @Override
        public void event(RunEvent event) {
            events.add(Optional.of(text(event, json)));
        }

        @Override
        public void end() {
            events.add(Optional.empty());
        }

        @Override
        public void failed(RuntimeException reason) {
            failure = reason;
            events.clear();
            events.add(Optional.empty());
        }
    }

    private static byte[] text(RunEvent event, ObjectMapper json) {
        try {
            return bytes("id: " + event.id() + "\nevent: " + event.type() + "\ndata: "
                    + json.writeValueAsString(event.data()) + "\n\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** What there is of one event; waits only where there is nothing. */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (place == null) {
            place = places.get();
            subscription = run.apply(new Waiting());
        }
        while (position == current.length && !ended) {
            next();
        }
        if (position == current.length) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        return count;
    }

    private void next() throws IOException {
        try {
            Optional<byte[]> event = events.poll(QUIET_SECONDS, TimeUnit.SECONDS);
            RuntimeException reason = failure;
            if (reason != null) {
                throw new IOException("No more of the run's events can be told", reason);
            }
            position = 0;
            if (event == null) {
                current = bytes(": still running\n\n");
            } else {
                current = event.orElseGet(() -> new byte[0]);
                ended = event.isEmpty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Stopped").initCause(e);
        }
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
        if (place != null) {
            place.close();
        }
    }
}
