package dev.serai.connector;

import java.time.Clock;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import dev.serai.audit.AuditLog;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** Writes connectors, each in one transaction, so that of two who want the same name one is refused. */
class ConnectorWriter {
    private static final int MAX_SUFFIX = 10_000;

    private final ConnectorStore store;
    private final ModelCache models;
    private final Consumer<String> forgetRoute;
    private final TransactionTemplate transactions;
    /** Inside of the caller's transaction, if there is one, which a refused insert must not spoil. */
    private final TransactionTemplate nested;

    private final AuditLog audit;
    private final Clock clock;

    ConnectorWriter(
            ConnectorStore store,
            ModelCache models,
            Consumer<String> forgetRoute,
            PlatformTransactionManager transactions,
            AuditLog audit,
            Clock clock) {
        this.store = store;
        this.models = models;
        this.forgetRoute = forgetRoute;
        this.transactions = new TransactionTemplate(transactions);
        this.nested = new TransactionTemplate(transactions);
        this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * @param secrets in the clear; what the connector is to be; null: as they are
     * @param changedSecrets the names of those that are others than before
     */
    record Change(Connector connector, @Nullable ObjectNode secrets, Set<String> changedSecrets) {
        @Override
        public String toString() {
            return "Change[" + connector.id() + "]";
        }
    }

    /** With the slug made unique by a suffix. */
    Connector insert(Connector wanted, ObjectNode secrets) {
        for (int suffix = 1; suffix < MAX_SUFFIX; suffix++) {
            Connector connector = suffix == 1 ? wanted : withSlug(wanted, wanted.slug() + "_" + suffix);
            if (store.findBySlug(wanted.project(), connector.slug()).isPresent()
                    && !store.isNameTaken(wanted.project(), wanted.name())) {
                continue;
            }
            try {
                nested.executeWithoutResult(status -> {
                    store.insert(connector, secrets);
                    note("connector.create", connector, ChangedFields.ofNew(connector));
                });
                return connector;
            } catch (DuplicateKeyException e) {
                if (store.isNameTaken(wanted.project(), wanted.name())) {
                    throw nameTaken(e);
                }
            }
        }
        throw new IllegalStateException("No free slug for " + wanted.slug());
    }

    /** One change after the other: what the function is given cannot change until it is done. */
    Connector change(String project, String id, Function<Connector, Change> change) {
        AtomicBoolean outdated = new AtomicBoolean();
        try {
            Connector after = transactions.execute(status -> {
                Connector present = store.findForUpdate(project, id).orElseThrow(Connectors::missing);
                Change wanted = change.apply(present);
                Connector changed = wanted.connector();
                store.update(changed, wanted.secrets());
                note("connector.change", changed, ChangedFields.of(present, changed, wanted.changedSecrets()));
                if (!changed.outputSchemas().equals(present.outputSchemas())) {
                    models.forget(id);
                }
                outdated.set(changed.revision() != present.revision() || changed.enabled() != present.enabled());
                return changed;
            });
            if (outdated.get()) {
                forgetRoute.accept(id);
            }
            return Objects.requireNonNull(after);
        } catch (DuplicateKeyException e) {
            throw nameTaken(e);
        }
    }

    void delete(String project, String id) {
        transactions.executeWithoutResult(status -> {
            Connector present = store.findForUpdate(project, id).orElseThrow(Connectors::missing);
            store.delete(present, Times.stored(clock.instant()));
            note("connector.delete", present, Json.newObject().put("type", present.type()));
        });
        forgetRoute.accept(id);
    }

    private void note(String action, Connector connector, ObjectNode details) {
        audit.changed(connector.project(), action, connector.id(), connector.name(), connector.id(), details);
    }

    private static Connector withSlug(Connector connector, String slug) {
        return new Connector(
                connector.id(),
                connector.project(),
                slug,
                connector.name(),
                connector.type(),
                connector.description(),
                connector.config(),
                connector.secrets(),
                connector.outputSchemas(),
                connector.enabled(),
                connector.scheduleCron(),
                connector.scheduleMode(),
                connector.scheduleTimezone(),
                connector.watermarkColumn(),
                connector.discovery(),
                connector.revision(),
                connector.createdAt(),
                connector.updatedAt());
    }

    private static FailureException nameTaken(DuplicateKeyException cause) {
        return new FailureException(
                new Failure.Conflict("name_taken", "Another connector of this project has that name."), cause);
    }
}
