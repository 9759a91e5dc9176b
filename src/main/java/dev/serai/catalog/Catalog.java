package dev.serai.catalog;

import java.util.List;
import java.util.Optional;

/** The connector types there are now: the packed Kamelets, overridden by those in the folder. */
public class Catalog {

    /** All types, by name. */
    public List<ConnectorType> types() {
        throw new UnsupportedOperationException();
    }

    /** A type by its name or one of its aliases. */
    public Optional<ConnectorType> find(String typeOrAlias) {
        throw new UnsupportedOperationException();
    }

    /** Files that could not be loaded. */
    public List<CatalogProblem> problems() {
        throw new UnsupportedOperationException();
    }

    /** Changes whenever any type does. */
    public String etag() {
        throw new UnsupportedOperationException();
    }
}
