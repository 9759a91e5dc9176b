package dev.serai.credential;

import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

import dev.serai.testing.MetadataStore;

/** Vaults for tests elsewhere, each with a sign key of its own. */
public final class TestVault {
    private TestVault() {}

    public static CredentialVault of(int key) {
        return of(MetadataStore.H2, key, Optional.empty());
    }

    /** With a sign key before, in a database that knows the one or the other. */
    public static CredentialVault of(MetadataStore store, int key, Optional<Integer> previous) {
        return new CredentialVault(
                new SignKeys(key(key), previous.map(TestVault::key), false),
                new SignKeyCheck(store.dataSource(), Clock.systemUTC()));
    }

    static SignKey key(int fill) {
        byte[] root = new byte[32];
        Arrays.fill(root, (byte) fill);
        return SignKey.ofBase64("test", Base64.getEncoder().encodeToString(root));
    }
}
