package dev.serai.secrets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source over HTTP of the worst kind: what it was asked, with all headers, comes back in its reason phrases, headers
 * and bodies. The first part of the path says how: {@code ok}, a status, {@code garbage}, {@code json}, {@code moved},
 * {@code cut}, {@code slow}.
 */
final class EchoServer implements AutoCloseable {
    /** The first byte of who wants to speak TLS. */
    private static final int TLS = 0x16;

    private static final Pattern LENGTH = Pattern.compile("(?i)\\ncontent-length: *(\\d+)");

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    EchoServer() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    String url(String how) {
        return "http://127.0.0.1:" + server.getLocalPort() + "/" + how;
    }

    /** Whole requests as they came. */
    Queue<String> asked() {
        return asked;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                InputStream in = client.getInputStream();
                OutputStream out = client.getOutputStream()) {
            String request = read(in);
            asked.add(request);
            out.write(answer(request).getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (IOException | InterruptedException e) {
            asked.add("gone: " + e.getClass().getSimpleName());
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (true) {
            String text = read.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            Matcher length = LENGTH.matcher(text);
            int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
            if (end >= 0 && text.length() >= end + 4 + body) {
                return text;
            }
            int next = in.read();
            if (next < 0 || read.size() == 0 && next == TLS) {
                return text;
            }
            read.write(next);
        }
    }

    private String answer(String request) throws InterruptedException {
        String how = request.replaceFirst("(?s)^\\S+ /(\\w+).*", "$1");
        String line = request.replaceAll("[\\r\\n]+", " | ");
        String body = "{\"error\":\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        return switch (how) {
            case "ok" ->
                request.contains("/models")
                        ? reply("200 OK", "", "[{\"name\":\"orders\"}]")
                        : reply("200 OK", "", "[{\"id\":1,\"note\":\"one\"},{\"id\":2,\"note\":\"two\"}]");
            case "garbage" -> line + "\r\n\r\n";
            case "json" -> reply("200 OK", "", "[{\"id\":" + line);
            case "cut" -> "HTTP/1.1 200 OK\r\nX-Echo: " + line + "\r\nContent-Length: 100000\r\n\r\n[{" + body;
            case "moved" ->
                reply("302 " + line, "Location: http://127.0.0.1:1/?" + line.replace(' ', '+') + "\r\n", body);
            case "slow" -> {
                new java.util.concurrent.CountDownLatch(1).await(30, java.util.concurrent.TimeUnit.SECONDS);
                yield reply("200 OK", "", "[]");
            }
            default ->
                reply(
                        how.replaceFirst("\\D+", "") + " " + line,
                        "WWW-Authenticate: Basic realm=\"" + line.replace("\"", "") + "\"\r\nX-Echo: " + line + "\r\n",
                        body);
        };
    }

    private static String reply(String status, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\n" + headers
                + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n\r\n" + body;
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
