package dev.serai.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.connector.ContractWorld;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a connector type's test tells the suite about it, and how the suite asks the type. */
interface TypeUnderTest {
    Duration SOON = Duration.ofSeconds(10);

    /** The type's name. */
    String type();

    /** A config that works, secrets in the clear; its source holds {@link Table#ALL}. */
    ObjectNode config();

    /** A change of the config with which the source cannot be used any more, and the step where that shows. */
    Broken broken();

    /** Puts a table at the source; called once for each before any test. */
    void create(Table table) throws Exception;

    /** The model that a table is. */
    Model model(Table table);

    /**
     * What the type cannot do, and why. It must be seen to fail: what a claim asks with has to be told here even so, unless
     * the type does not offer the operation at all.
     */
    default Map<Capability, String> lacks() {
        return Map.of();
    }

    /** Kamelets to drop into the folder, by name, for a type that is not packed. */
    default Map<String, String> kamelets() {
        return Map.of();
    }

    /** A query in the source's own language. */
    default String query(Query query) {
        throw new UnsupportedOperationException("Say what QUERY and READ_QUERY are asked with");
    }

    /** Asks for a read that takes a minute. */
    default ObjectNode slow() {
        return request(Query.SLOW);
    }

    /** How many statements of the connector run at the source now. */
    default int running() {
        throw new UnsupportedOperationException("Tell how READ_CANCEL shows");
    }

    /** How many connections the source has with the connector now. */
    default int connections() {
        throw new UnsupportedOperationException("Tell how CLOSING shows");
    }

    /** As discovery names it. */
    record Model(String schema, String name) {}

    /**
     * A change of the config.
     *
     * @param patch merged into the config
     * @param step of the test that fails then
     */
    record Broken(ObjectNode patch, String step) {}

    /** The queries that the suite asks with. */
    enum Query {
        /** All columns of {@link Table#ODD}. */
        ODD,
        /** All columns of {@link Table#MANY}. */
        MANY,
        /** All columns of {@link Table#EMPTY}. */
        EMPTY,
        /** All columns of {@link Table#MANY} where the id is the first parameter and the name the second. */
        BY_ID_AND_NAME,
        /** One row of two columns named {@code a}, with the values 1 and 2. */
        DUPLICATE_NAMES,
        /** Deletes all rows of {@link Table#MANY}. */
        DELETE,
        /** Reads {@code no_such_model}. */
        MISSING,
        /** Takes a minute to answer. */
        SLOW
    }

    /** Something that a test claims. */
    @FunctionalInterface
    interface Claim {
        void check() throws Exception;
    }

    /**
     * Checks what a capability means; where the type has opted out of it, that it really fails.
     *
     * <p>An operation that the type does not offer has to be refused by name. Anything else has to fail by the claim
     * itself: what the connector answers is wrong or is a {@link Failure}. Whatever else is thrown, such as by a hook
     * that was not written, proves nothing and is thrown on.
     */
    default void provided(Capability capability, Claim claim) throws Exception {
        String reason = lacks().get(capability);
        if (reason == null) {
            claim.check();
        } else if (capability.operation() != null
                && !world().type(type()).capabilities().contains(capability.operation())) {
            requireRefused(capability.operation());
        } else if (holds(claim)) {
            throw new AssertionError(
                    type() + " has opted out of " + capability + " because " + reason + ", but it works");
        }
    }

    private void requireRefused(String operation) {
        for (Failure failure : List.of(
                failure(() -> world().json(connector(), operation, request(Table.ODD))),
                failure(() ->
                        world().rows(connector(), operation, request(Table.ODD)).close()))) {
            assertThat(failure).isInstanceOf(Failure.Invalid.class);
            assertThat(failure.code()).isEqualTo("not_supported");
        }
    }

    private static boolean holds(Claim claim) throws Exception {
        try {
            claim.check();
            return true;
        } catch (FailureException | AssertionError e) {
            return false;
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof FailureException || e.getCause() instanceof AssertionError) {
                return false;
            }
            throw e;
        }
    }

    ContractWorld world();

    /** Of the working config. */
    Connector connector();

    default ObjectNode brokenConfig() {
        return (ObjectNode) config().deepCopy().setAll(broken().patch());
    }

    default ObjectNode request() {
        return JsonNodeFactory.instance.objectNode();
    }

    default ObjectNode request(Model model) {
        ObjectNode request = request();
        request.putObject("model").put("schema", model.schema()).put("name", model.name());
        return request;
    }

    default ObjectNode request(Table table) {
        return request(model(table));
    }

    default ObjectNode request(Query query) {
        return request().put("query", query(query));
    }

    default List<Model> models(ObjectNode request) {
        return modelsOf(world().json(connector(), "models", request));
    }

    default List<Model> modelsOf(JsonNode answer) {
        List<Model> models = new ArrayList<>();
        (answer.isArray() ? answer : answer.path("items"))
                .forEach(item -> models.add(new Model(
                        item.path("schema").asText(), item.path("name").asText())));
        return models;
    }

    default Rows read(ObjectNode request) {
        return Rows.of(world().rows(connector(), "read", request));
    }

    default Rows ask(ObjectNode request) {
        return Rows.of(world().rows(connector(), "query", request));
    }

    /** By the first column, a number. */
    default List<List<@Nullable String>> sorted(Rows rows) {
        return rows.values().stream()
                .sorted(Comparator.comparing(row -> Long.parseLong(String.valueOf(row.get(0)))))
                .toList();
    }

    /** What a call fails with; anything else that it throws is thrown on. */
    default Failure failure(ThrowingCallable call) {
        try {
            call.call();
        } catch (FailureException e) {
            return e.failure();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("Expected a failure, but it works");
    }

    /** Waits for what has to come soon; that it does not come is a claim that fails. */
    default void soon(Callable<Boolean> condition) {
        try {
            await().atMost(SOON).until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
