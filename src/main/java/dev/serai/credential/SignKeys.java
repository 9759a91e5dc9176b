package dev.serai.credential;

import java.security.MessageDigest;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;

/**
 * The sign key in use and, while secrets are re-sealed, the one before.
 *
 * @param first whether no key was noted in the metadata database yet
 */
record SignKeys(SignKey current, Optional<SignKey> previous, boolean first) {

    /** Verified against the metadata database. A key is generated only for a database that knows none. */
    static SignKeys load(SeraiSettings settings, SignKeyCheck check) {
        Optional<SignKey> given = parse("SERAI_SIGN_KEY", settings.signKey());
        Optional<SignKey> previous = parse("SERAI_SIGN_KEY_PREVIOUS", settings.signKeyPrevious());
        Optional<byte[]> known = check.stored();
        SignKeyFile file = new SignKeyFile(settings.dataDir());
        Optional<SignKey> present = given.or(file::read);
        if (known.isEmpty()) {
            return new SignKeys(present.orElseGet(file::create), previous, true);
        }
        SignKey current = present.orElseThrow(() -> new FailureException(SignKeyCheck.wrongKey()));
        if (!matches(current, known.get())
                && !previous.map(key -> matches(key, known.get())).orElse(false)) {
            throw new FailureException(SignKeyCheck.wrongKey());
        }
        return new SignKeys(current, previous, false);
    }

    private static Optional<SignKey> parse(String setting, @Nullable String text) {
        return Optional.ofNullable(text)
                .filter(given -> !given.isBlank())
                .map(given -> SignKey.ofBase64(setting, given));
    }

    private static boolean matches(SignKey key, byte[] check) {
        return MessageDigest.isEqual(SignKeyCheck.valueOf(key), check);
    }
}
