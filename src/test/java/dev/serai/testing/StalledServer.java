package dev.serai.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A far system that takes connections and never comes to an end with what it is asked for. */
public final class StalledServer implements AutoCloseable {
    /** How it does not come to an end. */
    public enum Manner {
        /** Says nothing at all. */
        MUTE(""),
        /** Begins to answer over HTTP, and stops before the headers are complete. */
        HALF_A_HEAD("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"),
        /** Answers over HTTP with one space after the other, for ever. */
        DRIPPING(HEAD),
        /** The same after a first row. */
        DRIPPING_ROWS(HEAD + "9\r\n{\"id\":1}\n\r\n");

        private final byte[] beginning;

        Manner(String beginning) {
            this.beginning = beginning.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final byte[] DROP = "1\r\n \r\n".getBytes(StandardCharsets.US_ASCII);

    private final Manner manner;
    private final ServerSocket server;
    private final Set<Socket> asking = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public StalledServer(Manner manner) {
        this.manner = manner;
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

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Connections over which something was asked and whose other end is still open. */
    public int asking() {
        return asking.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> stall(socket));
            }
        } catch (SocketException e) {
            // Closed: the end.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stall(Socket socket) {
        try (socket) {
            byte[] asked = new byte[8192];
            if (socket.getInputStream().read(asked) < 0) {
                return;
            }
            asking.add(socket);
            OutputStream out = socket.getOutputStream();
            out.write(manner.beginning);
            out.flush();
            socket.setSoTimeout(20);
            while (!isOver(socket, asked)) {
                if (manner == Manner.DRIPPING || manner == Manner.DRIPPING_ROWS) {
                    out.write(DROP);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // The other end has gone without a word: over too.
            return;
        } finally {
            asking.remove(socket);
        }
    }

    private static boolean isOver(Socket socket, byte[] asked) throws IOException {
        try {
            return socket.getInputStream().read(asked) < 0;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : asking) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
