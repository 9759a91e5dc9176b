package dev.serai.connector.document;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.mongodb.AuthenticationMechanism;
import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.spi.dns.DnsClient;
import org.bson.codecs.BsonCodecProvider;
import org.bson.codecs.BsonValueCodecProvider;
import org.bson.codecs.CollectionCodecProvider;
import org.bson.codecs.DocumentCodecProvider;
import org.bson.codecs.MapCodecProvider;
import org.bson.codecs.ValueCodecProvider;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.EgressPolicy;

/**
 * The one client of a connector, made when it is first asked for. Each host that it connects to, also those that a replica
 * set or SRV records name, is looked up by {@link EgressPolicy}, and only what that answers is connected to.
 */
final class MongoConnection implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 20;

    /** The driver's own, but a document with {@code $ref} and {@code $id} stays one with all that it has. */
    private static final CodecRegistry CODECS = CodecRegistries.fromProviders(
            new ValueCodecProvider(),
            new BsonValueCodecProvider(),
            new DocumentCodecProvider(),
            new CollectionCodecProvider(),
            new MapCodecProvider(),
            new BsonCodecProvider());

    private final MongoSettings settings;
    private final EgressPolicy egress;
    private final @Nullable DnsClient dns;
    private @Nullable MongoClient client;
    private boolean closed;

    MongoConnection(MongoSettings settings, EgressPolicy egress) {
        this(settings, egress, null);
    }

    /** @param dns who knows SRV records; null: whom the machine asks */
    MongoConnection(MongoSettings settings, EgressPolicy egress, @Nullable DnsClient dns) {
        this.settings = settings;
        this.egress = egress;
        this.dns = dns;
    }

    synchronized MongoClient client() {
        if (closed) {
            throw new IllegalStateException("The connector was closed");
        }
        if (client == null) {
            client = open(settings.connectTimeout());
        }
        return client;
    }

    /** Another one, for whoever closes it. */
    MongoClient open(Duration patience) {
        MongoClientSettings.Builder builder = MongoClientSettings.builder();
        if (settings.srv()) {
            builder.dnsClient(dns)
                    .applyConnectionString(new ConnectionString(
                            "mongodb+srv://" + settings.hosts().get(0) + "/", dns));
        } else {
            builder.applyToClusterSettings(cluster -> cluster.hosts(settings.addresses()));
        }
        int connect = Math.toIntExact(patience.toMillis());
        int read = Math.toIntExact(Math.min(settings.readTimeout().toMillis(), Integer.MAX_VALUE));
        builder.inetAddressResolver(host -> List.copyOf(egress.resolve(host)))
                .codecRegistry(CODECS)
                .applicationName("serai")
                .readPreference(ReadPreference.valueOf(settings.readPreference()))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(connect, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket ->
                        socket.connectTimeout(connect, TimeUnit.MILLISECONDS).readTimeout(read, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.minSize(0)
                        .maxSize(MOST_CONNECTIONS)
                        .maxWaitTime(connect, TimeUnit.MILLISECONDS)
                        .maxConnectionIdleTime(5, TimeUnit.MINUTES));
        if (settings.replicaSet() != null) {
            builder.applyToClusterSettings(cluster -> cluster.requiredReplicaSetName(settings.replicaSet()));
        }
        if (settings.tls()) {
            builder.applyToSslSettings(ssl -> ssl.enabled(true).context(MongoTls.context(settings)));
        } else {
            builder.applyToSslSettings(ssl -> ssl.enabled(false));
        }
        MongoCredential credential = credential();
        return MongoClients.create(
                credential == null
                        ? builder.build()
                        : builder.credential(credential).build());
    }

    private @Nullable MongoCredential credential() {
        String mechanism = settings.authMechanism();
        if ("MONGODB-X509".equals(mechanism)) {
            return settings.username() == null
                    ? MongoCredential.createMongoX509Credential()
                    : MongoCredential.createMongoX509Credential(settings.username());
        }
        if (settings.username() == null) {
            return null;
        }
        char[] password =
                settings.password() == null ? new char[0] : settings.password().toCharArray();
        if ("PLAIN".equals(mechanism)) {
            return MongoCredential.createPlainCredential(settings.username(), "$external", password);
        }
        MongoCredential credential =
                MongoCredential.createCredential(settings.username(), settings.authSource(), password);
        return mechanism == null
                ? credential
                : credential.withMechanism(AuthenticationMechanism.fromMechanismName(mechanism));
    }

    /** @throws dev.serai.failure.FailureException where one may not be reached */
    List<InetAddress> resolve(String host) {
        return egress.resolve(host);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
