package dev.serai.connector.ssh;

import java.util.List;
import java.util.Set;

import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/** Which cryptography does an SSH session use? */
final class Ciphers {
    /** Those of AES first that encrypt and authenticate at once: Java does them on the processor's own instructions. */
    static final List<NamedFactory<Cipher>> ENCRYPTION = List.of(
            BuiltinCiphers.aes128gcm,
            BuiltinCiphers.aes256gcm,
            BuiltinCiphers.cc20p1305_openssh,
            BuiltinCiphers.aes128ctr,
            BuiltinCiphers.aes192ctr,
            BuiltinCiphers.aes256ctr);

    /** In the order of OpenSSH's client, so that a server shows here the key that it shows there. Nothing with SHA-1. */
    private static final List<NamedFactory<Signature>> SIGNATURES = List.of(
            BuiltinSignatures.ed25519,
            BuiltinSignatures.nistp256,
            BuiltinSignatures.nistp384,
            BuiltinSignatures.nistp521,
            BuiltinSignatures.rsaSHA512,
            BuiltinSignatures.rsaSHA256);

    private Ciphers() {}

    /** @param types of the keys that the server may have; empty for any */
    static List<NamedFactory<Signature>> signatures(Set<String> types) {
        return types.isEmpty()
                ? SIGNATURES
                : SIGNATURES.stream()
                        .filter(signature -> types.contains(
                                signature.getName().startsWith("rsa-") ? "ssh-rsa" : signature.getName()))
                        .toList();
    }
}
