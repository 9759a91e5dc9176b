package dev.serai.access;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.failure.FailureException;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;

class LoginTest {
    @Test
    void fewPasswordsAreCheckedAtOnceAndTheRestAreToldToComeAgain() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(24);
        try (MetadataStore.Own own = MetadataStore.H2.own()) {
            Clock clock = Clock.systemUTC();
            Users users = new Users(JdbcClient.create(own.dataSource()), clock);
            // Nobody gets in, so that nothing is signed.
            Login login = new Login(users, new LoginThrottle(clock), new TokenIssuer(null, clock));
            List<Callable<String>> tries = IntStream.range(0, 24)
                    .mapToObj(number -> (Callable<String>) () -> refusal(login, "user" + number))
                    .toList();

            Set<String> refusals = new HashSet<>();
            for (Future<String> done : clients.invokeAll(tries)) {
                refusals.add(done.get());
            }

            assertThat(refusals).containsExactlyInAnyOrder("too_many_logins", "bad_credentials");
            assertThat(refusal(login, "later")).isEqualTo("bad_credentials");
        } finally {
            clients.shutdownNow();
        }
    }

    private static String refusal(Login login, String username) {
        try {
            login.login(username, "wrong", "10.0.0.1");
            return "";
        } catch (FailureException e) {
            return e.failure().code();
        }
    }
}
