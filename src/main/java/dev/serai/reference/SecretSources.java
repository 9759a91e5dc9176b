package dev.serai.reference;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.PropertiesFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/**
 * What secret does a reference stand for now? Asked anew each time; nothing is kept.
 *
 * <p>A source other than {@code env} and {@code file} is a Camel property function of that name: a vault's component on
 * the class path brings it, and {@code camel.vault.*} configures it.
 */
@Component
public class SecretSources {
    private static final Logger log = LoggerFactory.getLogger(SecretSources.class);

    private final ReferenceRules rules;
    private final FilesOfReferences files;
    private final ConfigurableEnvironment environment;
    private final CamelContext camel;
    private final SeraiSettings settings;

    public SecretSources(
            ReferenceRules rules, ConfigurableEnvironment environment, CamelContext camel, SeraiSettings settings) {
        this.rules = rules;
        this.files = new FilesOfReferences(rules);
        this.environment = environment;
        this.camel = camel;
        this.settings = settings;
    }

    /**
     * The secret, never empty.
     *
     * @throws dev.serai.failure.FailureException {@code reference_unresolved} in the layer {@code config}
     */
    public String resolve(SecretReference reference) {
        rules.refusal(reference).ifPresent(why -> {
            throw Unresolved.of(reference, "it " + why, null);
        });
        String secret =
                switch (reference.source()) {
                    case "env" -> variable(reference);
                    case "file" -> files.read(reference);
                    default -> function(reference);
                };
        if (secret.isEmpty()) {
            throw Unresolved.of(reference, "it is empty", null);
        }
        if (isOwn(secret)) {
            throw Unresolved.of(reference, "it is a secret of Serai itself", null);
        }
        return secret;
    }

    /** A real environment variable under just this name, not what Spring would take for it. */
    private String variable(SecretReference reference) {
        PropertySource<?> source =
                environment.getPropertySources().get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        return Optional.ofNullable(source)
                .map(PropertySource::getSource)
                .filter(Map.class::isInstance)
                .map(variables -> ((Map<?, ?>) variables).get(reference.name()))
                .map(Object::toString)
                .orElseThrow(() -> Unresolved.of(reference, "there is no such environment variable", null));
    }

    private String function(SecretReference reference) {
        @Nullable String secret;
        try {
            PropertiesFunction function =
                    ((PropertiesComponent) camel.getPropertiesComponent()).getPropertiesFunction(reference.source());
            if (function == null) {
                throw Unresolved.of(
                        reference,
                        "no Camel property function '" + reference.source() + "' is on the class path",
                        null);
            }
            secret = function.apply(reference.name());
        } catch (FailureException e) {
            throw e;
        } catch (RuntimeException e) {
            // Not as the cause: a vault's message may quote what it holds.
            log.warn("{} could not be had: {}", reference, e.getClass().getSimpleName());
            throw Unresolved.of(reference, "the vault is not set up, failed or does not have it", true, null);
        }
        if (secret == null) {
            throw Unresolved.of(reference, "the vault does not have it", null);
        }
        return secret;
    }

    /** Also under another name, or in a file, nobody gets what this installation is opened with. */
    private boolean isOwn(String secret) {
        return Stream.of(
                        settings.signKey(),
                        settings.signKeyPrevious(),
                        settings.adminPassword(),
                        settings.metadata().password())
                .anyMatch(own -> own != null && !own.isBlank() && own.strip().equals(secret.strip()));
    }
}
