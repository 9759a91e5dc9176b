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

/**
 * A way to a server that swallows everything while it is cut, as a network does that drops packets: connections stay
 * open, new ones are taken, and nobody gets an answer. What was swallowed arrives once it is mended, as if sent again.
 */
public final class BlackHole implements AutoCloseable {
    private final ServerSocket door;
    private final int port;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final Object state = new Object();
    private boolean cut;

    public BlackHole(int port) {
        this.port = port;
        try {
            this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.add(door);
        daemon(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    public void cut() {
        synchronized (state) {
            cut = true;
        }
    }

    public void mend() {
        synchronized (state) {
            cut = false;
            state.notifyAll();
        }
    }

    private void passable() throws InterruptedException {
        synchronized (state) {
            while (cut) {
                state.wait();
            }
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "black-hole");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                Socket client = door.accept();
                open.add(client);
                daemon(() -> connect(client));
            }
        } catch (IOException e) {
            // The proxy was closed.
            return;
        }
    }

    private void connect(Socket client) {
        try {
            passable();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(server);
            daemon(() -> pass(client, server));
            pass(server, client);
        } catch (IOException e) {
            // The server is gone, or the proxy was closed.
            return;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[16_384];
            int length = in.read(piece);
            while (length >= 0) {
                passable();
                out.write(piece, 0, length);
                length = in.read(piece);
            }
            passable();
        } catch (IOException e) {
            // One of the two hung up.
            return;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable one : open) {
            one.close();
        }
    }
}
