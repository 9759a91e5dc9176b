package dev.serai.testing;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;

/** A double of the one member, a secondary, of a replica set {@code rs0}. It takes logins by certificate from anybody. */
public final class MongoMember implements AutoCloseable {
    private final Member member = new Member();
    private final MongoServer server = new MongoServer(member);
    private final InetSocketAddress address = server.bind();

    /** @param name by which the set knows the member */
    public MongoMember(String name) {
        member.name = name + ":" + port();
    }

    public int port() {
        return address.getPort();
    }

    /** The mode of the last command of that name. */
    public String readPreference(String command) {
        return String.valueOf(member.modes.get(command));
    }

    /** By which mechanisms, against which databases. */
    public List<String> logins() {
        return List.copyOf(member.logins);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class Member extends MemoryBackend {
        private final Map<String, Object> modes = new ConcurrentHashMap<>();
        private final List<String> logins = new CopyOnWriteArrayList<>();
        private volatile String name = "";

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            return named(command, super.handleCommand(channel, database, command, query));
        }

        @Override
        public Document handleMessage(MongoMessage message) {
            Document asked = message.getDocument();
            String command = asked.keySet().iterator().next();
            if (asked.get("$readPreference") instanceof Document preference) {
                modes.put(command, preference.get("mode"));
            }
            if (command.equals("authenticate")) {
                logins.add(asked.get("mechanism") + " " + message.getDatabaseName());
                return new Document("ok", 1.0);
            }
            return named(command, super.handleMessage(message));
        }

        private Document named(String command, Document answer) {
            if (command.equalsIgnoreCase("isMaster") || command.equals("hello")) {
                answer.put("setName", "rs0");
                answer.put("hosts", List.of(name));
                answer.put("me", name);
                answer.put("ismaster", false);
                answer.put("secondary", true);
            }
            return answer;
        }
    }
}
