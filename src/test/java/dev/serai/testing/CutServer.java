package dev.serai.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A far system that sends just these bytes, one after the other for each connection, and then ends the connection. */
public final class CutServer implements AutoCloseable {
    /** How a connection ends. */
    public enum End {
        /** In order, as if all had been said. */
        CLOSED,
        /** By force. */
        RESET
    }

    private record Answer(byte[] bytes, End end) {}

    private final ServerSocket server;
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();

    public CutServer() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "cut-server");
        thread.setDaemon(true);
        thread.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** What the next connection gets after it has asked. */
    public void next(byte[] bytes, End end) {
        answers.add(new Answer(bytes, end));
    }

    private void serve() {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    answer(socket);
                }
            }
        } catch (SocketException e) {
            // Closed: the end.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder asked = new StringBuilder();
        while (asked.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            asked.append((char) next);
        }
        Answer answer = answers.remove();
        socket.getOutputStream().write(answer.bytes());
        socket.getOutputStream().flush();
        if (answer.end() == End.RESET) {
            socket.setSoLinger(true, 0);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
