package dev.serai.connector.ssh;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Does it take more work to open an encrypted key than anybody needs? Whoever writes the key says how much, and the
 * libraries would do far more of it than a server that opens keys for many can bear.
 */
final class KeyCost {
    static final int MOST_ROUNDS = 1_000_000;
    static final int MOST_BCRYPT_ROUNDS = 200;
    static final int MOST_SCRYPT_BYTES = 64 << 20;

    private static final Pattern LOCKABLE = Pattern.compile(
            "-----BEGIN ((?:OPENSSH|ENCRYPTED) PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] OPENSSH = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

    private KeyCost() {}

    /**
     * @param text of one PEM block
     * @throws IllegalArgumentException where it cannot be told
     */
    static boolean isTooHigh(String text) {
        Matcher block = LOCKABLE.matcher(text);
        if (!block.find()) {
            if (text.contains("BEGIN OPENSSH") || text.contains("BEGIN ENCRYPTED")) {
                throw new IllegalArgumentException("No whole block");
            }
            return false;
        }
        byte[] bytes = Base64.getDecoder().decode(block.group(2).replaceAll("\\s+", ""));
        try {
            return block.group(1).startsWith("OPENSSH")
                    ? ofOpenSsh(ByteBuffer.wrap(bytes))
                    : of(EncryptedPrivateKeyInfo.getInstance(bytes).getEncryptionAlgorithm());
        } catch (IOException | BufferUnderflowException e) {
            throw new IllegalArgumentException("Neither form", e);
        }
    }

    private static boolean ofOpenSsh(ByteBuffer key) throws IOException {
        byte[] magic = new byte[OPENSSH.length];
        key.get(magic);
        if (!Arrays.equals(magic, OPENSSH)) {
            throw new IOException("Not OpenSSH's form");
        }
        string(key);
        String function = StandardCharsets.US_ASCII.decode(string(key)).toString();
        ByteBuffer options = string(key);
        if (function.equals("none")) {
            return false;
        }
        string(options);
        return exceeds(BigInteger.valueOf(options.getInt()), MOST_BCRYPT_ROUNDS);
    }

    private static ByteBuffer string(ByteBuffer in) throws IOException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IOException("Cut off");
        }
        ByteBuffer string = in.slice(in.position(), length);
        in.position(in.position() + length);
        return string;
    }

    private static boolean of(AlgorithmIdentifier scheme) {
        if (!scheme.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            // PKCS#5's first scheme and those of PKCS#12 have the same parameters.
            return exceeds(PKCS12PBEParams.getInstance(scheme.getParameters()).getIterations(), MOST_ROUNDS);
        }
        KeyDerivationFunc function =
                PBES2Parameters.getInstance(scheme.getParameters()).getKeyDerivationFunc();
        if (function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
            return exceeds(PBKDF2Params.getInstance(function.getParameters()).getIterationCount(), MOST_ROUNDS);
        }
        if (function.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)) {
            ScryptParams scrypt = ScryptParams.getInstance(function.getParameters());
            BigInteger blocks = Stream.of(
                            scrypt.getCostParameter(), scrypt.getBlockSize(), scrypt.getParallelizationParameter())
                    .map(BigInteger::abs)
                    .reduce(BigInteger.ONE, BigInteger::multiply);
            return exceeds(blocks.multiply(BigInteger.valueOf(128)), MOST_SCRYPT_BYTES);
        }
        throw new IllegalArgumentException("Another function");
    }

    private static boolean exceeds(BigInteger cost, int most) {
        return cost.signum() < 0 || cost.compareTo(BigInteger.valueOf(most)) > 0;
    }
}
