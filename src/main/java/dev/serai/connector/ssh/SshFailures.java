package dev.serai.connector.ssh;

import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.Failure.Layer;
import dev.serai.failure.FailureException;

/** What went wrong on the way through an SSH server, and what is to be done about it? */
final class SshFailures {
    /** Of what a server says; more is of no use to anybody. */
    private static final int MOST_WORDS = 200;

    private SshFailures() {}

    static Failure lost() {
        return tunnel("ssh_connection_lost", "The SSH server ended the connection, or does not answer any more.", true);
    }

    static FailureException timeout(String detail, @Nullable Throwable cause) {
        return new FailureException(tunnel("timeout", detail, true), cause);
    }

    static FailureException notReached(Throwable cause) {
        return new FailureException(
                new Failure.Source(
                        Layer.CONNECT,
                        "unreachable",
                        "Nobody accepts connections on ssh_host and ssh_port. Check both, and any firewall between.",
                        true),
                cause);
    }

    static FailureException notReachedInTime(@Nullable Throwable cause) {
        return new FailureException(
                new Failure.Source(
                        Layer.CONNECT,
                        "timeout",
                        "Nobody answered on ssh_host and ssh_port in time. Check both, and any firewall between.",
                        true),
                cause);
    }

    static FailureException handshake(Throwable cause) {
        return new FailureException(
                tunnel(
                        "ssh_handshake_failed",
                        "No SSH session came about. Is it an SSH server that listens there, does it let this address in, and"
                                + " does it have a host key of the kind that ssh_host_key names?",
                        true),
                cause);
    }

    /** @param shown the server's key: its kind and fingerprint */
    static Failure unknownHostKey(String shown) {
        return tunnel(
                "ssh_host_key_unknown",
                "The SSH server shows the host key " + shown + ", and ssh_host_key does not say which it has to have."
                        + " Ask whoever runs the server whether that is its key, and put it into ssh_host_key.",
                false);
    }

    static Failure wrongHostKey(String shown) {
        return tunnel(
                "ssh_host_key_mismatch",
                "The SSH server shows the host key " + shown
                        + ", which is none of those in ssh_host_key. Either the server"
                        + " got a new key, or somebody else answers in its place: nothing was sent there. Ask whoever"
                        + " runs the server before ssh_host_key is changed.",
                false);
    }

    static FailureException refused(String username, @Nullable Throwable cause) {
        return new FailureException(
                tunnel(
                        "ssh_login_refused",
                        "The SSH server does not let the user " + username
                                + " in with this key. Check ssh_username, and that the key's public half is among the"
                                + " user's authorized keys.",
                        false),
                cause);
    }

    static FailureException unusable(SshKey.UnusableException e) {
        return new FailureException(tunnel("ssh_key_unusable", e.property() + " " + e.getMessage() + ".", false), e);
    }

    static FailureException notOpened(String target, SshChannelOpenException e) {
        return new FailureException(
                e.getReasonCode() == SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED
                        ? tunnel(
                                "ssh_forwarding_prohibited",
                                "The SSH server does not let this user connect on to " + target
                                        + ". Allow it there (AllowTcpForwarding, PermitOpen, the key's own options).",
                                false)
                        : tunnel(
                                "ssh_target_unreachable",
                                "The SSH server cannot connect on to " + target + ": " + words(e.getMessage())
                                        + " Check host and port as they are seen from there.",
                                true),
                e);
    }

    /** One line, of a bounded length, without control characters; ends with a dot. */
    private static String words(@Nullable String said) {
        String line = (said == null ? "" : said).replaceAll("\\p{Cntrl}+", " ").strip();
        String words = line.length() > MOST_WORDS ? line.substring(0, MOST_WORDS) + "…" : line;
        return words.isEmpty() ? "it does not say why." : words.endsWith(".") ? words : words + ".";
    }

    private static Failure tunnel(String code, String detail, boolean retryable) {
        return new Failure.Source(Layer.TUNNEL, code, detail, retryable);
    }
}
