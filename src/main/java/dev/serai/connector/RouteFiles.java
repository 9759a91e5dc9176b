package dev.serai.connector;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.catalog.CamelReason;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.CatalogProblem;
import dev.serai.catalog.FolderWatch;
import dev.serai.settings.SeraiSettings;

/**
 * Which routes does Camel run, apart from those of connectors? The packed files, overridden by name and added to by those
 * in {@code SERAI_ROUTES_DIR}, also while running. A file that Camel does not take is reported and changes nothing.
 */
class RouteFiles implements CamelContextConfiguration, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RouteFiles.class);
    static final String SUFFIX = ".camel.yaml";

    private final Catalog catalog;
    private final FolderWatch folder;
    private final Map<String, String> packed;
    private final Map<String, Running> running = new TreeMap<>();
    private final Map<String, String> refused = new TreeMap<>();
    private final Map<String, CatalogProblem> problems = new TreeMap<>();

    /** A file whose routes run. */
    private record Running(RouteFile file, List<RouteDefinition> routes) {}

    /** @param packed the texts of the packed files by name */
    RouteFiles(SeraiSettings settings, Map<String, String> packed, Catalog catalog) {
        this.catalog = catalog;
        this.folder = new FolderWatch(settings.routesDir(), SUFFIX);
        this.packed = packed;
    }

    /** What Serai itself needs, so that a fault in it stops the start. */
    @Override
    public void beforeApplicationStart(CamelContext context) {
        ModelCamelContext camel = (ModelCamelContext) context;
        packed.forEach((name, text) -> {
            RouteFile file = new RouteFile(name, text);
            RouteFile own = new RouteFile(name, folder.files().getOrDefault(name, text));
            String fault = own.equals(file) ? null : parsed(own);
            if (fault != null) {
                refuse(own, fault);
            }
            try {
                RouteFile chosen = fault == null ? own : file;
                running.put(name, new Running(chosen, chosen.addTo(camel)));
            } catch (Exception e) {
                // Camel declares Exception for everything it loads.
                throw new IllegalStateException("The routes of " + name + " cannot be loaded", e);
            }
        });
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        ModelCamelContext camel = (ModelCamelContext) context;
        take(camel, folder.files());
        folder.start(files -> take(camel, files));
    }

    @Override
    public void close() {
        folder.close();
    }

    private synchronized void take(ModelCamelContext camel, Map<String, String> files) {
        Map<String, String> wanted = new TreeMap<>(packed);
        wanted.putAll(files);
        TreeSet<String> names = new TreeSet<>(running.keySet());
        names.addAll(wanted.keySet());
        refused.keySet().retainAll(files.keySet());
        problems.keySet().retainAll(files.keySet());
        for (String name : names) {
            Running old = running.get(name);
            String text = wanted.get(name);
            if (text == null) {
                replace(camel, old, null);
            } else if (old != null && old.file().text().equals(text)) {
                refused.remove(name);
                problems.remove(name);
            } else if (!text.equals(refused.get(name))) {
                offer(camel, old, new RouteFile(name, text));
            }
        }
        catalog.report(List.copyOf(problems.values()));
    }

    private void offer(ModelCamelContext camel, @Nullable Running old, RouteFile file) {
        String fault = parsed(file);
        if (fault == null && old != null && (file.hasRest() || old.file().hasRest())) {
            fault = "describes an HTTP API, which changes at the next start";
        }
        if (fault == null) {
            fault = replace(camel, old, file);
        }
        if (fault == null) {
            refused.remove(file.name());
            problems.remove(file.name());
            log.info("The routes of {} are taken over", file.name());
        } else {
            refuse(file, fault);
        }
    }

    private void refuse(RouteFile file, String fault) {
        refused.put(file.name(), file.text());
        problems.put(file.name(), new CatalogProblem(file.name(), fault));
        log.warn("{}: {}", file.name(), fault);
    }

    /** Runs the new file in place of the old one; where that fails, the old one again. */
    private @Nullable String replace(ModelCamelContext camel, @Nullable Running old, @Nullable RouteFile file) {
        try {
            if (old != null) {
                RouteEnd.runDry(camel, old.routes());
            }
            swap(camel, old, file);
            return null;
        } catch (Exception e) {
            String fault = "Camel does not take it: " + CamelReason.of(e);
            return old == null ? fault : fault + restored(camel, old);
        }
    }

    private void swap(ModelCamelContext camel, @Nullable Running old, @Nullable RouteFile file) throws Exception {
        try (ModelLock.Held held = ModelLock.of(camel).hold()) {
            if (old != null) {
                running.remove(old.file().name());
                RouteEnd.remove(camel, old.routes());
            }
            if (file != null) {
                running.put(file.name(), new Running(file, file.addTo(camel)));
            }
        }
    }

    private String restored(ModelCamelContext camel, Running old) {
        try {
            swap(camel, null, old.file());
            return "";
        } catch (Exception e) {
            log.error("The routes of {} do not run any more", old.file().name(), e);
            return "; its former routes could not be started again";
        }
    }

    private static @Nullable String parsed(RouteFile file) {
        try {
            file.parse();
            return null;
        } catch (Exception e) {
            return "Camel cannot read it: " + CamelReason.of(e);
        }
    }
}
