package dev.serai.connector;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.serai.rows.Cancellation;

import static org.assertj.core.api.Assertions.assertThat;

class OngoingCallTest {
    @Test
    void anInterruptThatWasPendingWaitsUntilUnbrokenWorkIsDone() {
        List<Boolean> interrupted = new OngoingCall(CallTimes.DEFAULT)
                .await(
                        Duration.ofSeconds(10),
                        new Cancellation(),
                        () -> false,
                        () -> {
                            Thread worker = Thread.currentThread();
                            worker.interrupt();
                            boolean within = OngoingCall.unbroken(
                                    () -> worker.isInterrupted() || OngoingCall.unbroken(worker::isInterrupted));
                            return List.of(within, worker.isInterrupted());
                        },
                        late -> {});

        assertThat(interrupted).containsExactly(false, true);
    }
}
