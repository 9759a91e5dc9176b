package dev.serai.api;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller.Reply;
import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

class OverloadTest {
    @Test
    void whoComesWhenAllThreadsAreBusyIsToldToComeAgain() {
        ExecutorService clients = Executors.newFixedThreadPool(12);
        try (RunningSerai serai = RunningSerai.start(
                Map.of("spring.task.execution.pool.core-size", "1", "spring.task.execution.pool.max-size", "1"))) {
            // A login takes its time on purpose.
            List<Reply> replies = IntStream.range(0, 12)
                    .mapToObj(number -> CompletableFuture.supplyAsync(
                            () -> serai.nobody()
                                    .post("/api/auth/login", Map.of("username", "u" + number, "password", "x")),
                            clients))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(replies).extracting(Reply::status).containsOnly(401, 429);
            replies.stream().filter(reply -> reply.status() == 429).forEach(reply -> {
                assertThat(reply.problem(429).path("code").asText()).isEqualTo("busy");
                assertThat(reply.header("retry-after")).isEqualTo("1");
            });
        } finally {
            clients.shutdownNow();
        }
    }
}
