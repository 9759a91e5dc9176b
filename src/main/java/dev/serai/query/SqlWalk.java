package dev.serai.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.query.ParsedSql.TableReference;

/**
 * Walks a statement's tree: collects the tables it names and refuses every kind of node or function that is not known
 * to be harmless.
 */
final class SqlWalk {
    private static final Set<String> QUERY_NODES =
            Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE");
    private static final Set<String> SOURCES =
            Set.of("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT", "SHOW_REF");
    private static final Set<String> EXPRESSIONS = Set.of(
            "BETWEEN",
            "CASE",
            "CAST",
            "COLLATE",
            "COLUMN_REF",
            "COMPARISON",
            "CONJUNCTION",
            "CONSTANT",
            "DEFAULT",
            "FUNCTION",
            "LAMBDA",
            "LAMBDA_REF",
            "OPERATOR",
            "PARAMETER",
            "POSITIONAL_REFERENCE",
            "STAR",
            "SUBQUERY",
            "TYPE",
            "WINDOW");
    /** The keys under which the tree holds something to select from. */
    private static final Set<String> SOURCE_KEYS = Set.of("from_table", "left", "right", "source");

    private static final int MOST_TABLES = 200;
    private static final int MOST_QUERIES = 300;

    private final SqlPositions positions;
    private final List<JsonNode> tables = new ArrayList<>();
    private final Set<String> commonTables = new HashSet<>();
    private int parameters;
    private int queries;

    SqlWalk(SqlPositions positions) {
        this.positions = positions;
    }

    void statement(JsonNode statement) {
        for (JsonNode parameter : statement.path("named_param_map")) {
            String name = parameter.path("key").asText();
            if (!name.chars().allMatch(Character::isDigit)) {
                throw refused("named_parameter", "Parameters are positional: ? or $1, not $" + name + ".", null);
            }
            parameters = Math.max(parameters, parameter.path("value").asInt());
        }
        visit(statement.path("node"));
    }

    int parameters() {
        return parameters;
    }

    /** Every name once. A name that is also a common table expression's may mean either, wherever it stands. */
    List<TableReference> tables() {
        List<TableReference> references = new ArrayList<>();
        for (JsonNode table : tables) {
            List<String> path = new ArrayList<>();
            table.path("qualified_name").path("path").forEach(part -> path.add(part.asText()));
            boolean optional = path.size() == 1 && commonTables.contains(folded(path.get(0)));
            references.add(new TableReference(path, optional, positions.of(table.path("query_location"))));
        }
        return references;
    }

    private void visit(JsonNode node) {
        if (node.isArray()) {
            node.forEach(this::visit);
            return;
        }
        if (!node.isObject()) {
            return;
        }
        String type = node.path("type").asText();
        if (type.endsWith("_NODE")) {
            query(type);
        }
        switch (type) {
            case "BASE_TABLE" -> table(node);
            case "TABLE_FUNCTION" -> tableFunction(node);
            case "SHOW_REF" -> show(node);
            default -> {}
        }
        if (node.has("class")) {
            expression(node, node.path("class").asText());
        }
        commonTables(node.path("cte_map"));
        node.fields().forEachRemaining(field -> {
            if (SOURCE_KEYS.contains(field.getKey())) {
                source(field.getValue());
            }
            if (type.equals("TABLE_FUNCTION") && field.getKey().equals("function")) {
                visitArguments(field.getValue());
            } else {
                visit(field.getValue());
            }
        });
    }

    private void expression(JsonNode node, String kind) {
        if (!EXPRESSIONS.contains(kind)) {
            throw refused("not_allowed", "Something in this statement cannot be used here.", place(node));
        }
        if (node.has("function_name")) {
            String name = folded(node.path("function_name").asText());
            if (!SqlFunctions.allowed(name)) {
                String near = SqlFunctions.similar(name)
                        .map(known -> " Did you mean " + known + "?")
                        .orElse("");
                throw refused(
                        "function_not_allowed",
                        "There is no function " + shown(name) + " that can be used here." + near,
                        place(node));
            }
        }
    }

    private void commonTables(JsonNode map) {
        map.path("map")
                .forEach(entry -> commonTables.add(folded(entry.path("key").asText())));
    }

    /** What is selected from is of a known kind; an expression under the same key has a class instead. */
    private void source(JsonNode node) {
        boolean expression = node.has("class");
        boolean query = node.path("type").asText().endsWith("_NODE");
        if (node.isObject()
                && !expression
                && !query
                && !SOURCES.contains(node.path("type").asText())) {
            throw refused("not_allowed", "Something this statement selects from cannot be used here.", place(node));
        }
    }

    private void tableFunction(JsonNode node) {
        JsonNode function = node.path("function");
        String name = folded(function.path("function_name").asText());
        if (!SqlFunctions.allowedAsTable(name)) {
            throw refused(
                    "function_not_allowed",
                    "There is no function " + shown(name) + " that can be selected from here.",
                    place(node));
        }
    }

    private void visitArguments(JsonNode function) {
        function.fields().forEachRemaining(field -> visit(field.getValue()));
    }

    private void query(String type) {
        if (!QUERY_NODES.contains(type)) {
            throw refused("not_a_select", "Only a SELECT statement can be run here.", null);
        }
        if (++queries > MOST_QUERIES) {
            throw refused("sql_too_complex", "The SQL has more than " + MOST_QUERIES + " SELECTs.", null);
        }
    }

    /** Bounded, since the time to plan a join grows faster than its tables. */
    private void table(JsonNode node) {
        if (node.has("at_clause")) {
            throw refused("not_allowed", "AT cannot be used here: SQL reads the newest version.", place(node));
        }
        tables.add(node);
        if (tables.size() > MOST_TABLES) {
            throw refused("sql_too_complex", "The SQL names tables more than " + MOST_TABLES + " times.", place(node));
        }
    }

    /** {@code DESCRIBE} and {@code SUMMARIZE} of a query are fine; {@code SHOW TABLES} and the like are not. */
    private void show(JsonNode node) {
        if (!node.path("query").isObject()) {
            throw refused("not_allowed", "SHOW cannot be used here.", place(node));
        }
    }

    private @Nullable Integer place(JsonNode node) {
        return positions.of(node.path("query_location"));
    }

    private static String shown(String name) {
        return name.length() > 100 ? name.substring(0, 100) + "…" : name;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static FailureException refused(String code, String detail, @Nullable Integer position) {
        return new FailureException(new Failure.Unreadable(code, detail, position));
    }
}
