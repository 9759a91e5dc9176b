package dev.serai.credential;

import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;

import dev.serai.metadata.Erasure;
import dev.serai.testing.MetadataStore;

/** Vaults for tests elsewhere, each with a sign key of its own. */
public final class TestVault {
    private TestVault() {}

    public static CredentialVault of(int key) {
        return of(MetadataStore.H2.dataSource(), key, Optional.empty());
    }

    /** @param previous the sign key before */
    public static CredentialVault of(DataSource database, int key, Optional<Integer> previous) {
        return of(database, key, previous, Erasure.none());
    }

    public static CredentialVault of(DataSource database, int key, Optional<Integer> previous, Erasure erasure) {
        return new CredentialVault(
                new SignKeys(key(key), previous.map(TestVault::key), false),
                new SignKeyCheck(database, Clock.systemUTC()),
                erasure);
    }

    /** Notes the key as the one in use, as a first start does. */
    public static void first(DataSource database, int key) {
        new SignKeyCheck(database, Clock.systemUTC()).storeFirst(key(key));
    }

    static SignKey key(int fill) {
        byte[] root = new byte[32];
        Arrays.fill(root, (byte) fill);
        return SignKey.ofBase64("test", Base64.getEncoder().encodeToString(root));
    }
}
