package dev.serai.connector.ssh;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.Test;

import dev.serai.failure.Fault;
import dev.serai.testing.SshGate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SshKeyTest {
    private static final String PASSPHRASE = "open sesame";

    private static KeyPair ed25519() throws Exception {
        BouncyCastle.prepare();
        return SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
    }

    private static String openSsh(KeyPair key, String passphrase) throws Exception {
        OpenSSHKeyEncryptionContext locked = new OpenSSHKeyEncryptionContext();
        locked.setPassword(passphrase);
        locked.setCipherType("256");
        locked.setCipherMode("CTR");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "a key", passphrase == null ? null : locked, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String publicLine(KeyPair key) {
        return SshGate.line(key.getPublic());
    }

    @Test
    void opensEd25519AndEcdsaInOpenSshsFormLockedOrNot() throws Exception {
        for (KeyPair key : new KeyPair[] {ed25519(), SshGate.ecdsa(), SshGate.rsa()}) {
            assertThat(publicLine(SshKey.open(openSsh(key, null), null))).isEqualTo(publicLine(key));
            assertThat(publicLine(SshKey.open(openSsh(key, PASSPHRASE), PASSPHRASE)))
                    .isEqualTo(publicLine(key));
            assertThat(publicLine(SshKey.open("\n" + openSsh(key, null).strip().replace("\n", "\r\n"), null)))
                    .isEqualTo(publicLine(key));
        }
    }

    /** As {@code openssl pkcs8} locks it. */
    private static String lockedPkcs8(KeyPair key) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(new JcaPKCS8Generator(
                    key.getPrivate(),
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPassword(PASSPHRASE.toCharArray())
                            .build()));
        }
        return text.toString();
    }

    private static KeyPair elliptic(int bits, Provider... by) throws Exception {
        KeyPairGenerator keys =
                by.length == 0 ? KeyPairGenerator.getInstance("EC") : KeyPairGenerator.getInstance("EC", by[0]);
        keys.initialize(bits);
        return keys.generateKeyPair();
    }

    /** Java writes of an elliptic curve's key the private half alone; Bouncy Castle writes both, as OpenSSL does. */
    @Test
    void opensPkcs8InPemLockedOrNot() throws Exception {
        for (KeyPair key : new KeyPair[] {
            SshGate.rsa(),
            ed25519(),
            elliptic(256),
            elliptic(384),
            elliptic(521),
            elliptic(256, new BouncyCastleProvider()),
            elliptic(521, new BouncyCastleProvider())
        }) {
            assertThat(publicLine(SshKey.open(SshGate.pem(key), null))).isEqualTo(publicLine(key));
            assertThat(publicLine(SshKey.open(lockedPkcs8(key), PASSPHRASE))).isEqualTo(publicLine(key));
        }
    }

    @Test
    void saysWhatIsMissingOfALockedPkcs8Key() throws Exception {
        String locked = lockedPkcs8(SshGate.ecdsa());
        assertFault(locked, null, "ssh_private_key", "is encrypted");
        assertFault(locked, "wrong", "ssh_private_key_passphrase", "does not open");
    }

    @Test
    void saysWhichOfTheTwoIsToBeMended() throws Exception {
        String locked = openSsh(ed25519(), PASSPHRASE);
        assertFault(locked, null, "ssh_private_key", "is encrypted");
        assertFault(locked, "wrong", "ssh_private_key_passphrase", "does not open");
        assertFault("PuTTY-User-Key-File-3: ssh-ed25519", null, "ssh_private_key", "puttygen");
        assertFault("ssh-ed25519 AAAA", null, "ssh_private_key", "BEGIN");
        assertFault(locked.substring(0, 80), PASSPHRASE, "ssh_private_key", "cannot be read");
    }

    private static void assertFault(String key, String passphrase, String property, String words) {
        SshKey.UnusableException unusable =
                catchThrowableOfType(SshKey.UnusableException.class, () -> SshKey.open(key, passphrase));
        assertThat(unusable.property()).as(unusable.getMessage()).isEqualTo(property);
        assertThat(unusable).hasMessageContaining(words).hasNoCause();
    }

    @Test
    void aPassphraseThatIsAReferenceIsNotJudged() throws Exception {
        ObjectNode config =
                JsonNodeFactory.instance.objectNode().put("ssh_private_key", openSsh(ed25519(), PASSPHRASE));
        assertThat(new SshConfigRule().faults("postgresql", config))
                .extracting(Fault::pointer)
                .containsExactly("/ssh_private_key");
        config.putObject("ssh_private_key_passphrase").put("$ref", "env:PASSPHRASE");
        assertThat(new SshConfigRule().faults("postgresql", config)).isEmpty();
    }

    @Test
    void aHostKeyThatIsNoneIsToldByItsLine() {
        assertThatThrownBy(() -> HostKeys.parse("# gate\nMD5:00:11")).hasMessageContaining("line 2");
        assertThatThrownBy(() -> HostKeys.parse("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"))
                .hasMessageContaining("not a whole");
        assertThatThrownBy(() -> HostKeys.parse("@cert-authority * ssh-ed25519 AAAA"))
                .hasMessageContaining("marker");
    }

    /** In a process of its own: what is a provider there stays one. */
    @Test
    void bouncyCastleServesNobodyElse() throws Exception {
        Process child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("opened", "added: false");
    }

    static final class Child {
        public static void main(String[] arguments) throws Exception {
            KeyPair key = ed25519();
            SshKey.open(openSsh(key, PASSPHRASE), PASSPHRASE);
            HostKeys.parse(publicLine(key));
            System.out.println("opened");
            System.out.println("added: " + (java.security.Security.getProvider("BC") != null));
        }
    }
}
