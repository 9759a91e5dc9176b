package dev.serai.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import dev.serai.metadata.Ids;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;
import dev.serai.settings.SeraiSettings;

/**
 * Notes what is no change: reads, tests, logins, refusals, failures. Who did it never waits for that: lines are written
 * within about a second, by one thread. Where they come faster than they can be written, so many are lost, and a line
 * says how many. The thread also removes lines that are old enough.
 */
@Component
public class AuditNotes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditNotes.class);
    private static final int WAITING = 10_000;
    private static final int AT_ONCE = 500;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration CLEANING = Duration.ofHours(1);
    private static final Duration ENDING = Duration.ofSeconds(10);

    private final AuditStore store;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final Duration retention;
    private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Queue<AuditEntry> unwritten = new ArrayDeque<>();
    private final AtomicLong lost = new AtomicLong();
    private final AlikeCounter alike;
    private final Thread writer;
    private Instant cleaned = Instant.EPOCH;
    private volatile boolean closing;

    public AuditNotes(AuditStore store, PlatformTransactionManager transactions, SeraiSettings settings, Clock clock) {
        this.store = store;
        this.transactions = new TransactionTemplate(transactions);
        this.clock = clock;
        this.retention = settings.audit().retention();
        this.alike = new AlikeCounter(this::offer);
        this.writer = new Thread(this::write, "audit");
        writer.setDaemon(true);
        writer.start();
    }

    public void add(AuditEntry entry) {
        offer(entry);
    }

    /** For what anybody can cause as often as they like: the first of a minute is noted, of those alike their number. */
    public void addAlike(AuditEntry entry) {
        alike.add(entry);
    }

    private void offer(AuditEntry entry) {
        if (!waiting.offer(entry)) {
            lost.incrementAndGet();
        }
    }

    private void write() {
        boolean last = false;
        while (!last) {
            last = closing && waiting.isEmpty() && lost.get() == 0;
            try {
                AuditEntry first = waiting.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                takeUp(first);
                alike.flush(clock.instant(), false);
                writeUnwritten();
                clean();
            } catch (InterruptedException e) {
                log.warn("Nobody interrupts this thread: it would cost an H2 its files", e);
            } catch (DataAccessException | TransactionException e) {
                log.warn("The audit cannot be written now: {}", e.getClass().getSimpleName());
                last = closing;
            }
        }
    }

    private void takeUp(@Nullable AuditEntry first) {
        if (first != null && unwritten.size() < WAITING) {
            unwritten.add(first);
            waiting.drainTo(unwritten, AT_ONCE);
        } else if (first != null) {
            lost.incrementAndGet();
        }
    }

    private void writeUnwritten() {
        long gone = lost.get();
        if (gone > 0) {
            unwritten.add(lines(gone));
            lost.addAndGet(-gone);
        }
        if (!unwritten.isEmpty()) {
            try {
                transactions.executeWithoutResult(tx -> unwritten.forEach(store::add));
                unwritten.clear();
            } catch (DataIntegrityViolationException e) {
                writeOneByOne();
            }
        }
    }

    /** A line that cannot be written keeps no other from being written. */
    private void writeOneByOne() {
        while (!unwritten.isEmpty()) {
            AuditEntry line = unwritten.element();
            try {
                transactions.executeWithoutResult(tx -> store.add(line));
            } catch (DuplicateKeyException e) {
                // A commit whose answer never came did take place.
                log.info("A line of the audit, {}, is there already", line.id());
            } catch (DataIntegrityViolationException e) {
                log.warn(
                        "A line of the audit, {}, cannot be written: {}",
                        line.action(),
                        e.getClass().getSimpleName());
                lost.incrementAndGet();
            }
            unwritten.remove();
        }
    }

    private AuditEntry lines(long gone) {
        return new AuditEntry(
                Ids.next("aud"),
                "default",
                Times.stored(clock.instant()),
                AuditActor.ITSELF,
                AuditActor.ITSELF,
                null,
                "audit.lost",
                null,
                null,
                null,
                "failed",
                "too_many",
                null,
                gone,
                Json.newObject());
    }

    private void clean() {
        Instant now = clock.instant();
        if (now.isBefore(cleaned.plus(CLEANING))) {
            return;
        }
        int removed = store.removeBefore(now.minus(retention));
        if (removed == 0) {
            cleaned = now;
        } else {
            log.info("{} old lines of the audit were removed", removed);
        }
    }

    /** Writes what waits. */
    @Override
    public void close() {
        alike.flush(clock.instant(), true);
        closing = true;
        try {
            writer.join(ENDING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
