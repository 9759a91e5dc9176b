package dev.serai.credential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import com.google.crypto.tink.subtle.Hkdf;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** The root of every key of ours. It is never used itself: each use derives a key of its own by a label. */
final class SignKey {
    private static final int MIN_BYTES = 32;
    private static final String MAC = "HMACSHA256";

    private final byte[] root;

    private SignKey(byte[] root) {
        this.root = root;
    }

    /** @param source what to name in a message: the setting or the file the text came from */
    static SignKey ofBase64(String source, String text) {
        byte[] root;
        try {
            root = Base64.getDecoder()
                    .decode(text.strip().replace('-', '+').replace('_', '/').replace("\n", ""));
        } catch (IllegalArgumentException e) {
            // Not as the cause: its message quotes a character of the key.
            throw unusable(source + " is not base64.");
        }
        if (root.length < MIN_BYTES) {
            throw unusable(source + " has " + root.length + " bytes; at least " + MIN_BYTES
                    + " are needed. One can be made with: openssl rand -base64 32");
        }
        return new SignKey(root);
    }

    /** A key for one purpose; keys of two labels say nothing about each other or the root. */
    byte[] derive(String label, int bytes) {
        try {
            byte[] info = ("serai/" + label + "/v1").getBytes(StandardCharsets.UTF_8);
            return Hkdf.computeHkdf(MAC, root, new byte[0], info, bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + MAC, e);
        }
    }

    private static FailureException unusable(String detail) {
        return new FailureException(new Failure.Conflict("bad_sign_key", detail));
    }

    @Override
    public String toString() {
        return "SignKey[…]";
    }
}
