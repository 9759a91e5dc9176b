package dev.serai.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a server on which, from a number of bytes on, nothing comes any more, while the connection stays open. */
public final class StallingProxy implements AutoCloseable {
    private final ServerSocket door;
    private final int port;
    private final long most;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();

    /** @param most so many bytes come from the server on each connection */
    public StallingProxy(int port, long most) {
        try {
            this.door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = port;
        this.most = most;
        open.add(door);
        daemon(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "stalling-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                open.add(client);
                open.add(server);
                daemon(() -> pass(client, server, Long.MAX_VALUE));
                daemon(() -> pass(server, client, most));
            }
        } catch (IOException e) {
            // The proxy was closed.
            return;
        }
    }

    private static void pass(Socket from, Socket to, long bytes) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[8192];
            long left = bytes;
            while (left > 0) {
                int length = in.read(piece, 0, (int) Math.min(left, piece.length));
                if (length < 0) {
                    to.close();
                    return;
                }
                out.write(piece, 0, length);
                left -= length;
            }
        } catch (IOException e) {
            // One of the two hung up.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable one : open) {
            one.close();
        }
    }
}
