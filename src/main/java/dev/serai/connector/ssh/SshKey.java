package dev.serai.connector.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.loader.KeyPairResourceParser;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Is a text a private key, in OpenSSH's form or in PEM, and is it locked? */
final class SshKey {
    static final String PROPERTY = "ssh_private_key";
    static final String PASSPHRASE = "ssh_private_key_passphrase";

    private static final Logger LOG = LoggerFactory.getLogger(SshKey.class);
    private static final NamedResource NAME = () -> PROPERTY;
    private static final Pattern BEGIN =
            Pattern.compile("-----BEGIN (?:(?:OPENSSH|RSA|EC|ENCRYPTED) )?PRIVATE KEY-----");

    private static final String MARKER = "BEGIN ";
    private static final int LONGEST = 20_000;
    private static final int LEAST_RSA_BITS = 2048;

    private SshKey() {}

    /** Why a key cannot be used; its words repeat nothing of it. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String property;

        private UnusableException(String property, String message) {
            super(message);
            this.property = property;
        }

        /** The one to mend. */
        String property() {
            return property;
        }
    }

    static KeyPair open(String text, @Nullable String passphrase) throws UnusableException {
        if (text.contains("PuTTY-User-Key-File")) {
            throw new UnusableException(
                    PROPERTY, "is in PuTTY's form; puttygen exports it in OpenSSH's, under Conversions");
        }
        if (!BEGIN.matcher(text).find()) {
            throw new UnusableException(
                    PROPERTY, "must be a private key as text, from -----BEGIN … PRIVATE KEY----- to its end line");
        }
        requireOneWithinReason(text);
        Asked asked = new Asked(passphrase);
        List<String> lines = text.strip().lines().toList();
        try {
            BouncyCastle.prepare();
            KeyPairResourceParser pkcs8 = new Pkcs8Keys();
            KeyPairResourceParser form =
                    pkcs8.canExtractKeyPairs(NAME, lines) ? pkcs8 : SecurityUtils.getKeyPairResourceParser();
            Iterator<KeyPair> found =
                    form.loadKeyPairs(null, NAME, asked, lines).iterator();
            if (found.hasNext()) {
                return strong(found.next());
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // Without the exception: it could repeat the text.
            LOG.debug("An SSH key cannot be read: {}", e.getClass().getSimpleName());
        }
        throw asked.unusable();
    }

    private static void requireOneWithinReason(String text) throws UnusableException {
        if (text.length() > LONGEST) {
            throw new UnusableException(PROPERTY, "must be at most " + LONGEST + " characters long");
        }
        // As the library looks for them, which reads one after the other until it can open one.
        if (text.indexOf(MARKER) != text.lastIndexOf(MARKER)) {
            throw new UnusableException(PROPERTY, "must be one private key alone, without any other -----BEGIN line");
        }
        boolean tooHigh;
        try {
            tooHigh = KeyCost.isTooHigh(text);
        } catch (IllegalArgumentException e) {
            // Without the exception: it could repeat the text.
            LOG.debug("The lock of an SSH key cannot be read: {}", e.getClass().getSimpleName());
            throw unreadable();
        }
        if (tooHigh) {
            throw new UnusableException(
                    PROPERTY,
                    "takes too much work to decrypt: encrypt it anew with at most " + KeyCost.MOST_ROUNDS
                            + " rounds of PBKDF2, " + KeyCost.MOST_BCRYPT_ROUNDS + " of bcrypt, or "
                            + (KeyCost.MOST_SCRYPT_BYTES >> 20) + " MiB of scrypt");
        }
    }

    private static UnusableException unreadable() {
        return new UnusableException(PROPERTY, "cannot be read as a private key of the kinds RSA, ECDSA or Ed25519");
    }

    private static KeyPair strong(KeyPair key) throws UnusableException {
        Optional<String> weakness = weakness(key.getPublic());
        if (weakness.isPresent()) {
            throw new UnusableException(PROPERTY, weakness.get());
        }
        return key;
    }

    /** Why a key protects nothing; empty where it does. */
    static Optional<String> weakness(PublicKey key) {
        return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS
                ? Optional.of("is an RSA key of " + rsa.getModulus().bitLength() + " bits; it has to have at least "
                        + LEAST_RSA_BITS)
                : Optional.empty();
    }

    /** Who tells the passphrase, and remembers that it was asked for. */
    private static final class Asked implements FilePasswordProvider {
        private final @Nullable String passphrase;
        private boolean asked;

        private Asked(@Nullable String passphrase) {
            this.passphrase = passphrase;
        }

        @Override
        public @Nullable String getPassword(
                org.apache.sshd.common.session.@Nullable SessionContext session, NamedResource resource, int retry) {
            asked = true;
            return passphrase;
        }

        private UnusableException unusable() {
            if (!asked) {
                return unreadable();
            }
            return passphrase == null
                    ? new UnusableException(PROPERTY, "is encrypted; give its " + PASSPHRASE + " too")
                    : new UnusableException(PASSPHRASE, "does not open the key");
        }
    }
}
