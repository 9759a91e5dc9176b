package dev.serai.api.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.instancio.Random;
import org.instancio.generator.Generator;

import dev.serai.api.fuzz.ApiFile.Operation;

/**
 * Cases made from the OpenAPI file: a request of one of its operations as the file wants it, or the same with a few
 * things wrong, or a story of several requests. Operations that come into the file are covered with no change here.
 */
final class Cases implements Generator<Case> {
    private final List<Operation> operations;
    private final Values values;
    private final Mutations mutations;

    Cases(ApiFile file, Values values) {
        this.operations = file.operations();
        this.values = values;
        this.mutations = new Mutations(values);
    }

    @Override
    public Case generate(Random random) {
        return switch (random.intRange(0, 19)) {
            case 0 -> story(random);
            case 1 -> new Case(List.of(draft(random, one(random)), draft(random, one(random))), true);
            case 2 -> twice(random);
            case 3, 4, 5, 6, 7, 8 -> new Case(List.of(valid(random, one(random))), false);
            default -> new Case(List.of(mutated(random, one(random))), false);
        };
    }

    /** Logging in is slow for everybody, on purpose. */
    private Operation one(Random random) {
        Operation operation = random.oneOf(operations);
        return operation.id().equals("login") && random.trueOrFalse(0.8) ? one(random) : operation;
    }

    private Draft draft(Random random, Operation operation) {
        return random.trueOrFalse() ? valid(random, operation) : mutated(random, operation);
    }

    private Draft mutated(Random random, Operation operation) {
        Draft draft = valid(random, operation);
        int times = random.oneOf(1, 1, 1, 2, 4);
        for (int i = 0; i < times; i++) {
            draft = mutations.mutated(random, draft);
        }
        return draft;
    }

    /** The same change twice at the same time. */
    private Case twice(Random random) {
        List<Operation> changes = operations.stream()
                .filter(operation -> !operation.method().equals("GET"))
                .toList();
        Draft draft = valid(random, random.oneOf(changes));
        return new Case(List.of(draft, draft), true);
    }

    /** Something is made, used, changed, and used again after it is gone. */
    private Case story(Random random) {
        boolean connectors = random.trueOrFalse();
        String thing = connectors ? "connector" : "dataset";
        String path = "/api/" + thing + "s/{id}";
        List<Draft> steps = new ArrayList<>();
        steps.add(valid(
                        random,
                        random.oneOf(those(
                                operation -> operation.id().equals(connectors ? "createConnector" : "createDataset")
                                        || connectors && operation.id().equals("bootstrapConnector"))))
                .withCaller("admin"));
        List<Operation> uses = those(operation ->
                operation.path().startsWith(path) && !operation.method().equals("DELETE"));
        for (int i = random.intRange(1, 4); i > 0; i--) {
            steps.add(on(
                    thing,
                    random.trueOrFalse(0.7) ? valid(random, random.oneOf(uses)) : mutated(random, random.oneOf(uses))));
        }
        List<Operation> deletions = those(
                operation -> operation.path().equals(path) && operation.method().equals("DELETE"));
        steps.add(on(thing, valid(random, deletions.get(0)).withCaller("admin")));
        steps.add(on(thing, valid(random, random.oneOf(uses))));
        return new Case(steps, false);
    }

    private List<Operation> those(Predicate<Operation> wanted) {
        return operations.stream().filter(wanted).toList();
    }

    private static Draft on(String thing, Draft draft) {
        return draft.withTarget(draft.target()
                .replace("@{" + (thing.equals("connector") ? "spare" : "spareset") + "}", "@{made." + thing + "}")
                .replace("@{" + thing + "}", "@{made." + thing + "}"));
    }

    /** A request that fits the file in all that the file says. */
    Draft valid(Random random, Operation operation) {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        Draft draft = new Draft(caller(random, operation), operation.method(), path, List.of(), null, false);
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            switch (parameter.path("in").asText()) {
                case "path" -> path = path.replace("{" + name + "}", part(random, operation, name));
                case "header" ->
                    draft = random.trueOrFalse(0.3) ? draft.with(name, random.oneOf("5", "*", "\"x\"")) : draft;
                default -> {
                    if (parameter.path("required").asBoolean() || random.trueOrFalse(0.3)) {
                        query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
                        query.append(Texts.inUrl(
                                random,
                                values.of(random, parameter.path("schema"), name, 1)
                                        .asText()));
                    }
                }
            }
        }
        draft = draft.withTarget(path + query);
        if (operation.answers().size() > 1 && random.trueOrFalse()) {
            draft = draft.with("Accept", random.oneOf(operation.answers()));
        }
        boolean needed = operation.node().at("/requestBody/required").asBoolean();
        if (operation.bodies().isEmpty() || !needed && random.trueOrFalse()) {
            return draft;
        }
        Map.Entry<String, JsonNode> body = random.oneOf(operation.bodies().entrySet());
        return draft.with("Content-Type", body.getKey())
                .withBody(Mutations.bytes(content(random, operation, body.getValue())));
    }

    private JsonNode content(Random random, Operation operation, JsonNode schema) {
        JsonNode body = values.of(random, schema);
        if (body instanceof ObjectNode object) {
            switch (operation.id()) {
                // The file cannot say that exactly one of them is wanted.
                case "createDataset" -> {
                    if (random.trueOrFalse(0.8)) {
                        object.remove(List.of("query", "path"));
                        object.put("model", "@{table}");
                    }
                }
                case "queryConnector" -> {
                    if (random.trueOrFalse(0.9)) {
                        object.remove("query");
                        object.put("sql", values.sql(random));
                    }
                }
                default -> {}
            }
        }
        return body;
    }

    private static String caller(Random random, Operation operation) {
        if (operation.path().startsWith("/api/admin") && random.trueOrFalse()) {
            return "owner";
        }
        return random.trueOrFalse(0.75) ? "admin" : random.oneOf(World.CALLERS.subList(0, World.CALLERS.size() - 1));
    }

    private static String part(Random random, Operation operation, String name) {
        if (name.equals("model")) {
            return random.oneOf("@{table}", "@{model}", "@{foreign.table}", "nothing");
        } else if (name.equals("type")) {
            return random.oneOf("postgresql", "rds", "nothing");
        }
        boolean gentle =
                !operation.method().equals("DELETE") && !operation.method().equals("PATCH");
        String own = operation.path().startsWith("/api/connectors")
                ? gentle ? "@{connector}" : "@{spare}"
                : operation.path().startsWith("/api/datasets")
                        ? gentle ? "@{dataset}" : "@{spareset}"
                        : operation.path().startsWith("/api/runs") ? "@{run}" : "@{sparetoken}";
        if (random.trueOrFalse(0.85)) {
            return own;
        }
        String kind = own.replaceAll("[@{}]|spare", "");
        return random.oneOf(
                "@{foreign.connector}", "@{foreign.dataset}", "@{foreign.run}", "@{foreign.token}", "con_" + kind);
    }
}
