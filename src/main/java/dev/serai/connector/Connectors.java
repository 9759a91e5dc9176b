package dev.serai.connector;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConfigValidator;
import dev.serai.catalog.ConnectorType;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;
import dev.serai.metadata.Cursor;
import dev.serai.metadata.Page;
import dev.serai.metadata.Times;

/** The connectors of a project: making, changing, testing and deleting them. Nothing here but a test dials a source. */
@Component
public class Connectors {
    private static final int NEXT_RUNS = 5;

    private final ConnectorStore store;
    private final ConnectorWriter writer;
    private final Catalog catalog;
    private final ConfigValidator validator;
    private final ConnectorChecks checks;
    private final ConnectorCalls calls;
    private final ConnectorTests tests;
    private final Clock clock;

    public Connectors(
            ConnectorStore store,
            ConnectorWriter writer,
            Catalog catalog,
            ConfigValidator validator,
            EgressPolicy egress,
            List<ConfigRule> rules,
            ConnectorCalls calls,
            ConnectorTests tests,
            Clock clock) {
        this.store = store;
        this.writer = writer;
        this.catalog = catalog;
        this.validator = validator;
        this.checks = new ConnectorChecks(catalog, validator, new Destinations(egress, rules));
        this.calls = calls;
        this.tests = tests;
        this.clock = clock;
    }

    /** Fails with {@link Failure.Invalid} for all faults at once, or {@link Failure.Conflict} {@code name_taken}. */
    public Connector create(String project, NewConnector wanted) {
        return create(project, wanted, Schedule.NONE, null);
    }

    /** @param discovery {@code pending} where models are to be discovered in the background */
    public Connector create(String project, NewConnector wanted, Schedule schedule, @Nullable String discovery) {
        Faults faults = new Faults();
        ConnectorDraft draft = checks.draft(wanted, schedule, faults);
        faults.throwIfAny();
        SplitConfig config = SplitConfig.of(draft.type().orElseThrow(), draft.config());
        Instant now = Times.stored(clock.instant());
        Connector connector = draft.connector(project, config, wanted.enabled(), discovery, now);
        return writer.insert(connector, config.secrets());
    }

    /** What {@link #create} would refuse, apart from a taken name. Pointers are into the request. */
    public List<Fault> faults(NewConnector wanted, Schedule schedule) {
        Faults faults = new Faults();
        checks.draft(wanted, schedule, faults);
        return faults.all();
    }

    /** Which hosts and URLs of a config would be refused; pointers as in the request that makes a connector. */
    public List<Fault> destinationFaults(ConnectorType type, ObjectNode config) {
        Faults faults = new Faults();
        checks.destinations(type, config, faults);
        return faults.all();
    }

    public Connector get(String project, String id) {
        return store.find(project, id).orElseThrow(Connectors::missing);
    }

    /** In the order of their making; a type may be an alias. {@link ConnectorStore.Filter#after} is a cursor. */
    public Page<Connector> list(String project, ConnectorStore.Filter filter) {
        ConnectorStore.Filter oneMore = new ConnectorStore.Filter(
                filter.type(),
                filter.category(),
                filter.enabled(),
                filter.search(),
                filter.limit() + 1,
                Cursor.after(filter.after()));
        return Page.of(store.list(project, oneMore, checks.types(filter)), filter.limit(), Connector::id);
    }

    /** Changes what a merge patch names: all of it or, with {@link Failure.Invalid}, nothing. */
    public Connector patch(String project, String id, ObjectNode mergePatch) {
        return writer.change(project, id, connector -> {
            Faults faults = new Faults();
            ConnectorPatch patch = ConnectorPatch.of(connector, mergePatch, faults);
            checks.keepsType(connector, mergePatch, faults);
            ObjectNode change = ConnectorPatch.config(mergePatch, faults);
            Instant now = Times.stored(clock.instant());
            if (change == null) {
                faults.throwIfAny();
                return new ConnectorWriter.Change(
                        patch.applied(connector, connector.config(), connector.secrets(), false, now), null, Set.of());
            }
            ConnectorType type = checks.type(connector);
            ObjectNode stored = store.open(connector, ConfigChange.replaced(type, change));
            ObjectNode merged = checks.change(type).merge(stored, change, faults);
            faults.throwIfAny();
            SplitConfig config = SplitConfig.of(type, merged);
            boolean rebuilt = !merged.equals(stored) || !config.secretNames().equals(connector.secrets());
            return new ConnectorWriter.Change(
                    patch.applied(connector, config.open(), config.secretNames(), rebuilt, now),
                    config.secrets(),
                    ChangedFields.secrets(type, stored, merged));
        });
    }

    /** The secrets are destroyed, the name is free; datasets keep what they have. */
    public void delete(String project, String id) {
        writer.delete(project, id);
    }

    /** The config with {@code "********"} for each secret that is set. */
    public ObjectNode masked(Connector connector) {
        ObjectNode masked = catalog.find(connector.type())
                .map(type -> validator.mask(type, connector.config()))
                .orElseGet(() -> connector.config().deepCopy());
        new TreeSet<>(connector.secrets()).forEach(secret -> masked.put(secret, ConfigValidator.MASK));
        return masked;
    }

    /** When the schedule fires next; empty without one that can be understood, or where the connector is disabled. */
    public List<Instant> nextRuns(Connector connector) {
        return ConnectorSchedules.fires(connector, clock.instant(), NEXT_RUNS);
    }

    public TestResult test(String project, String id, @Nullable ObjectNode configPatch) {
        return test(project, id, configPatch, null);
    }

    /**
     * Tests a connector, or a change of its config that is not saved; kept in the history.
     *
     * @param testedBy the caller's subject
     */
    public TestResult test(String project, String id, @Nullable ObjectNode configPatch, @Nullable String testedBy) {
        Connector connector = get(project, id);
        TestResult result;
        if (configPatch == null) {
            result = calls.test(connector);
        } else {
            Faults faults = new Faults();
            ConnectorType type = checks.type(connector);
            ObjectNode stored = store.open(connector, ConfigChange.replaced(type, configPatch));
            ObjectNode merged = checks.change(type).merge(stored, configPatch, faults);
            faults.throwIfAny();
            result = calls.test(type.type(), merged);
        }
        tests.add(project, id, connector.type(), result, testedBy);
        return result;
    }

    public TestResult testUnsaved(String project, String type, ObjectNode config) {
        return testUnsaved(project, type, config, null);
    }

    /** @param type a type or an alias */
    public TestResult testUnsaved(String project, String type, ObjectNode config, @Nullable String testedBy) {
        Faults faults = new Faults();
        Optional<ConnectorType> known = checks.known(type, faults);
        ObjectNode complete = checks.config(known, config, faults);
        faults.throwIfAny();
        String canonical = known.orElseThrow().type();
        TestResult result = calls.test(canonical, complete);
        tests.add(project, null, canonical, result, testedBy);
        return result;
    }

    static FailureException missing() {
        return new FailureException(new Failure.Missing("There is no such connector."));
    }
}
