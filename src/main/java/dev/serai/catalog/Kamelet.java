package dev.serai.catalog;

import java.util.List;

/**
 * A Kamelet as Camel is to load it.
 *
 * @param name {@code metadata.name}, kebab-case
 * @param revision a hash of the file's text; two texts never share a template id
 * @param yaml the Kamelet with its definition reduced to the parameters that Serai passes, so that Camel never sees
 *     config as text
 * @param origin the file, for messages
 */
public record Kamelet(String name, String revision, String yaml, String origin) {
    /** The name of the local bean that holds the opened config. */
    public static final String CONFIG = "config";

    /** The parameter that carries the name of the route's own {@code direct} address. */
    public static final String ADDRESS = "address";

    /** The parameter that carries the connector's id. */
    public static final String CONNECTOR_ID = "connectorId";

    static final List<String> PARAMETERS = List.of(ADDRESS, CONNECTOR_ID);

    /** Whether its template has beans, that is, Java of its own. */
    public boolean hasBeans() {
        try {
            return KameletReader.yaml(yaml).at("/spec/template/beans").size() > 0;
        } catch (KameletException e) {
            throw new IllegalStateException("A Kamelet in the catalog has been read before", e);
        }
    }

    /** The route template's id in Camel. */
    public String templateId() {
        return name + "-" + revision;
    }
}
