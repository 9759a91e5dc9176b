package dev.serai.audit;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Who does something, and since when.
 *
 * @param via how the name was proven: {@code password}, {@code token:<id>} of a minted token, {@code oidc}; {@code serai}
 *     for what no caller asked for, {@code nobody} for who proved nothing
 */
public record AuditActor(String project, String subject, String via, @Nullable String address, Instant since) {
    static final String ITSELF = "serai";
    public static final String NOBODY = "nobody";
}
