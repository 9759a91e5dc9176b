package dev.serai.api;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.serai.testing.RunningSerai;

import static org.assertj.core.api.Assertions.assertThat;

/** A body larger than allowed is refused without being read to its end. */
class LargeBodyTest {
    private static final int SIZE = 50 << 20;

    private final RunningSerai serai = RunningSerai.shared();
    private volatile long sent;

    private String send(String header, boolean chunked, boolean waiting) throws IOException {
        try (Socket socket = new Socket("localhost", serai.address().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/connectors HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Authorization: Bearer " + serai.token("admin", "large-bodies") + "\r\n" + header
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            // Read while still sending: once the server hangs up, an answer not yet read may be lost.
            CompletableFuture<Void> pouring = waiting
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.runAsync(() -> pour(out, chunked));
            byte[] answer = new byte[4096];
            int length = socket.getInputStream().read(answer);
            pouring.join();
            return new String(answer, 0, Math.max(length, 0), StandardCharsets.US_ASCII);
        }
    }

    private void pour(OutputStream out, boolean chunked) {
        byte[] part = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        try {
            while (sent < SIZE) {
                if (chunked) {
                    out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                out.write(part);
                if (chunked) {
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                sent += part.length;
            }
        } catch (IOException e) {
            // That the server has hung up is what this is about; its answer is there to be read.
            assertThat(sent).isLessThan(SIZE);
        }
    }

    @Test
    void aDeclaredLengthIsRefusedBeforeTheBodyIsSent() throws IOException {
        assertThat(send("Content-Length: " + SIZE, false, true))
                .startsWith("HTTP/1.1 413")
                .contains("application/problem+json");
    }

    @Test
    void aBodyThatIsSentNeverthelessIsNotReadToItsEnd() throws IOException {
        assertThat(send("Content-Length: " + SIZE, false, false)).startsWith("HTTP/1.1 413");
        assertThat(sent).isLessThan(SIZE);
    }

    @Test
    void aBodyOfUnknownLengthIsReadUpToTheLimit() throws IOException {
        assertThat(send("Transfer-Encoding: chunked", true, false))
                .startsWith("HTTP/1.1 413")
                .contains("\"code\":\"too_large\"");
        assertThat(sent).isLessThan(SIZE);
    }

    @Test
    void whoAsksBeforeSendingNeedNotSend() throws IOException {
        assertThat(send("Content-Length: " + SIZE + "\r\nExpect: 100-continue", false, true))
                .startsWith("HTTP/1.1 413");
    }
}
