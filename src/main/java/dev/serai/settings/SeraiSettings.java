package dev.serai.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;

/**
 * Every setting of ours. {@code SERAI_DATA_DIR} in the environment sets {@code dataDir}, and so on.
 *
 * @param dataDir where all state lies
 * @param adminPassword the password of {@code admin}; generated and printed once where absent
 * @param signKey base64 of at least 32 bytes; generated into {@code dataDir} where absent
 * @param signKeyPrevious the sign key before, while secrets are re-sealed; only given together with a new one
 * @param lakeUri where dataset tables lie; below {@code dataDir} where absent
 * @param maxBody largest request body
 * @param maxUpload largest uploaded file
 * @param references which references may stand for secrets, such as {@code env:DB_*}
 */
@ConfigurationProperties("serai")
public record SeraiSettings(
        @DefaultValue("./data") Path dataDir,
        @Nullable String adminPassword,
        @Nullable String signKey,
        @Nullable String signKeyPrevious,
        @Nullable String lakeUri,
        @DefaultValue("./kamelets") Path kameletsDir,
        @DefaultValue("./routes") Path routesDir,
        @DefaultValue("1MB") DataSize maxBody,
        @DefaultValue("200MB") DataSize maxUpload,
        @DefaultValue List<String> references,
        @DefaultValue Metadata metadata,
        @DefaultValue Query query,
        @DefaultValue Sync sync,
        @DefaultValue Connectors connectors,
        @DefaultValue Egress egress,
        @DefaultValue Outbound outbound,
        @DefaultValue Jwt jwt,
        @DefaultValue Audit audit) {

    /** The metadata database; H2 below {@code dataDir} where {@code url} is absent. */
    public record Metadata(@Nullable String url, @Nullable String username, @Nullable String password) {

        /** Without the password; a URL may hold one, too. */
        @Override
        public String toString() {
            return "Metadata[" + (url == null ? "H2" : "url") + "]";
        }
    }

    /**
     * Limits of SQL over datasets.
     *
     * @param memory of one query; all together take at most {@code parallelism} times this and 256 MB
     * @param spill of one query on disk; four times its memory where absent
     * @param rows of one answer
     */
    public record Query(
            @DefaultValue("60s") Duration timeout,
            @DefaultValue("512MB") DataSize memory,
            @Nullable DataSize spill,
            @DefaultValue("100000000") long rows,
            @DefaultValue("4") int parallelism) {}

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(6);

    /**
     * Limits of syncs.
     *
     * @param timeout of one run
     * @param parallelism how many datasets of all runs are copied at the same time
     * @param memory for writing datasets, of all together
     * @param retry how long in all a run waits for a source that fails for a while; zero: not at all
     * @param lease a replica that cannot say for so long that it still works on a run has lost it to the others
     */
    public record Sync(
            @DefaultValue("6h") Duration timeout,
            @DefaultValue("2") int parallelism,
            @DefaultValue("512MB") DataSize memory,
            @DefaultValue("2m") Duration retry,
            @DefaultValue("30s") Duration lease) {
        public Sync {
            if (lease.compareTo(SHORTEST_LEASE) < 0) {
                throw new IllegalArgumentException("SERAI_SYNC_LEASE must be at least 6s.");
            }
        }
    }

    /**
     * Connectors at work.
     *
     * @param idle after this time without a call a connector's connections are closed
     */
    public record Connectors(@DefaultValue("10m") Duration idle) {}

    /**
     * Which addresses connectors may reach.
     *
     * @param private_ {@code allow} or {@code deny} for private and loopback addresses
     */
    public record Egress(@Name("private") @DefaultValue("allow") String private_) {}

    /**
     * How connectors over HTTP leave the network.
     *
     * @param proxy {@code http://[user:password@]host:port}; none where absent
     * @param direct hosts that are reached without it, each with all names below it
     */
    public record Outbound(@Nullable String proxy, @DefaultValue List<String> direct) {

        /** Without the proxy's URL, which may hold a password. */
        @Override
        public String toString() {
            return "Outbound[" + (proxy == null ? "direct" : "proxy") + "]";
        }
    }

    /** @param retention after this time lines of the audit are removed */
    public record Audit(@DefaultValue("365d") Duration retention) {}

    /** OIDC: issuer, audience and JWK set are given together or not at all. */
    public record Jwt(
            @Nullable String issuer,
            @Nullable String audience,
            @Nullable String jwkSetUri,
            @DefaultValue("roles") String rolesClaim,
            @DefaultValue("groups") String groupsClaim,
            @DefaultValue("project") String projectClaim) {}

    /**
     * Where the datasets' tables lie.
     *
     * @throws IllegalArgumentException when {@code lakeUri} is neither a path nor a {@code file:} URI
     */
    public Path lakeDir() {
        if (lakeUri == null) {
            return dataDir.resolve("lake");
        }
        if (lakeUri.startsWith("file:")) {
            return Path.of(URI.create(lakeUri));
        }
        if (lakeUri.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
            throw new IllegalArgumentException(
                    "SERAI_LAKE_URI must be a folder or a file: URI; object stores are not offered yet");
        }
        return Path.of(lakeUri);
    }

    /** Without keys and passwords. */
    @Override
    public String toString() {
        return "SeraiSettings[dataDir=" + dataDir + "]";
    }
}
