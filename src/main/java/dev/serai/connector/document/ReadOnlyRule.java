package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.bson.Document;
import org.bson.types.Code;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Fault;

/**
 * Does a query only read, and only from where it may? Its stages and operators are those of {@link QueryOperators}, wherever
 * they stand; other collections only in the databases that are offered, and none of the server's own.
 */
final class ReadOnlyRule {
    /** What stands in it is data, whatever it is called. */
    private static final String LITERAL = "$literal";

    private final Set<String> databases;
    private final List<Fault> faults = new ArrayList<>();

    /** @param databases those that are offered */
    ReadOnlyRule(Set<String> databases) {
        this.databases = databases;
    }

    List<Fault> faults() {
        return faults;
    }

    void database(@Nullable Object name, String pointer) {
        if (!(name instanceof String database && databases.contains(database))) {
            faults.add(new Fault(pointer, "must be a database that the connector offers"));
        }
    }

    void collection(@Nullable Object name, String pointer) {
        if (!(name instanceof String collection) || collection.isEmpty() || collection.contains("\0")) {
            faults.add(new Fault(pointer, "must be the name of a collection"));
        } else if (collection.startsWith("system.") || collection.contains("$")) {
            faults.add(new Fault(pointer, "is one of the server's own, which are not offered"));
        }
    }

    void pipeline(@Nullable Object stages, String pointer) {
        if (!(stages instanceof List<?> list)) {
            faults.add(new Fault(pointer, "must be a list of stages"));
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            stage(list.get(i), pointer + "/" + i);
        }
    }

    private void stage(@Nullable Object stage, String pointer) {
        if (!(stage instanceof Document document) || document.size() != 1) {
            faults.add(new Fault(pointer, "must be an object with the name of one stage"));
            return;
        }
        String name = document.keySet().iterator().next();
        Object value = document.get(name);
        String inside = pointer + "/" + escaped(name);
        if (!QueryOperators.isStage(name)) {
            faults.add(new Fault(inside, "is no stage that only reads"));
            return;
        }
        switch (name) {
            case "$lookup", "$graphLookup" -> elsewhere(value, "from", inside);
            case "$unionWith" -> {
                if (value instanceof String) {
                    collection(value, inside);
                } else {
                    elsewhere(value, "coll", inside);
                }
            }
            case "$facet" -> facets(value, inside);
            default -> expression(value, inside);
        }
    }

    private void facets(@Nullable Object value, String pointer) {
        if (value instanceof Document facets) {
            facets.forEach((facet, stages) -> pipeline(stages, pointer + "/" + escaped(facet)));
        } else {
            faults.add(new Fault(pointer, "must be an object"));
        }
    }

    /** Another collection is a name in the same database, or names a database with its own; a pipeline may do without. */
    private void elsewhere(@Nullable Object stage, String property, String pointer) {
        if (!(stage instanceof Document parts)) {
            faults.add(new Fault(pointer, "must be an object"));
            return;
        }
        parts.forEach((part, value) -> {
            String inside = pointer + "/" + escaped(part);
            if (part.equals("pipeline")) {
                pipeline(value, inside);
            } else if (part.equals("db")) {
                database(value, inside);
            } else if (part.equals(property) && value instanceof Document named) {
                database(named.get("db"), inside + "/db");
                collection(named.get("coll"), inside + "/coll");
            } else if (part.equals(property)) {
                collection(value, inside);
            } else {
                expression(value, inside);
            }
        });
    }

    /** A filter, a projection, anything that computes. */
    void expression(@Nullable Object value, String pointer) {
        if (value instanceof Map<?, ?> parts) {
            parts.forEach((key, inner) -> {
                String name = String.valueOf(key);
                String inside = pointer + "/" + escaped(name);
                if (!QueryOperators.isName(name)) {
                    faults.add(new Fault(inside, "is no operator that only reads"));
                } else if (!name.equals(LITERAL)) {
                    expression(inner, inside);
                }
            });
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                expression(list.get(i), pointer + "/" + i);
            }
        } else if (value instanceof Code) {
            faults.add(new Fault(pointer, "is refused: it runs code"));
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
