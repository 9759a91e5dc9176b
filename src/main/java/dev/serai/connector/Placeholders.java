package dev.serai.connector;

import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.component.properties.PropertiesParser;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * When does Camel resolve <code>{{…}}</code>? While routes are built, never while one runs: Camel's HTTP component does it
 * with each address it calls, so a model's name or a page could have a value of our environment sent to the source.
 */
record Placeholders(CamelContext camel, ModelLock model, PropertiesParser parser) implements PropertiesParser {

    static void onlyWhileBuilding(CamelContext camel, ModelLock model) {
        PropertiesComponent properties = (PropertiesComponent) camel.getPropertiesComponent();
        properties.setPropertiesParser(new Placeholders(camel, model, properties.getPropertiesParser()));
    }

    @Override
    public String parseUri(
            String text,
            PropertiesLookup properties,
            boolean fallback,
            boolean keepUnresolvedOptional,
            boolean nestedPlaceholder) {
        if (camel.isStarted() && !model.isHeld()) {
            // Camel takes this kind of exception for a property that is not there.
            throw new IllegalArgumentException(
                    "No placeholder is resolved in a route that runs",
                    new FailureException(new Failure.Source(
                            Failure.Layer.READ,
                            "placeholder_refused",
                            "The request, the page or the config brings a placeholder ({{…}}) into the address.",
                            false)));
        }
        return parser.parseUri(text, properties, fallback, keepUnresolvedOptional, nestedPlaceholder);
    }

    @Override
    public String parseProperty(String key, String value, PropertiesLookup properties) {
        return parser.parseProperty(key, value, properties);
    }
}
