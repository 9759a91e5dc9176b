package dev.serai.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.sync.RunEvent;
import dev.serai.sync.RunEvents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OpenStreams streams = new OpenStreams();
    private final List<RunEvents.Listener> listeners = new ArrayList<>();
    private final AtomicInteger unsubscribed = new AtomicInteger();

    private static Caller caller(String name) {
        return new Caller(name, "default", Set.of(Role.MEMBER), Set.of());
    }

    private EventStream stream(String name) {
        return new EventStream(
                () -> streams.take(caller(name)),
                listener -> {
                    listeners.add(listener);
                    return unsubscribed::incrementAndGet;
                },
                JSON);
    }

    private EventStream opened(String name) throws IOException {
        EventStream stream = stream(name);
        assertThat(stream.readNBytes("retry: 2000\n\n".length())).isNotEmpty();
        return stream;
    }

    private void refused(String name) {
        assertThatThrownBy(() -> stream(name).read())
                .isInstanceOfSatisfying(FailureException.class, refused -> assertThat(refused.failure())
                        .isInstanceOfSatisfying(Failure.Busy.class, busy -> assertThat(busy.code())
                                .isEqualTo("too_many_streams")));
    }

    private static RunEvent event() {
        return new RunEvent(1, "progress", JSON.createObjectNode(), Instant.EPOCH);
    }

    @Test
    void endsWithTheRun() throws IOException {
        EventStream stream = opened("ann");
        listeners.get(0).event(event());
        listeners.get(0).end();

        assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("id: 1\nevent: progress\ndata: {}\n\n");
    }

    @Test
    void breaksOffWhereTheEventsCannotBeRead() throws IOException {
        EventStream stream = opened("ann");
        listeners.get(0).failed(new IllegalStateException("no journal"));

        assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
    }

    @Test
    void dropsAClientThatDoesNotRead() throws IOException {
        EventStream stream = opened("ann");
        RunEvents.Listener listener = listeners.get(0);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        listener.event(event());
                    }
                })
                .isInstanceOf(IllegalStateException.class);
        listener.failed(new IllegalStateException("full"));
        assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
    }

    @Test
    void oneCallerHasEightAtMostAndAClosedOneMakesRoom() throws IOException {
        EventStream first = opened("ann");
        for (int i = 1; i < 8; i++) {
            opened("ann");
        }
        refused("ann");
        opened("bob");

        first.close();
        first.close();

        assertThat(unsubscribed).hasPositiveValue();
        opened("ann");
        refused("ann");
    }

    @Test
    void allTogetherHaveSixtyFourAtMost() throws IOException {
        EventStream first = opened("u0");
        for (int i = 1; i < 64; i++) {
            opened("u" + i);
        }
        refused("ann");

        first.close();

        opened("ann");
        refused("bob");
    }

    @Test
    void oneThatIsNeverReadTakesNoRoom() throws IOException {
        for (int i = 0; i < 100; i++) {
            stream("ann").close();
        }
        assertThat(listeners).isEmpty();
        opened("ann");
    }
}
