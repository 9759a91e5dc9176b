package dev.serai.connector;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.springframework.stereotype.Component;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/**
 * Which addresses a connector may reach. Link-local, multicast, unspecified and reserved ones and every cloud's metadata
 * service: never. Private and loopback: unless {@code SERAI_EGRESS_PRIVATE=deny}.
 *
 * <p>An address inside another one (IPv4-mapped, NAT64, 6to4, Teredo) is judged too. A name says nothing: check what it
 * resolved to, and connect to just that.
 */
@Component
public class EgressPolicy {
    private static final String CODE = "address_denied";

    /** Of GCP; wherever they lead to, nothing else is meant by them. */
    private static final Set<String> METADATA_NAMES = Set.of("metadata.google.internal", "metadata.goog");

    /** Of AWS, GCP and Tencent, short ones too: what they lead to is known only where they are looked up. */
    private static final Set<String> METADATA_NAMES_ELSEWHERE =
            Set.of("metadata", "instance-data", "instance-data.ec2.internal", "metadata.tencentyun.com");

    /** Those that systems give to themselves; every name below localhost as well. */
    private static final Set<String> LOOPBACK_NAMES = Set.of(
            "localhost",
            "localhost.localdomain",
            "localhost4",
            "localhost4.localdomain4",
            "localhost6",
            "localhost6.localdomain6",
            "ip6-localhost",
            "ip6-loopback");

    private final boolean privateDenied;
    private final Optional<OutboundProxy> proxy;

    public EgressPolicy(SeraiSettings settings) {
        this.privateDenied = switch (settings.egress().private_()) {
            case "allow" -> false;
            case "deny" -> true;
            default ->
                throw new FailureException(
                        new Failure.Conflict("bad_setting", "SERAI_EGRESS_PRIVATE has to be allow or deny."));
        };
        this.proxy = OutboundProxy.of(settings.outbound());
    }

    /** Why an address may not be reached; empty where it may. */
    public Optional<String> denial(InetAddress address) {
        return AddressKind.of(address).stream()
                .filter(kind -> kind.alwaysDenied || privateDenied)
                .findFirst()
                .map(EgressPolicy::reason);
    }

    private static String reason(AddressKind kind) {
        return "Connections to " + kind.words + " addresses are not allowed.";
    }

    /** The same for a host as it is written, in any spelling of an address; empty for a name that is not known as one. */
    public Optional<String> literalDenial(String host) {
        if (METADATA_NAMES.contains(name(host))) {
            return Optional.of(reason(AddressKind.METADATA));
        }
        return AddressLiteral.readings(host).stream()
                .flatMap(address -> denial(address).stream())
                .findFirst();
    }

    /**
     * The addresses of a host, each of them allowed; for step {@code resolve}.
     *
     * @throws FailureException {@code unknown_host} or {@code address_denied}, at {@link Failure.Layer#RESOLVE}
     */
    public List<InetAddress> resolve(String host) {
        literalDenial(host).ifPresent(reason -> {
            throw denied(reason);
        });
        List<InetAddress> addresses;
        try {
            addresses = List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new FailureException(
                    new Failure.Source(
                            Failure.Layer.RESOLVE, "unknown_host", "The host " + host + " is not known.", true),
                    e);
        }
        addresses.forEach(this::require);
        return addresses;
    }

    /**
     * The same for a host that somebody else looks up, such as an SSH server: an address has to be allowed, of a name nothing
     * more can be told than whether it is that of a metadata service or of the machine itself.
     */
    Optional<String> elsewhereDenial(String host) {
        String name = name(host);
        if (METADATA_NAMES_ELSEWHERE.contains(name)) {
            return Optional.of(reason(AddressKind.METADATA));
        }
        if (privateDenied && (LOOPBACK_NAMES.contains(name) || name.endsWith(".localhost"))) {
            return Optional.of(reason(AddressKind.LOOPBACK));
        }
        return literalDenial(host);
    }

    /** For a host that somebody else looks up. */
    public void requireElsewhere(String host) {
        elsewhereDenial(host).ifPresent(reason -> {
            throw denied(reason);
        });
    }

    /** The proxy by which HTTP to a host goes; empty where it goes straight there. It is the operator's: not judged. */
    public Optional<OutboundProxy> proxyFor(String host) {
        return proxy.filter(one -> !one.spares(name(host)));
    }

    /**
     * The same as {@link #requireElsewhere} for a host that the proxy looks up; what this machine knows of the name is judged,
     * too.
     */
    public void requireThroughProxy(String host) {
        requireElsewhere(host);
        try {
            resolve(host);
        } catch (FailureException e) {
            if (!e.failure().code().equals("unknown_host")) {
                throw e;
            }
        }
    }

    private static String name(String host) {
        return host.strip().replaceFirst("\\.+$", "").toLowerCase(Locale.ROOT);
    }

    /** For an address that a driver or a redirect comes with. */
    public void require(InetAddress address) {
        denial(address).ifPresent(reason -> {
            throw denied(reason);
        });
    }

    private static FailureException denied(String reason) {
        return new FailureException(new Failure.Source(Failure.Layer.RESOLVE, CODE, reason, false));
    }
}
