package dev.serai.catalog;

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
    /** The route template's id in Camel. */
    public String templateId() {
        return name + "-" + revision;
    }
}
