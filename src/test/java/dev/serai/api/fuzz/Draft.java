package dev.serai.api.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A request byte by byte, as no well-behaved client would let us write it. Texts may hold placeholders such as
 * {@code @{connector}}, which {@link World#resolved} fills in when it is sent, so that it means the same in another run.
 *
 * @param caller a name that {@link World#token} knows
 * @param target path and query, encoded or not
 * @param chunked whether the body goes in chunks, without a length
 */
record Draft(
        String caller, String method, String target, List<Header> headers, byte @Nullable [] body, boolean chunked) {

    Draft {
        headers = List.copyOf(headers);
    }

    record Header(String name, String value) {}

    Draft with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return withHeaders(more);
    }

    Draft withHeaders(List<Header> other) {
        return new Draft(caller, method, target, other, body, chunked);
    }

    Draft withTarget(String other) {
        return new Draft(caller, method, other, headers, body, chunked);
    }

    Draft withMethod(String other) {
        return new Draft(caller, other, target, headers, body, chunked);
    }

    Draft withCaller(String other) {
        return new Draft(other, method, target, headers, body, chunked);
    }

    Draft withBody(byte @Nullable [] other) {
        return new Draft(caller, method, target, headers, other, chunked);
    }

    Draft inChunks(boolean other) {
        return new Draft(caller, method, target, headers, body, other);
    }

    boolean has(String header) {
        return headers.stream().anyMatch(one -> one.name().equalsIgnoreCase(header));
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** With every text changed, also within the body, whatever its bytes are. */
    Draft mapped(UnaryOperator<String> change) {
        List<Header> changed = headers.stream()
                .map(header -> new Header(header.name(), change.apply(header.value())))
                .toList();
        byte[] bytes = body == null
                ? null
                : change.apply(new String(body, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        return new Draft(caller, method, change.apply(target), changed, bytes, chunked);
    }

    boolean names(String text) {
        return new String(bytes(""), StandardCharsets.ISO_8859_1).contains(text);
    }

    /** What goes over the wire. */
    byte[] bytes(String host) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder head =
                new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        if (!has("Host")) {
            head.append("Host: ").append(host).append("\r\n");
        }
        head.append("Connection: close\r\n");
        headers.forEach(header ->
                head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        if (body != null && chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (body != null && !has("Content-Length")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        if (body != null && chunked) {
            int half = body.length / 2;
            chunk(out, 0, half);
            chunk(out, half, body.length - half);
            out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else if (body != null) {
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    private void chunk(ByteArrayOutputStream out, int from, int length) {
        if (body != null && length > 0) {
            out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, from, length);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** So that it can be read in a report: what does not print is escaped. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(caller).append(": ");
        for (char c : (method + " " + target + " " + headers + (chunked ? " chunked " : " ")
                        + (body == null ? "-" : new String(body, StandardCharsets.UTF_8)))
                .toCharArray()) {
            text.append(c >= ' ' && c < 0x7F ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return text.length() <= 3000 ? text.toString() : text.substring(0, 3000) + "… (" + text.length() + ")";
    }
}
