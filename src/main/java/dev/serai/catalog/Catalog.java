package dev.serai.catalog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;

import dev.serai.settings.SeraiSettings;

/** The connector types there are now: the packed Kamelets, overridden by those in the folder. */
@Component
public class Catalog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Catalog.class);
    private static final String SUFFIX = ".kamelet.yaml";

    private final FolderWatch folder;
    private final CatalogFiles files;
    private volatile Snapshot now;
    private volatile List<CatalogProblem> reported = List.of();

    private record Snapshot(
            List<ConnectorType> types, Map<String, ConnectorType> byName, List<CatalogProblem> problems, String etag) {}

    /**
     * Reads all files; {@link #watch()} keeps up with them.
     *
     * @param camel has the beans that Kamelets may name; nothing is added to it
     */
    public Catalog(SeraiSettings settings, CamelContext camel) {
        CatalogFiles.Taken packed = new CatalogFiles(CatalogFiles.Taken.NOTHING, () -> new TrialCamel(camel))
                .take(PackedFiles.in("kamelets", SUFFIX));
        folder = new FolderWatch(settings.kameletsDir(), SUFFIX);
        files = new CatalogFiles(packed, () -> new TrialCamel(camel));
        now = snapshot(files.take(folder.files()));
        log.info("{} connector types, {} problems", now.types.size(), now.problems.size());
    }

    /** Keeps up with the folder from now on. */
    @PostConstruct
    public void watch() {
        folder.start(texts -> {
            now = snapshot(files.take(texts));
            log.info("The Kamelets changed: {} connector types, {} problems", now.types.size(), now.problems.size());
        });
    }

    /** Stops keeping up. */
    @PreDestroy
    @Override
    public void close() {
        folder.close();
    }

    /** All types, by name. */
    public List<ConnectorType> types() {
        return now.types;
    }

    /** A type by its name or one of its aliases. */
    public Optional<ConnectorType> find(String typeOrAlias) {
        return Optional.ofNullable(now.byName.get(typeOrAlias));
    }

    /** Files that could not be loaded: Kamelets, and what was {@linkplain #report reported} of others. */
    public List<CatalogProblem> problems() {
        return Stream.concat(now.problems.stream(), reported.stream()).toList();
    }

    /** Takes up the problems of files that are not Kamelets, in place of those reported before. */
    public void report(List<CatalogProblem> problems) {
        reported = List.copyOf(problems);
    }

    /** Changes whenever any type does. */
    public String etag() {
        return now.etag;
    }

    private static Snapshot snapshot(CatalogFiles.Taken taken) {
        Map<String, ConnectorType> byName = new TreeMap<>();
        StringBuilder revisions = new StringBuilder();
        for (ConnectorType type : taken.types().values()) {
            byName.put(type.type(), type);
            type.aliases().forEach(alias -> byName.put(alias, type));
            revisions.append(type.kamelet().templateId()).append('\n');
        }
        String etag = DigestUtils.md5DigestAsHex(revisions.toString().getBytes(StandardCharsets.UTF_8));
        return new Snapshot(List.copyOf(taken.types().values()), byName, taken.problems(), etag);
    }
}
