package dev.serai.connector.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collection;
import java.util.List;

import org.apache.sshd.common.config.keys.loader.pem.ECDSAPEMResourceKeyPairParser;
import org.apache.sshd.common.config.keys.loader.pem.PKCS8PEMResourceKeyPairParser;
import org.apache.sshd.common.config.keys.loader.pem.PKCS8PrivateKeyInfo;
import org.apache.sshd.common.util.GenericUtils;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Which keys are in PKCS#8, locked or not? The library wants an elliptic curve's key to carry its public half, which the
 * standard leaves open and Java does not write: here it is computed.
 */
final class Pkcs8Keys extends PKCS8PEMResourceKeyPairParser {
    @Override
    public Collection<KeyPair> extractKeyPairs(byte[] encoded, PKCS8PrivateKeyInfo info)
            throws IOException, GeneralSecurityException {
        String algorithm = GenericUtils.join(info.getAlgorithmIdentifier(), '.');
        return algorithm.equals(ECDSAPEMResourceKeyPairParser.ECDSA_OID)
                ? List.of(elliptic(encoded))
                : super.extractKeyPairs(encoded, info);
    }

    private static KeyPair elliptic(byte[] encoded) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("EC");
        ECPrivateKey key = (ECPrivateKey) keys.generatePrivate(new PKCS8EncodedKeySpec(encoded));
        ECParameterSpec curve = key.getParams();
        ECPoint point = EC5Util.convertSpec(curve).getG().multiply(key.getS());
        return new KeyPair(keys.generatePublic(new ECPublicKeySpec(EC5Util.convertPoint(point), curve)), key);
    }
}
