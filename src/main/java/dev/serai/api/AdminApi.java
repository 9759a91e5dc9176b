package dev.serai.api;

import org.springframework.stereotype.Component;

import dev.serai.connector.SecretRotation;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.MetadataBackup;

/** What an installation's administrators do to it as a whole. */
@Component
public class AdminApi {
    private final SecretRotation rotation;
    private final MetadataBackup backup;

    AdminApi(SecretRotation rotation, MetadataBackup backup) {
        this.rotation = rotation;
        this.backup = backup;
    }

    record Rotated(int resealed) {}

    record BackedUp(String file, long bytes) {}

    public Answer rotate(Call call) {
        requireHome(call);
        return Answer.ok(new Rotated(rotation.rotate()));
    }

    public Answer backup(Call call) {
        requireHome(call);
        return Answer.ok(new BackedUp("backup/serai.mv.db", backup.write()));
    }

    private static void requireHome(Call call) {
        if (!call.project().equals("default")) {
            throw new FailureException(new Failure.Forbidden(
                    "role_required", "Only an admin of the project default may do this: it concerns all projects."));
        }
    }
}
