package dev.serai.query;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.serai.lake.TableSnapshot;

/** The tables that a query may name: those its caller may read. */
@FunctionalInterface
public interface Relations {
    /** A table by its SQL name, ignoring case; empty where there is none for this caller. */
    Optional<TableSnapshot> find(String name);

    /** The names of those to suggest where one is not found; asked for only then. */
    default Collection<String> names() {
        return List.of();
    }
}
