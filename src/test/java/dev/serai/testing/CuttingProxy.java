package dev.serai.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A way to a server on this machine that breaks off after so many bytes of what the server says. */
public final class CuttingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile long after = Long.MAX_VALUE;
    private volatile CutServer.End end = CutServer.End.CLOSED;

    public CuttingProxy(int port) {
        this.port = port;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on new connections break off so. */
    public void cut(long afterBytes, CutServer.End how) {
        after = afterBytes;
        end = how;
    }

    public void mend() {
        after = Long.MAX_VALUE;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
                long most = after;
                threads.execute(() -> pass(client, far, Long.MAX_VALUE));
                threads.execute(() -> pass(far, client, most));
            }
        } catch (SocketException e) {
            // Closed: the end.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pass(Socket from, Socket to, long most) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[16_384];
            long left = most;
            while (left > 0) {
                int length = in.read(bytes, 0, (int) Math.min(bytes.length, left));
                if (length < 0) {
                    return;
                }
                out.write(bytes, 0, length);
                left -= length;
            }
            if (end == CutServer.End.RESET) {
                to.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // The other direction was cut.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
