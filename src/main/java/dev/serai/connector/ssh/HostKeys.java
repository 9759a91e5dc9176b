package dev.serai.connector.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.jspecify.annotations.Nullable;

/**
 * By which keys is an SSH server known? Lines as in {@code known_hosts} or as {@code ssh-keyscan} and public key files
 * have them, and fingerprints as {@code ssh-keygen -l} prints them; each line is one key that the server may have. Which
 * hosts a line names does not matter: it is for this connector's server.
 *
 * @param fingerprints such as {@code SHA256:…}
 * @param types of the keys, where all are known: the server is then asked for a key of these
 */
record HostKeys(Set<String> fingerprints, Set<String> types) {
    static final String PROPERTY = "ssh_host_key";

    private static final Pattern FINGERPRINT = Pattern.compile("(?:^|\\s)(SHA256:[A-Za-z0-9+/]{43})=?(?:\\s|$)");
    private static final Pattern KEY = Pattern.compile(
            "(?:^|\\s)(ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521))\\s+([A-Za-z0-9+/]+=*)(?:\\s|$)");

    HostKeys {
        fingerprints = Set.copyOf(fingerprints);
        types = Set.copyOf(types);
    }

    /** @throws IllegalArgumentException saying which line is none, without repeating it */
    static HostKeys parse(@Nullable String text) {
        Set<String> fingerprints = new LinkedHashSet<>();
        Set<String> types = new LinkedHashSet<>();
        boolean typesKnown = true;
        List<String> lines = text == null ? List.of() : text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher fingerprint = FINGERPRINT.matcher(line);
            Matcher key = KEY.matcher(line);
            if (line.startsWith("@")) {
                throw new IllegalArgumentException("line " + (i + 1)
                        + " has a marker: neither certificate authorities nor revoked keys are understood here");
            } else if (key.find()) {
                fingerprints.add(fingerprint(key.group(1) + " " + key.group(2), i));
                types.add(key.group(1));
            } else if (fingerprint.find()) {
                fingerprints.add(fingerprint.group(1));
                typesKnown = false;
            } else {
                throw new IllegalArgumentException(
                        "line " + (i + 1) + " is neither a host key (ssh-ed25519 AAAA…) nor a fingerprint (SHA256:…)");
            }
        }
        return new HostKeys(fingerprints, typesKnown ? types : Set.of());
    }

    private static String fingerprint(String key, int line) {
        PublicKey found;
        try {
            BouncyCastle.prepare();
            found = PublicKeyEntry.parsePublicKeyEntry(key).resolvePublicKey(null, Map.of(), null);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("line " + (line + 1) + " is not a whole host key", e);
        }
        SshKey.weakness(found).ifPresent(why -> {
            throw new IllegalArgumentException("line " + (line + 1) + " " + why);
        });
        return fingerprint(found);
    }

    boolean isEmpty() {
        return fingerprints.isEmpty();
    }

    boolean match(PublicKey shown) {
        return fingerprints.contains(fingerprint(shown));
    }

    static String fingerprint(PublicKey key) {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }
}
