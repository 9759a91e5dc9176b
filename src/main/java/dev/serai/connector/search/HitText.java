package dev.serai.connector.search;

import java.io.InputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * The lines of all slices, as they come: of one slice by whoever reads, of several each by a thread of its own. Closing it,
 * from whichever thread, ends them and gives up what the server keeps for them.
 */
final class HitText extends InputStream {
    private static final byte[] END = {};

    private final List<HitReader> readers;
    private final @Nullable BlockingQueue<Object> queue;
    private final AtomicInteger running = new AtomicInteger();
    private byte[] chunk = {};
    private int place;
    private boolean ended;
    private volatile boolean closed;

    HitText(List<HitReader> readers) {
        this.readers = List.copyOf(readers);
        if (readers.size() == 1) {
            queue = null;
            return;
        }
        BlockingQueue<Object> lines = new LinkedBlockingQueue<>(2 * readers.size());
        queue = lines;
        running.set(readers.size());
        for (HitReader reader : readers) {
            Thread thread = new Thread(() -> pump(reader, lines), "serai-search-slice");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void pump(HitReader reader, BlockingQueue<Object> lines) {
        Object last = END;
        try {
            for (byte[] next = reader.next(); next != null; next = reader.next()) {
                put(lines, next);
            }
        } catch (RuntimeException | Error e) {
            last = e;
        }
        put(lines, last);
    }

    /** Nobody waits at a queue that nobody empties any more. */
    private void put(BlockingQueue<Object> lines, Object next) {
        try {
            while (!closed && !lines.offer(next, 100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The read was stopped."), e);
        }
    }

    @Override
    public int read() {
        return fill() ? chunk[place++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        } else if (!fill()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - place);
        System.arraycopy(chunk, place, target, offset, count);
        place += count;
        return count;
    }

    private boolean fill() {
        while (place == chunk.length && !ended) {
            byte[] next = queue == null ? pulled() : taken(queue);
            ended = next == null;
            chunk = next == null ? END : next;
            place = 0;
        }
        return place < chunk.length;
    }

    private byte @Nullable [] pulled() {
        try {
            return readers.get(0).next();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private byte @Nullable [] taken(BlockingQueue<Object> lines) {
        try {
            while (true) {
                if (closed) {
                    throw new FailureException(new Failure.Cancelled("The read was stopped."));
                }
                Object next = lines.poll(100, java.util.concurrent.TimeUnit.MILLISECONDS);
                if (next == END) {
                    if (running.decrementAndGet() == 0) {
                        return null;
                    }
                } else if (next instanceof byte[] bytes) {
                    return bytes;
                } else if (next instanceof RuntimeException failed) {
                    close();
                    throw failed;
                } else if (next instanceof Error failed) {
                    close();
                    throw failed;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("The read was stopped."), e);
        }
    }

    @Override
    public void close() {
        closed = true;
        readers.forEach(HitReader::close);
    }
}
