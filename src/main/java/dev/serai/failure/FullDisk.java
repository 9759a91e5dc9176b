package dev.serai.failure;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Was it a full disk that something failed of? Libraries wrap what the system said, but keep its words. */
public final class FullDisk {
    private FullDisk() {}

    /** The failure, where the exception or one of its causes says so. */
    public static Optional<FailureException> in(@Nullable Throwable thrown) {
        int deep = 0;
        for (Throwable cause = thrown; cause != null && deep < 20; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
                return Optional.of(
                        new FailureException(new Failure.DiskFull("There is no space left on Serai's disk."), thrown));
            }
            deep++;
        }
        return Optional.empty();
    }
}
