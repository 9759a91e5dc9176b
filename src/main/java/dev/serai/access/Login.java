package dev.serai.access;

import java.time.Duration;

import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Whether a username and password belong together, and the token they are worth. */
@Component
public class Login {
    private static final Duration LIFE = Duration.ofHours(12);

    private final Users users;
    private final LoginThrottle throttle;
    private final TokenIssuer issuer;

    Login(Users users, LoginThrottle throttle, TokenIssuer issuer) {
        this.users = users;
        this.throttle = throttle;
        this.issuer = issuer;
    }

    /**
     * @param address of the client: failures from one address do not keep others out
     * @throws FailureException {@link Failure.Busy} after repeated failures, {@link Failure.Unauthorized}
     *     where the two do not belong together, whether or not there is such a user
     */
    public AccessToken login(String username, String password, String address) {
        LoginThrottle.Attempt attempt = throttle.admit(username, address);
        Caller caller = users.verify(username, password).orElseThrow(() -> {
            attempt.failed();
            return new FailureException(
                    new Failure.Unauthorized("bad_credentials", "The username or the password is wrong."));
        });
        attempt.succeeded();
        return issuer.issue(caller, LIFE, null);
    }
}
