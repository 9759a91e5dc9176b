package dev.serai.access;

import org.springframework.security.core.AuthenticationException;

import dev.serai.failure.Failure;

/** A token is genuine, yet says neither what its bearer may do nor where. It is refused with 403, not 401. */
public final class NoAccessException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    NoAccessException(String code, String detail) {
        super(detail);
        this.failure = new Failure.Forbidden(code, detail);
    }

    public Failure failure() {
        return failure;
    }
}
