package dev.serai.api.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Sends a {@link Draft} as it is and reads the answer strictly: one connection each, since a client may be told to go. */
final class Wire {
    /** Only tells a call that hangs from one that is slow on a busy machine. */
    private static final int PATIENCE_MILLIS = 60_000;

    private static final int LONGEST_LINE = 100_000;
    private final URI server;

    Wire(URI server) {
        this.server = server;
    }

    /**
     * An answer.
     *
     * @param headers names in lower case; values of the same name with a comma between
     * @param whole whether it ended as its head said
     */
    record Answer(int status, Map<String, String> headers, byte[] body, boolean whole) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** @throws IOException where there was no answer, or one that is no HTTP */
    Answer send(Draft draft) throws IOException {
        try (Socket socket = new Socket()) {
            // Failed logins count by address: these must not keep other tests from logging in.
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.getPort()));
            try {
                socket.getOutputStream().write(draft.bytes(server.getAuthority()));
                socket.getOutputStream().flush();
                // Who announced more than there is must not be waited for.
                socket.shutdownOutput();
            } catch (IOException e) {
                // It was refused before all of it was there: the answer says why.
            }
            InputStream in = new BufferedInputStream(socket.getInputStream());
            int code = status(in);
            while (code == 100) {
                headers(in);
                code = status(in);
            }
            Map<String, String> headers = headers(in);
            boolean bodyless = draft.method().equals("HEAD") || code == 204 || code == 304;
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            boolean whole = bodyless ? in.read() < 0 : read(in, headers, body);
            return new Answer(code, headers, body.toByteArray(), whole);
        }
    }

    private static int status(InputStream in) throws IOException {
        String[] status = line(in).split(" ", 3);
        if (status.length < 2 || !status[0].equals("HTTP/1.1")) {
            throw new IOException("No HTTP: " + String.join(" ", status));
        }
        return Integer.parseInt(status[1]);
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("No header: " + line);
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        return headers;
    }

    private static boolean read(InputStream in, Map<String, String> headers, ByteArrayOutputStream body)
            throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            long start = System.nanoTime();
            try {
                for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                    byte[] chunk = in.readNBytes(size);
                    body.writeBytes(chunk);
                    if (chunk.length < size || !line(in).isEmpty()) {
                        return false;
                    }
                    if (System.nanoTime() - start > PATIENCE_MILLIS * 1_000_000L) {
                        throw new IOException("An answer without an end");
                    }
                }
                // Trailers come before the empty line.
                headers.putAll(headers(in));
                return in.read() < 0;
            } catch (EOFException e) {
                return false;
            }
        }
        body.writeBytes(in.readAllBytes());
        String length = headers.get("content-length");
        return length == null ? body.size() == 0 : Integer.parseInt(length) == body.size();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The connection ended within a line");
            }
            if (line.size() > LONGEST_LINE) {
                throw new IOException("A line without an end");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }
}
