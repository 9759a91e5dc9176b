package dev.serai.connector.ssh;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * What has arrived over a channel and was not read yet; never more than the channel's window. Like a socket's, a reader is
 * not disturbed by an interrupt, and is woken by {@link #close}.
 */
final class Inbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private int offset;
    private int available;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failed;

    void offer(byte[] data) {
        lock.lock();
        try {
            if (!closed) {
                arrived.add(data);
                available += data.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come, though more was due; of no effect where all was said before. */
    void fail(IOException why) {
        lock.lock();
        try {
            if (failed == null && !ended && !closed) {
                failed = why;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.clear();
            available = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    IOException failure() {
        lock.lock();
        try {
            return failed;
        } finally {
            lock.unlock();
        }
    }

    int available() {
        lock.lock();
        try {
            return available;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is something.
     *
     * @param timeout in milliseconds; 0 waits for ever
     * @return how many bytes; -1 at the end
     * @throws SocketTimeoutException where nothing came; a later read may find something
     */
    int read(byte[] into, int at, int length, int timeout) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            await(timeout);
            if (closed) {
                throw new SocketException("Socket closed");
            }
            if (available == 0) {
                if (failed != null) {
                    throw again(failed);
                }
                return -1;
            }
            return take(into, at, length);
        } finally {
            lock.unlock();
        }
    }

    /** With the reader's own trace; of a class that TLS hands on as it is, where it takes an early end for any end. */
    private static IOException again(IOException failed) {
        IOException thrown = new SocketException(failed.getMessage());
        thrown.initCause(failed);
        return thrown;
    }

    private int take(byte[] into, int at, int length) {
        int taken = 0;
        while (taken < length && available > 0) {
            byte[] first = arrived.getFirst();
            int piece = Math.min(length - taken, first.length - offset);
            System.arraycopy(first, offset, into, at + taken, piece);
            taken += piece;
            offset += piece;
            available -= piece;
            if (offset == first.length) {
                arrived.removeFirst();
                offset = 0;
            }
        }
        return taken;
    }

    private void await(int timeout) throws SocketTimeoutException {
        boolean interrupted = false;
        long left = TimeUnit.MILLISECONDS.toNanos(timeout);
        long deadline = System.nanoTime() + left;
        try {
            while (available == 0 && !ended && !closed && failed == null) {
                if (timeout == 0) {
                    changed.awaitUninterruptibly();
                    continue;
                }
                if (left <= 0) {
                    throw new SocketTimeoutException("Read timed out");
                }
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                    left = deadline - System.nanoTime();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
