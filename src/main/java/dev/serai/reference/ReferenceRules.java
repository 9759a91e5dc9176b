package dev.serai.reference;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import dev.serai.settings.SeraiSettings;

/**
 * May a config name this reference? Only what {@code SERAI_REFERENCES} allows, and whatever that says never what Serai
 * itself is run with: its own environment variables and its data directory.
 */
@Component
public class ReferenceRules {
    /** Allows nothing. */
    public static final ReferenceRules NONE = new ReferenceRules(List.of(), Path.of("data"));

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
    private static final List<String> OWN_VARIABLES =
            List.of("SERAI_", "SPRING_", "CAMEL_", "SERVER_", "MANAGEMENT_", "LOGGING_");
    private static final List<Path> NO_FILES = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));
    /** Camel functions that read this process or call its beans. */
    private static final Set<String> NO_SECRETS =
            Set.of("sys", "bean", "service", "service-name", "service-host", "service-port");

    private final List<AllowedReferences> allowed;
    private final Path dataDir;

    @Autowired
    public ReferenceRules(SeraiSettings settings) {
        this(settings.references(), settings.dataDir());
    }

    private ReferenceRules(List<String> entries, Path dataDir) {
        this.allowed = entries.stream()
                .filter(entry -> !entry.isBlank())
                .map(AllowedReferences::of)
                .toList();
        this.dataDir = dataDir.toAbsolutePath().normalize();
    }

    /** Why it may not be used, in words that go on from its place in the config; empty where it may. */
    public Optional<String> refusal(SecretReference reference) {
        if (NO_SECRETS.contains(reference.source())) {
            return Optional.of("names a source that holds no secrets for connectors: " + reference.source());
        }
        if (reference.source().equals("env")) {
            if (!VARIABLE.matcher(reference.name()).matches()) {
                return Optional.of("must name an environment variable, such as env:DB_PASSWORD");
            }
            String name = reference.name().toUpperCase(Locale.ROOT);
            if (OWN_VARIABLES.stream().anyMatch(name::startsWith)) {
                return Optional.of("names what Serai itself is run with; connectors may never have that");
            }
        } else if (reference.source().equals("file")) {
            Optional<String> fault = fileFault(reference.name());
            if (fault.isPresent()) {
                return fault;
            }
        }
        return allowed.stream().anyMatch(entry -> entry.allows(reference))
                ? Optional.empty()
                : Optional.of("is not allowed by the setting SERAI_REFERENCES");
    }

    private Optional<String> fileFault(String name) {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            return Optional.of("must name a file in letters that this system's file names can have");
        }
        if (!path.isAbsolute() || !path.normalize().toString().equals(name)) {
            return Optional.of("must name a file by its absolute path, without '.', '..', '//' or a '/' at its end");
        }
        return isOwn(path) ? Optional.of("names a file that connectors may never have") : Optional.empty();
    }

    private boolean isOwn(Path path) {
        return path.startsWith(dataDir)
                || path.startsWith(FilesOfReferences.followed(dataDir))
                || NO_FILES.stream().anyMatch(path::startsWith);
    }

    /** Whether a file may be read whose links have been followed. */
    boolean allowsFile(Path real) {
        return !isOwn(real) && allowed.stream().anyMatch(entry -> entry.allowsFile(real));
    }
}
