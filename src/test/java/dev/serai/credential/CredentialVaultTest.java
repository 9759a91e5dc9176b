package dev.serai.credential;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.FailureException;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CredentialVaultTest {
    private static final SignKey OLD = key(1);
    private static final SignKey NEW = key(2);

    private final CredentialVault vault = vault(OLD, null);

    @ParameterizedTest
    @ValueSource(strings = {"", "hush", "{{env:HOME}} \\ #bean:x", "пароль\uD83D\uDC2B\n\u0000"})
    void opensWhatItSealed(String secret) {
        assertThat(vault.open("con_1", "password", vault.seal("con_1", "password", secret)))
                .isEqualTo(secret);
    }

    @Test
    void sealsDifferentlyEachTimeAndShowsNothing() {
        byte[] once = vault.seal("con_1", "password", "planted-secret");
        byte[] again = vault.seal("con_1", "password", "planted-secret");
        assertThat(once).isNotEqualTo(again);
        assertThat(new String(once, StandardCharsets.ISO_8859_1)).doesNotContain("planted");
    }

    @ParameterizedTest
    @CsvSource({"con_2,password", "con_1,token", "con_1p,assword", "con_,1password"})
    void opensOnlyForItsConnectorAndField(String connector, String field) {
        byte[] sealed = vault.seal("con_1", "password", "planted-secret");
        assertThatThrownBy(() -> vault.open(connector, field, sealed))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageNotContaining("planted");
    }

    @Test
    void opensNothingThatWasChanged() {
        byte[] sealed = vault.seal("con_1", "password", "planted-secret");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> vault.open("con_1", "password", changed)).isInstanceOf(FailureException.class);
        }
        assertThatThrownBy(() -> vault.open("con_1", "password", new byte[3])).isInstanceOf(FailureException.class);
    }

    @Test
    void saysThatAnotherKeySealedIt() {
        byte[] sealed = vault.seal("con_1", "password", "planted-secret");
        assertThatThrownBy(() -> vault(NEW, null).open("con_1", "password", sealed))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("another sign key");
    }

    @Test
    void opensWithThePreviousKeyAndSealsWithTheNew() {
        byte[] old = vault.seal("con_1", "password", "planted-secret");
        CredentialVault both = vault(NEW, OLD);
        assertThat(both.open("con_1", "password", old)).isEqualTo("planted-secret");
        assertThat(both.isCurrent(old)).isFalse();
        byte[] fresh = both.seal("con_1", "password", "planted-secret");
        assertThat(both.isCurrent(fresh)).isTrue();
        assertThat(vault(NEW, null).open("con_1", "password", fresh)).isEqualTo("planted-secret");
    }

    @Test
    void derivesAKeyOfItsOwnForEachUse() {
        assertThat(OLD.derive("seal", 32)).isNotEqualTo(OLD.derive("token", 32)).isNotEqualTo(NEW.derive("seal", 32));
        assertThat(SignKeyCheck.valueOf(OLD)).isNotEqualTo(OLD.derive("seal", 32));
    }

    static CredentialVault vault(SignKey current, SignKey previous) {
        return new CredentialVault(
                new SignKeys(current, Optional.ofNullable(previous), false),
                new SignKeyCheck(MetadataStore.H2.dataSource(), Clock.systemUTC()),
                dev.serai.metadata.Erasure.none());
    }

    private static SignKey key(int fill) {
        byte[] root = new byte[32];
        java.util.Arrays.fill(root, (byte) fill);
        return SignKey.ofBase64("test", Base64.getEncoder().encodeToString(root));
    }
}
