package dev.serai.credential;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.metadata.Erasure;

/**
 * Seals secrets for the metadata database, and opens them.
 *
 * <p>An envelope is a version byte, four bytes that name the key, and AES-256-GCM with a random nonce. It opens only for
 * the connector and field it was sealed for.
 */
public class CredentialVault {
    private static final byte VERSION = 1;
    private static final int ID_BYTES = 4;
    private static final int HEADER = 1 + ID_BYTES;

    private final SealingKey current;
    private final List<SealingKey> known;
    private final SignKeyCheck check;
    private final SignKey signKey;
    private final Erasure erasure;

    CredentialVault(SignKeys keys, SignKeyCheck check, Erasure erasure) {
        this.erasure = erasure;
        this.signKey = keys.current();
        this.check = check;
        this.current = SealingKey.of(keys.current());
        this.known = Stream.concat(Stream.of(current), keys.previous().map(SealingKey::of).stream())
                .toList();
    }

    public byte[] seal(String connectorId, String field, String secret) {
        byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] sealed = current.aead().encrypt(plain, associated(connectorId, field));
            ByteArrayOutputStream envelope = new ByteArrayOutputStream(HEADER + sealed.length);
            envelope.write(VERSION);
            envelope.writeBytes(current.id());
            envelope.writeBytes(sealed);
            return envelope.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A secret could not be sealed", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Fails with {@code secret_unreadable} where the envelope is another connector's, another field's or not ours. */
    public String open(String connectorId, String field, byte[] envelope) {
        if (envelope.length < HEADER || envelope[0] != VERSION) {
            throw unopened(connectorId, field, "It is not a sealed secret.", null);
        }
        byte[] id = Arrays.copyOfRange(envelope, 1, HEADER);
        SealingKey key = known.stream()
                .filter(candidate -> Arrays.equals(candidate.id(), id))
                .findFirst()
                .orElseThrow(() -> unopened(connectorId, field, "It was sealed with another sign key.", null));
        try {
            byte[] secret = key.aead()
                    .decrypt(Arrays.copyOfRange(envelope, HEADER, envelope.length), associated(connectorId, field));
            String opened = new String(secret, StandardCharsets.UTF_8);
            Arrays.fill(secret, (byte) 0);
            return opened;
        } catch (GeneralSecurityException e) {
            throw unopened(connectorId, field, "It was changed or belongs elsewhere.", e);
        }
    }

    /** Whether the envelope is sealed with the sign key in use, not the one before. */
    public boolean isCurrent(byte[] envelope) {
        return envelope.length >= HEADER && Arrays.equals(current.id(), Arrays.copyOfRange(envelope, 1, HEADER));
    }

    /**
     * To be called in a transaction that seals: fails where another process has changed the sign key since, whose secrets
     * nobody could open any more. Until the transaction ends nobody changes it.
     */
    public void requireKeyInUse() {
        boolean inUse = check.locked()
                .map(value -> known.stream().anyMatch(key -> MessageDigest.isEqual(key.check(), value)))
                .orElse(true);
        if (!inUse) {
            throw new FailureException(
                    new Failure.Conflict(
                            "sign_key_changed",
                            "The sign key was changed while this process ran. Restart it with the new one. Nothing was changed."));
        }
    }

    /** To be called before sealed secrets are deleted or replaced: they shall be gone from the disk, too. */
    public void discarding() {
        erasure.due();
    }

    /** To be called in the transaction that has sealed everything anew: from then on only the new key starts Serai. */
    public void everythingIsCurrent() {
        check.replace(signKey);
    }

    /** Lengths first, so that no two pairs give the same bytes. */
    private static byte[] associated(String connectorId, String field) {
        return (connectorId.length() + ":" + connectorId + field.length() + ":" + field)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static FailureException unopened(
            String connectorId, String field, String why, @Nullable GeneralSecurityException cause) {
        return new FailureException(
                new Failure.Conflict(
                        "secret_unreadable",
                        "The stored secret '" + field + "' of the connector " + connectorId + " cannot be opened. "
                                + why + " Give it again, or start Serai with the sign key it was sealed with."),
                cause);
    }

    private record SealingKey(byte[] id, Aead aead, byte[] check) {
        static SealingKey of(SignKey key) {
            byte[] derived = key.derive("seal", 32);
            try {
                return new SealingKey(
                        key.derive("seal-id", ID_BYTES), new AesGcmJce(derived), SignKeyCheck.valueOf(key));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This Java has no AES-GCM", e);
            } finally {
                Arrays.fill(derived, (byte) 0);
            }
        }

        @Override
        public String toString() {
            return "SealingKey[…]";
        }
    }
}
