package dev.serai.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.index.IndexModule;
import org.elasticsearch.index.shard.SearchOperationListener;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.search.internal.SearchContext;
import org.elasticsearch.tasks.TaskCancelledException;
import org.elasticsearch.transport.Netty4Plugin;

/** The program of a JVM of its own: a real Elasticsearch, which ends with its standard input. */
final class ElasticsearchNode extends Node {
    /** What the program says, and its port after it, once it answers. */
    static final String READY = "elasticsearch-port=";

    private ElasticsearchNode(Environment environment) {
        super(environment, List.of(Netty4Plugin.class, SlowIndices.class), false);
    }

    /** @param arguments its folder, and its port or 0 */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Settings settings = Settings.builder()
                .put("path.home", home.toString())
                .put("cluster.name", "serai-tests")
                .put("node.name", "tests")
                .put("transport.type", "netty4")
                .put("http.type", "netty4")
                .put("http.port", arguments[1])
                .put("transport.port", "0")
                .put("network.host", "127.0.0.1")
                .put("discovery.type", "single-node")
                .put("node.processors", 2)
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .build();
        Node node = new ElasticsearchNode(
                InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "tests"));
        node.start();
        int port = node.injector()
                .getInstance(HttpServerTransport.class)
                .boundAddress()
                .publishAddress()
                .getPort();
        System.out.println(READY + port);
        while (System.in.read() >= 0) {
            // Nothing is said to it.
        }
        Runtime.getRuntime().halt(0);
    }

    /** Searches of an index whose name begins with {@code slow} take a minute, unless they are cancelled. */
    public static final class SlowIndices extends Plugin {
        @Override
        public void onIndexModule(IndexModule module) {
            if (!module.getIndex().getName().startsWith(Elasticsearch.SLOW)) {
                return;
            }
            module.addSearchOperationListener(new SearchOperationListener() {
                @Override
                public void onPreQueryPhase(SearchContext search) {
                    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
                    while (System.nanoTime() < end) {
                        if (search.isCancelled()) {
                            throw new TaskCancelledException("cancelled");
                        }
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    }
                }
            });
        }
    }
}
