package dev.serai.connector.ssh;

import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.bouncycastle.BouncyCastleSecurityProviderRegistrar;

/**
 * Who does what Java's own cryptography cannot do for SSH: keys of Ed25519 in the library's forms, and encrypted ones. It
 * serves nobody else in this process. Its turn is before any class of the library, whose own way would be to add it to
 * Java's providers.
 */
final class BouncyCastle {
    private BouncyCastle() {}

    static void prepare() {
        if (!SecurityUtils.isProviderRegistered(SecurityUtils.BOUNCY_CASTLE)) {
            SecurityUtils.registerSecurityProvider(new BouncyCastleSecurityProviderRegistrar() {
                @Override
                public boolean isNamedProviderUsed() {
                    return false;
                }
            });
        }
    }
}
