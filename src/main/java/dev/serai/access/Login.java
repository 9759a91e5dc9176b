package dev.serai.access;

import java.time.Duration;
import java.util.concurrent.Semaphore;

import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** Whether a username and password belong together, and the token they are worth. */
@Component
public class Login {
    private static final Duration LIFE = Duration.ofHours(12);

    /** So many passwords are checked at the same time; each check keeps a processor busy on purpose. */
    private static final int AT_ONCE = 4;

    private final Users users;
    private final LoginThrottle throttle;
    private final TokenIssuer issuer;
    private final Semaphore checks = new Semaphore(AT_ONCE);

    Login(Users users, LoginThrottle throttle, TokenIssuer issuer) {
        this.users = users;
        this.throttle = throttle;
        this.issuer = issuer;
    }

    /**
     * @param address of the client: its failures slow down this address, not others
     * @throws FailureException {@link Failure.Busy} after repeated failures or while too many log in, {@link Failure.Unauthorized}
     *     where the two do not belong together, whether or not there is such a user
     */
    public AccessToken login(String username, String password, String address) {
        if (!checks.tryAcquire()) {
            throw new FailureException(new Failure.Busy(
                    "too_many_logins", "Too many are logging in at once. Try again.", Duration.ofSeconds(1)));
        }
        try {
            return checked(username, password, address);
        } finally {
            checks.release();
        }
    }

    /** Whether there is such a user; not for those who try to log in. */
    public boolean isKnown(String username) {
        return users.exists(username);
    }

    private AccessToken checked(String username, String password, String address) {
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
