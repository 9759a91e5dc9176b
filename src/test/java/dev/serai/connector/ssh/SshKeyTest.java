package dev.serai.connector.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
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

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }

    private static String encrypted(KeyDerivationFunc function) throws IOException {
        EncryptionScheme scheme =
                new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(new byte[16]));
        return encrypted(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, new PBES2Parameters(function, scheme)));
    }

    private static String encrypted(AlgorithmIdentifier scheme) throws IOException {
        return pem("ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(scheme, new byte[32]).getEncoded());
    }

    private static KeyDerivationFunc scrypt(int cost, int parallel) {
        return new KeyDerivationFunc(MiscObjectIdentifiers.id_scrypt, new ScryptParams(new byte[8], cost, 8, parallel));
    }

    private static KeyDerivationFunc pbkdf2(int rounds) {
        return new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(new byte[8], rounds));
    }

    private static String bcrypt(int rounds) throws Exception {
        byte[] key =
                Base64.getMimeDecoder().decode(openSsh(ed25519(), PASSPHRASE).replaceAll("-----[^-]+-----", ""));
        // After the magic word: aes256-ctr, bcrypt, then salt and rounds.
        ByteBuffer.wrap(key).putInt(15 + 4 + 10 + 4 + 6 + 4 + 4 + 16, rounds);
        return pem("OPENSSH PRIVATE KEY", key);
    }

    @Test
    void doesNotBeginToOpenWhatTakesTooMuchWork() throws Exception {
        for (String costly : List.of(
                encrypted(pbkdf2(1_000_001)),
                encrypted(scrypt(1 << 17, 1)),
                encrypted(scrypt(1 << 14, 5)),
                encrypted(new AlgorithmIdentifier(
                        PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC,
                        new PKCS12PBEParams(new byte[8], 1_000_001))),
                bcrypt(201))) {
            assertFault(costly, PASSPHRASE, "ssh_private_key", "too much work");
        }
        for (String bearable : List.of(encrypted(pbkdf2(1_000)), encrypted(scrypt(1 << 14, 1)), bcrypt(17))) {
            assertFault(bearable, PASSPHRASE, "ssh_private_key_passphrase", "does not open");
        }
        assertFault(
                pem("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 1}), PASSPHRASE, "ssh_private_key", "cannot be read");
    }

    @Test
    void opensPkcs8ThatIsLockedWithinReason() throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(new JcaPKCS8Generator(
                    SshGate.USER_KEY.getPrivate(),
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPassword(PASSPHRASE.toCharArray())
                            .build()));
        }
        assertThat(publicLine(SshKey.open(text.toString(), PASSPHRASE))).isEqualTo(publicLine(SshGate.USER_KEY));
    }

    @Test
    void takesOneKeyAloneOfALengthThatKeysHave() throws Exception {
        String key = SshGate.pem(SshGate.USER_KEY);
        assertFault(key + key, null, "ssh_private_key", "one private key alone");
        assertFault(key + "BEGIN ENCRYPTED PRIVATE KEY\n", null, "ssh_private_key", "one private key alone");
        assertFault(key + " ".repeat(20_000) + ".", null, "ssh_private_key", "at most 20000");
    }

    @Test
    void refusesRsaKeysThatProtectNothing() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair weak = generator.generateKeyPair();
        assertFault(SshGate.pem(weak), null, "ssh_private_key", "RSA key of 1024 bits");
        assertFault(openSsh(weak, PASSPHRASE), PASSPHRASE, "ssh_private_key", "at least 2048");
        assertThatThrownBy(() -> HostKeys.parse(publicLine(ed25519()) + "\n" + publicLine(weak)))
                .hasMessageContaining("line 2 is an RSA key of 1024 bits");
    }

    @Test
    void aSecretThatIsMaskedIsNotJudged() throws Exception {
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("ssh_private_key", "********");
        assertThat(new SshConfigRule().faults("postgresql", config)).isEmpty();
        config.put("ssh_private_key", openSsh(ed25519(), PASSPHRASE)).put("ssh_private_key_passphrase", "********");
        assertThat(new SshConfigRule().faults("postgresql", config)).isEmpty();
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
