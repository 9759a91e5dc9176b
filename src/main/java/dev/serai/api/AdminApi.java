package dev.serai.api;

import org.springframework.stereotype.Component;

import dev.serai.connector.SecretRotation;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** What an installation's administrators do to it as a whole. */
@Component
public class AdminApi {
    private final SecretRotation rotation;

    AdminApi(SecretRotation rotation) {
        this.rotation = rotation;
    }

    record Rotated(int resealed) {}

    public Answer rotate(Call call) {
        if (!call.project().equals("default")) {
            throw new FailureException(new Failure.Forbidden(
                    "role_required", "Only an admin of the project default may do this: it concerns all projects."));
        }
        return Answer.ok(new Rotated(rotation.rotate()));
    }
}
