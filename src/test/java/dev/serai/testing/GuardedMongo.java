package dev.serai.testing;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * A double of a MongoDB that wants a login: the user {@code reader} of the database {@code admin}, by SCRAM (RFC 5802, RFC
 * 7677) or PLAIN, who may not read the collection {@code hidden}. It can fail with any of the server's codes.
 */
public final class GuardedMongo implements AutoCloseable {
    public static final String PASSWORD = "p,=%#ä";
    private static final byte[] SALT = "sixteen bytes...".getBytes(StandardCharsets.US_ASCII);
    private static final int ROUNDS = 4096;
    private static final Set<String> OPEN = Set.of("hello", "isMaster", "ismaster", "endSessions");

    private final Guard guard = new Guard();
    private final MongoServer server = new MongoServer(guard);
    private final InetSocketAddress address;

    /** @param certificate to speak TLS with; null for none */
    public GuardedMongo(@Nullable Certificate certificate) {
        if (certificate != null) {
            server.enableSsl(
                    PemContent.of(certificate.key()).getPrivateKey(),
                    null,
                    PemContent.of(certificate.pem()).getCertificates().get(0));
        }
        address = server.bind();
    }

    public ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("host", address.getHostString())
                .put("port", address.getPort())
                .put("database", "shop")
                .put("connect_timeout", 2)
                .put("username", "reader")
                .put("password", PASSWORD);
    }

    /** From now on finds fail so; 0: no more. */
    public void failWith(int code) {
        guard.code = code;
    }

    /** How people logged in, in order. */
    public List<String> logins() {
        return List.copyOf(guard.logins);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private record Exchange(String algorithm, String clientFirst, String serverFirst) {}

    private static final class Guard extends MemoryBackend {
        private final Map<Channel, Exchange> exchanges = new ConcurrentHashMap<>();
        private final Set<Channel> known = ConcurrentHashMap.newKeySet();
        private final List<String> logins = new CopyOnWriteArrayList<>();
        private volatile int code;

        @Override
        public Document handleMessage(MongoMessage message) {
            Document asked = message.getDocument();
            String command = asked.keySet().iterator().next();
            Channel channel = message.getChannel();
            try {
                if (command.equals("saslStart")) {
                    return begun(message.getDatabaseName(), asked, channel);
                } else if (command.equals("saslContinue")) {
                    return proven(asked, channel);
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            if (!known.contains(channel) && !OPEN.contains(command)) {
                return failed(13, "command " + command + " requires authentication");
            } else if (command.equals("listCollections")) {
                return collections(message.getDatabaseName());
            } else if (command.equals("find") && code != 0) {
                return failed(code, "told to");
            } else if (command.equals("find") && "hidden".equals(asked.get("find"))) {
                return failed(13, "not authorized on shop to execute command { find: \"hidden\" }");
            }
            return super.handleMessage(message);
        }

        private static Document collections(String database) {
            Document cursor = new Document("id", 0L).append("ns", database + ".$cmd.listCollections");
            cursor.append(
                    "firstBatch",
                    List.of(
                            new Document("name", "goods")
                                    .append("type", "collection")
                                    .append("options", new Document()),
                            new Document("name", "hidden")
                                    .append("type", "view")
                                    .append("options", new Document()),
                            new Document("name", "log")
                                    .append("type", "collection")
                                    .append("options", new Document("capped", true)),
                            new Document("name", "weather")
                                    .append("type", "timeseries")
                                    .append("options", new Document()),
                            new Document("name", "system.views")
                                    .append("type", "collection")
                                    .append("options", new Document())));
            return new Document("cursor", cursor).append("ok", 1.0);
        }

        private Document begun(String database, Document asked, Channel channel) {
            String mechanism = String.valueOf(asked.get("mechanism"));
            logins.add(mechanism);
            String said = new String(((BinData) asked.get("payload")).getData(), StandardCharsets.UTF_8);
            if (mechanism.equals("PLAIN")) {
                boolean right = said.equals("reader\0reader\0" + PASSWORD) && database.equals("$external");
                return right ? logged(channel, new byte[0]) : refused();
            } else if (!database.equals("admin") || !said.startsWith("n,,n=reader,r=")) {
                return refused();
            }
            String first = said.substring(3);
            String challenge = first.substring(first.indexOf("r=")) + "far,s="
                    + Base64.getEncoder().encodeToString(SALT) + ",i=" + ROUNDS;
            exchanges.put(channel, new Exchange(mechanism.substring(6).replace("-", ""), first, challenge));
            return answer(challenge.getBytes(StandardCharsets.US_ASCII), false);
        }

        private Document proven(Document asked, Channel channel) throws GeneralSecurityException {
            Exchange exchange = exchanges.get(channel);
            String hash = exchange.algorithm();
            String said = new String(((BinData) asked.get("payload")).getData(), StandardCharsets.UTF_8);
            int proof = said.indexOf(",p=");
            if (proof < 0) {
                return answer(new byte[0], true);
            }
            byte[] words = (exchange.clientFirst() + "," + exchange.serverFirst() + "," + said.substring(0, proof))
                    .getBytes(StandardCharsets.UTF_8);
            byte[] salted = salted(hash);
            byte[] clientKey = mac(hash, salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
            byte[] stored =
                    MessageDigest.getInstance(hash.replace("SHA", "SHA-")).digest(clientKey);
            byte[] right = mac(hash, stored, words);
            for (int i = 0; i < right.length; i++) {
                right[i] ^= clientKey[i];
            }
            if (!Arrays.equals(right, Base64.getDecoder().decode(said.substring(proof + 3)))) {
                return refused();
            }
            byte[] serverKey = mac(hash, salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
            String verifier = "v=" + Base64.getEncoder().encodeToString(mac(hash, serverKey, words));
            return logged(channel, verifier.getBytes(StandardCharsets.US_ASCII));
        }

        private static byte[] salted(String hash) throws GeneralSecurityException {
            String secret = PASSWORD;
            if (hash.equals("SHA1")) {
                byte[] digest = MessageDigest.getInstance("MD5")
                        .digest(("reader:mongo:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
                secret = HexFormat.of().formatHex(digest);
            }
            int bits = hash.equals("SHA1") ? 160 : 256;
            return SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash)
                    .generateSecret(new PBEKeySpec(secret.toCharArray(), SALT, ROUNDS, bits))
                    .getEncoded();
        }

        private static byte[] mac(String hash, byte[] key, byte[] text) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("Hmac" + hash);
            mac.init(new SecretKeySpec(key, "Hmac" + hash));
            return mac.doFinal(text);
        }

        private Document logged(Channel channel, byte[] payload) {
            known.add(channel);
            return answer(payload, true);
        }

        private static Document answer(byte[] payload, boolean done) {
            return new Document("conversationId", 1)
                    .append("done", done)
                    .append("payload", new BinData(payload))
                    .append("ok", 1.0);
        }

        private static Document refused() {
            return failed(18, "Authentication failed.");
        }

        private static Document failed(int code, String words) {
            return new Document("ok", 0.0).append("errmsg", words).append("code", code);
        }
    }
}
