package dev.serai.contract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.Connector;
import dev.serai.connector.ContractWorld;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.catchThrowable;

/** What a connector type's test tells the suite about it, and how the suite asks the type. */
interface TypeUnderTest {

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

    /** What the type cannot do, and why. */
    default Map<Capability, String> lacks() {
        return Map.of();
    }

    /** Kamelets to drop into the folder, by name, for a type that is not packed. */
    default Map<String, String> kamelets() {
        return Map.of();
    }

    /** A query in the source's own language. */
    default String query(Query query) {
        throw new UnsupportedOperationException("Opt out of QUERY and READ_QUERY, or say what they are asked with");
    }

    /** How many statements of the connector run at the source now. */
    default int running() {
        throw new UnsupportedOperationException("Opt out of READ_CANCEL, or tell how it shows");
    }

    /** How many connections the source has with the connector now. */
    default int connections() {
        throw new UnsupportedOperationException("Opt out of CLOSING, or tell how it shows");
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

    /** Checks what a capability means; where the type has opted out of it, that it really fails. */
    default void provided(Capability capability, Claim claim) throws Exception {
        String reason = lacks().get(capability);
        if (reason == null) {
            claim.check();
            return;
        }
        Throwable failed = catchThrowable(claim::check);
        if (failed == null) {
            throw new AssertionError(
                    type() + " has opted out of " + capability + " because " + reason + ", but it works");
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

    default Failure failure(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (thrown instanceof FailureException failed) {
            return failed.failure();
        }
        throw new AssertionError("Expected a failure, not " + thrown, thrown);
    }
}
