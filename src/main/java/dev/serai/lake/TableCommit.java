package dev.serai.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.DataFileStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Makes written files part of the next version: some old files out, new ones in, position and run with them. It is never
 * tried again on top of another's commit, for what that one added would then survive.
 */
final class TableCommit {
    static final String ENGINE = "Serai";
    private static final Logger log = LoggerFactory.getLogger(TableCommit.class);

    private final DeltaTable table;
    private final CommitRequest request;
    private final StagingArea staging;

    TableCommit(DeltaTable table, CommitRequest request, StagingArea staging) {
        this.table = table;
        this.request = request;
        this.staging = staging;
    }

    /** Begins to change a table; it keeps its schema where the given one is the same. */
    static UpdateTableTransactionBuilder update(Snapshot base, StructType schema, CommitRequest request) {
        var update = base.buildUpdateTableTransaction(ENGINE, Operation.WRITE)
                .withTransactionId(request.runId(), 0)
                .withMaxRetries(0);
        return schema.equals(base.getSchema()) ? update : update.withUpdatedSchema(schema);
    }

    /**
     * Commits, unless the run was stopped.
     *
     * @param creates whether this is the table's first version
     * @return the version made
     */
    long commit(
            Transaction transaction,
            boolean creates,
            List<KernelInternals.ActiveFile> out,
            List<DataFileStatus> in,
            @Nullable String watermark,
            Position.Work work)
            throws IOException {
        Durable.syncFolder(table.folder());
        List<Row> actions = new ArrayList<>();
        out.forEach(file -> actions.add(file.remove()));
        if (creates) {
            actions.add(KernelInternals.mark(request.runId(), System.currentTimeMillis()));
        }
        actions.addAll(KernelInternals.adds(transaction, table.engine(), in));
        transaction.addDomainMetadata(
                Position.DOMAIN,
                Position.of(request, staging.id(), watermark, work).json());
        long version = transaction.getReadTableVersion() + 1;
        if (!request.cancellation().goThrough()) {
            throw new FailureException(new Failure.Cancelled("The write was stopped; the table is unchanged."));
        }
        try {
            TransactionCommitResult result = transaction.commit(
                    table.engine(), CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
            result.getPostCommitHooks().forEach(this::run);
        } catch (ConcurrentWriteException | MaxCommitRetryLimitReachedException e) {
            if (staging.committed(version)) {
                log.warn("Version {} of {} was committed, but not smoothly", version, table.folder(), e);
            } else if (Files.exists(CommitFiles.path(table.folder(), version))) {
                throw conflict(e);
            } else {
                throw e;
            }
        }
        return version;
    }

    /** Checkpoints and checksums make reading cheaper; a commit stands without them. */
    private void run(PostCommitHook hook) {
        try {
            hook.threadSafeInvoke(table.engine());
        } catch (IOException | RuntimeException e) {
            log.warn("{} of {} was not written", hook.getType(), table.folder(), e);
        }
    }

    static FailureException conflict(RuntimeException cause) {
        return new FailureException(
                new Failure.Busy(
                        "write_conflict",
                        "Another write changed the table at the same time; this one changed nothing.",
                        Duration.ofSeconds(1)),
                cause);
    }
}
