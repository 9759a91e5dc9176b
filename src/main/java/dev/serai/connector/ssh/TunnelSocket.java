package dev.serai.connector.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * A channel as a socket that drivers and TLS are content with: time limits of reads, closing from another thread, each
 * direction closed by itself. What concerns TCP alone is taken and has no effect.
 */
final class TunnelSocket extends Socket {
    private static final int BUFFER = 64 * 1024;

    private final TunnelChannel channel;
    private final InetSocketAddress target;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private volatile int timeout;
    private volatile boolean closed;
    private volatile boolean inputShut;
    private volatile boolean outputShut;

    /** @param host as the SSH server was told: its address is known there only */
    TunnelSocket(TunnelChannel channel, String host, int port) throws IOException {
        super((SocketImpl) null);
        this.channel = channel;
        this.target = new InetSocketAddress(InetAddress.getByAddress(host, new byte[4]), port);
    }

    private void requireOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket is closed");
        }
    }

    private static SocketException connected() {
        return new SocketException("already connected");
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        throw connected();
    }

    @Override
    public void connect(SocketAddress endpoint, int limit) throws IOException {
        throw connected();
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws IOException {
        throw connected();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        requireOpen();
        if (inputShut) {
            throw new SocketException("Socket input is shutdown");
        }
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        requireOpen();
        if (outputShut) {
            throw new SocketException("Socket output is shutdown");
        }
        return output;
    }

    /** Returns at once; whoever reads or writes is woken. */
    @Override
    public void close() {
        closed = true;
        channel.inbox().close();
        channel.close(false);
    }

    @Override
    public void shutdownInput() throws IOException {
        requireOpen();
        inputShut = true;
        channel.inbox().end();
    }

    @Override
    public void shutdownOutput() throws IOException {
        requireOpen();
        if (!outputShut) {
            outputShut = true;
            channel.output().close();
        }
    }

    @Override
    public InetAddress getInetAddress() {
        return target.getAddress();
    }

    @Override
    public int getPort() {
        return target.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return target;
    }

    @Override
    public InetAddress getLocalAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
        return 0;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress(getLocalAddress(), 0);
    }

    @Override
    public @Nullable SocketChannel getChannel() {
        return null;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        requireOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout can't be negative");
        }
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        requireOpen();
        return timeout;
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean getTcpNoDelay() {
        return true;
    }

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public boolean getKeepAlive() {
        return true;
    }

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public void setReceiveBufferSize(int size) {}

    @Override
    public int getReceiveBufferSize() {
        return BUFFER;
    }

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public int getSendBufferSize() {
        return BUFFER;
    }

    @Override
    public void setReuseAddress(boolean on) {}

    @Override
    public boolean getReuseAddress() {
        return false;
    }

    @Override
    public void setTrafficClass(int tc) {}

    @Override
    public int getTrafficClass() {
        return 0;
    }

    @Override
    public void setOOBInline(boolean on) {}

    @Override
    public boolean getOOBInline() {
        return false;
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        throw new SocketException("A tunnel has no urgent data");
    }

    @Override
    public String toString() {
        return "TunnelSocket[" + target.getHostString() + ":" + target.getPort() + "]";
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            return inputShut ? -1 : channel.read(into, at, length, timeout);
        }

        @Override
        public int available() throws IOException {
            requireOpen();
            return inputShut ? 0 : channel.inbox().available();
        }

        @Override
        public void close() {
            TunnelSocket.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int at, int length) throws IOException {
            requireOpen();
            try {
                channel.output().write(from, at, length);
            } catch (IOException e) {
                throw closed ? new SocketException("Socket is closed") : broken(e);
            }
        }

        /** The reason why the channel is gone, where it is. */
        private IOException broken(IOException e) {
            IOException lost = channel.inbox().failure();
            SocketException broken = new SocketException("Broken pipe");
            broken.initCause(lost == null ? e : lost);
            return broken;
        }

        @Override
        public void close() {
            TunnelSocket.this.close();
        }
    }
}
