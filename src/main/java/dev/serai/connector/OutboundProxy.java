package dev.serai.connector;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/**
 * By which proxy does HTTP leave the network, and whom is it not for?
 *
 * @param direct names that go straight, each with all below it
 */
public record OutboundProxy(
        String host, int port, @Nullable String username, @Nullable String password, List<String> direct) {
    private static final String FORM =
            "SERAI_OUTBOUND_PROXY has to be http://host:port, or http://user:password@host:port.";
    private static final int USUAL_PORT = 3128;

    public OutboundProxy {
        direct = List.copyOf(direct);
    }

    /** @throws FailureException where the setting is none; without repeating it */
    static Optional<OutboundProxy> of(SeraiSettings.Outbound settings) {
        if (settings.proxy() == null || settings.proxy().isBlank()) {
            return Optional.empty();
        }
        URI url = url(settings.proxy().strip());
        if (!"http".equalsIgnoreCase(url.getScheme())
                || url.getHost() == null
                || !path(url).isEmpty()) {
            throw bad();
        }
        @Nullable String user = url.getUserInfo();
        int colon = user == null ? -1 : user.indexOf(':');
        List<String> direct = settings.direct().stream()
                .map(name -> name.strip().replaceFirst("^\\*?\\.", "").toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
        return Optional.of(new OutboundProxy(
                url.getHost().replaceAll("^\\[|]$", ""),
                url.getPort() > 0 ? url.getPort() : USUAL_PORT,
                user == null || colon < 0 ? user : user.substring(0, colon),
                user == null || colon < 0 ? null : user.substring(colon + 1),
                direct));
    }

    private static URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // Without its cause, which repeats the URL.
            throw bad();
        }
    }

    private static String path(URI url) {
        return url.getRawPath() == null || url.getRawPath().equals("/") ? "" : url.getRawPath();
    }

    private static FailureException bad() {
        return new FailureException(new Failure.Conflict("bad_setting", FORM));
    }

    /** Whether a host is reached without it. */
    boolean spares(String name) {
        return direct.stream().anyMatch(one -> name.equals(one) || name.endsWith("." + one));
    }

    /** Where it is; whatever the rules for sources say, since the operator has named it. */
    public List<InetAddress> addresses() {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new FailureException(
                    new Failure.Source(
                            Failure.Layer.RESOLVE,
                            "unknown_host",
                            "The host of the outbound proxy is not known.",
                            true),
                    e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "OutboundProxy[" + host + ":" + port + "]";
    }
}
