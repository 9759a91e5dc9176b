package dev.serai.testing;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** A double of a MongoDB that keeps documents in memory and speaks the protocol; it knows no logins. */
public final class Mongo implements AutoCloseable {
    /** Its batches come slowly. */
    public static final String SLOW = "slow";

    private final Paced backend = new Paced();
    private final MongoServer server = new MongoServer(backend);
    private final InetSocketAddress address = server.bind();
    private final MongoClient client =
            MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort());

    public ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("host", address.getHostString())
                .put("port", address.getPort())
                .put("database", "shop")
                .put("batch_size", 500);
    }

    public MongoCollection<Document> collection(String name) {
        return client.getDatabase("shop").getCollection(name);
    }

    public void put(String name, List<Document> documents) {
        client.getDatabase("shop").createCollection(name);
        if (!documents.isEmpty()) {
            collection(name).insertMany(documents);
        }
    }

    public void putSlow() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            documents.add(new Document("id", i));
        }
        put(SLOW, documents);
    }

    /** How many slow cursors are open. */
    public int openCursors() {
        return backend.open.size();
    }

    public int connections() {
        return backend.channels.size();
    }

    /** The commands that came, without those of the fixture's own. */
    public List<String> commands() {
        return List.copyOf(backend.commands);
    }

    /** Batches of slow cursors. */
    public int batchesUnderWay() {
        return backend.batches.get();
    }

    /** How often a cursor was ended while a batch of it was on its way. */
    public int endedMidway() {
        return backend.endedMidway.get();
    }

    /** The milliseconds that the last command of that name may take; null: it did not come, or for ever. */
    public @Nullable Number timeOf(String command) {
        return backend.times.get(command);
    }

    @Override
    public void close() {
        client.close();
        server.shutdownNow();
    }

    private static final class Paced extends MemoryBackend {
        private final Set<Long> open = ConcurrentHashMap.newKeySet();
        private final Set<io.netty.channel.Channel> channels = ConcurrentHashMap.newKeySet();
        private final AtomicInteger batches = new AtomicInteger();
        private final AtomicInteger endedMidway = new AtomicInteger();
        private final Map<String, Number> times = new ConcurrentHashMap<>();
        private final List<String> commands = new java.util.concurrent.CopyOnWriteArrayList<>();

        @Override
        public void handleClose(io.netty.channel.Channel channel) {
            channels.remove(channel);
            super.handleClose(channel);
        }

        @Override
        public de.bwaldvogel.mongo.bson.Document handleMessage(MongoMessage message) {
            de.bwaldvogel.mongo.bson.Document asked = message.getDocument();
            String command = asked.keySet().iterator().next();
            channels.add(message.getChannel());
            commands.add(command);
            if (asked.get("maxTimeMS") instanceof Number time) {
                times.put(command, time);
            } else {
                times.remove(command);
            }
            if (command.equals("getMore") && SLOW.equals(asked.get("collection"))) {
                batches.incrementAndGet();
                pause();
                batches.decrementAndGet();
            } else if (command.equals("killCursors") && SLOW.equals(asked.get(command))) {
                open.clear();
                endedMidway.addAndGet(batches.get() > 0 ? 1 : 0);
            }
            de.bwaldvogel.mongo.bson.Document answer = super.handleMessage(message);
            if ((command.equals("find") || command.equals("aggregate")) && SLOW.equals(asked.get(command))) {
                open.add(System.nanoTime());
            }
            return answer;
        }

        private static void pause() {
            java.util.concurrent.locks.LockSupport.parkNanos(1_500_000_000L);
        }
    }
}
