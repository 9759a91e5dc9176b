package dev.serai.connector;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Which way does a request take, straight or by the outbound proxy, and may it go there? Asked anew for each hop, so a
 * redirect or a next page is judged like the first address.
 */
public final class OutboundRoutes extends DefaultRoutePlanner {
    private final EgressPolicy egress;

    private OutboundRoutes(EgressPolicy egress) {
        super(DefaultSchemePortResolver.INSTANCE);
        this.egress = egress;
    }

    /** Makes a client go these ways; its connections need {@link #resolver}, too. */
    public static void apply(HttpClientBuilder client, EgressPolicy egress) {
        client.setRoutePlanner(new OutboundRoutes(egress));
        // Not that of the target: whoever asks for a host's password gets none.
        egress.proxyFor("").filter(proxy -> proxy.username() != null).ifPresent(proxy -> {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            String password = proxy.password() == null ? "" : proxy.password();
            credentials.setCredentials(
                    new AuthScope(proxy.host(), proxy.port()),
                    new UsernamePasswordCredentials(String.valueOf(proxy.username()), password.toCharArray()));
            client.setDefaultCredentialsProvider(credentials);
        });
    }

    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) throws HttpException {
        Optional<OutboundProxy> proxy = egress.proxyFor(target.getHostName());
        proxy.ifPresent(way -> egress.requireThroughProxy(target.getHostName()));
        return proxy.map(way -> new HttpHost("http", way.host(), way.port())).orElse(null);
    }

    /** Resolves a name to what a connector may reach, and just that is connected to. */
    public static DnsResolver resolver(EgressPolicy egress) {
        return new CheckedResolver(egress);
    }

    private record CheckedResolver(EgressPolicy egress) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return egress.proxyFor(host)
                    .filter(proxy -> proxy.host().equalsIgnoreCase(host))
                    .map(OutboundProxy::addresses)
                    .orElseGet(() -> egress.resolve(host))
                    .toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
        }
    }
}
