package dev.serai.connector.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Arrays;

import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.common.channel.ChannelOutputStream;
import org.apache.sshd.common.util.net.SshdSocketAddress;

import dev.serai.failure.FailureException;

/**
 * One connection to a target of the SSH server's. What arrives is taken at once, so that nobody else's connection waits
 * for it, and the server may send more only as it is read.
 */
final class TunnelChannel extends ChannelDirectTcpip {
    /** Whoever asks for the connection; servers write it down and nothing else. */
    private static final SshdSocketAddress ORIGIN = new SshdSocketAddress("127.0.0.1", 0);

    private final Inbox inbox = new Inbox();

    TunnelChannel(String host, int port) {
        super(ORIGIN, new SshdSocketAddress(host, port));
    }

    Inbox inbox() {
        return inbox;
    }

    int read(byte[] into, int at, int length, int timeout) throws IOException {
        int taken = inbox.read(into, at, length, timeout);
        if (taken > 0 && getLocalWindow().isOpen()) {
            try {
                getLocalWindow().release(taken);
            } catch (IOException e) {
                // The session is about to end; what has arrived is still good, and who reads on learns why.
                inbox.fail(lost());
            }
        }
        return taken;
    }

    /** Each write goes out at once, as from a socket. */
    @Override
    protected void doOpen() throws IOException {
        super.doOpen();
        ((ChannelOutputStream) getInvertedIn()).setNoDelay(true);
    }

    OutputStream output() {
        return getInvertedIn();
    }

    @Override
    protected void doWriteData(byte[] data, int at, long length) {
        inbox.offer(Arrays.copyOfRange(data, at, at + Math.toIntExact(length)));
    }

    @Override
    public void handleEof() throws IOException {
        inbox.end();
        super.handleEof();
    }

    /** The server closes a channel when its target has hung up. */
    @Override
    public void handleClose() throws IOException {
        inbox.end();
        super.handleClose();
    }

    /** Whoever closes a channel, or loses its session, comes along here. */
    @Override
    protected void preClose() {
        inbox.fail(lost());
        super.preClose();
    }

    private static IOException lost() {
        FailureException failure = new FailureException(SshFailures.lost());
        SocketException lost = new SocketException(failure.failure().detail());
        lost.initCause(failure);
        return lost;
    }
}
