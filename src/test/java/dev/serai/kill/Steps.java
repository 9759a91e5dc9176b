package dev.serai.kill;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * Tells what a process does before it does it, in lines of {@code @} and words; and stops it where it is to be killed. What
 * was told is never lost, however the process ends.
 */
public final class Steps {
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private final Phase target;
    private final boolean stays;
    private final ThreadLocal<String> table = ThreadLocal.withInitial(() -> "-");
    private int left;

    /**
     * @param target where the process is to be killed
     * @param nth and how often it comes there until then
     * @param stays whether it goes no further then; else it says so and goes on
     */
    public Steps(Phase target, int nth, boolean stays) {
        this.target = target;
        this.left = nth;
        this.stays = stays;
    }

    /** Names the table that this thread works on. */
    public void at(String name) {
        table.set(name);
    }

    public void step(Phase phase) {
        step(table.get(), phase);
    }

    public void step(String name, Phase phase) {
        boolean reached;
        synchronized (this) {
            tell("step", name, phase.name());
            reached = phase == target && --left == 0;
            if (reached) {
                tell("target");
            }
        }
        if (reached && stays) {
            stay();
        }
    }

    public synchronized void tell(String... words) {
        try {
            OUT.write(("@ " + String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stay() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
