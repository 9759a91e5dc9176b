package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Fault;

/**
 * Does a query only read, and only from where it may? Stages are those of a list; nothing that writes or runs JavaScript may
 * stand anywhere in it; other collections only in the databases that are offered.
 */
final class ReadOnlyRule {
    private static final Set<String> REFUSED =
            Set.of("$out", "$merge", "$where", "$function", "$accumulator", "$eval", "$currentOp");

    private static final Set<String> STAGES = Set.of(
            "$addFields",
            "$bucket",
            "$bucketAuto",
            "$count",
            "$densify",
            "$facet",
            "$fill",
            "$geoNear",
            "$graphLookup",
            "$group",
            "$limit",
            "$lookup",
            "$match",
            "$project",
            "$redact",
            "$replaceRoot",
            "$replaceWith",
            "$sample",
            "$search",
            "$searchMeta",
            "$set",
            "$setWindowFields",
            "$skip",
            "$sort",
            "$sortByCount",
            "$unionWith",
            "$unset",
            "$unwind",
            "$vectorSearch");

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
        if (!databases.contains(String.valueOf(name))) {
            faults.add(new Fault(pointer, "must be a database that the connector offers"));
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
        if (!STAGES.contains(name)) {
            faults.add(new Fault(inside, "is no stage that only reads"));
            return;
        }
        switch (name) {
            case "$lookup", "$graphLookup" -> from(value, "from", inside);
            case "$unionWith" -> from(value, "coll", inside);
            default -> {}
        }
        if (name.equals("$facet") && value instanceof Document facets) {
            facets.forEach((facet, stages) -> pipeline(stages, inside + "/" + escaped(facet)));
        } else if (value instanceof Document parts && parts.containsKey("pipeline")) {
            pipeline(parts.get("pipeline"), inside + "/pipeline");
            parts.forEach((part, other) -> {
                if (!part.equals("pipeline")) {
                    expression(other, inside + "/" + escaped(part));
                }
            });
        } else {
            expression(value, inside);
        }
    }

    /** A collection is a name in the same database, or names another with its own. */
    private void from(@Nullable Object stage, String property, String pointer) {
        if (!(stage instanceof Document parts)) {
            return;
        }
        if (parts.containsKey("db")) {
            database(parts.get("db"), pointer + "/db");
        }
        if (parts.get(property) instanceof Document elsewhere) {
            database(elsewhere.get("db"), pointer + "/" + property + "/db");
        }
    }

    /** A filter, a projection, anything that computes. */
    void expression(@Nullable Object value, String pointer) {
        if (value instanceof Map<?, ?> parts) {
            parts.forEach((key, inner) -> {
                String name = String.valueOf(key);
                String inside = pointer + "/" + escaped(name);
                if (REFUSED.contains(name)) {
                    faults.add(new Fault(inside, "is refused: it writes, or runs code"));
                } else {
                    expression(inner, inside);
                }
            });
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                expression(list.get(i), pointer + "/" + i);
            }
        } else if (value instanceof org.bson.types.Code) {
            faults.add(new Fault(pointer, "is refused: it runs code"));
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
