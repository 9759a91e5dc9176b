package dev.serai.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * Stands before a real PostgreSQL as products that speak its protocol do, and passes everything on, except what it is
 * told not to: it can refuse COPY, by an error that the server itself raises, and cut connections midway.
 */
public final class PostgresProxy implements AutoCloseable {
    private static final int SSL_REQUEST = 80_877_103;

    private final Postgres.Database server;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private volatile @Nullable Refusal refusal;
    private volatile @Nullable Refusal savepointRefusal;
    private volatile long bytesBeforeCut = Long.MAX_VALUE;
    private volatile boolean down;

    private record Refusal(String state, String message) {}

    public PostgresProxy(Postgres.Database server) {
        this.server = server;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    public Postgres.Database database() {
        return new Postgres.Database(
                "127.0.0.1", socket.getLocalPort(), server.name(), server.username(), server.password());
    }

    /** The way past this proxy. */
    public Postgres.Database server() {
        return server;
    }

    /** From now on the server raises this error where it is asked for COPY. */
    public PostgresProxy refuseCopy(String state, String message) {
        refusal = new Refusal(state, message);
        return this;
    }

    /** The same for savepoints. */
    public PostgresProxy refuseSavepoints(String state, String message) {
        savepointRefusal = new Refusal(state, message);
        return this;
    }

    public PostgresProxy takeCopy() {
        refusal = null;
        return this;
    }

    /** Ends each connection that is made from now on once it has sent so many bytes to its client. */
    public PostgresProxy cutAfter(long bytes) {
        bytesBeforeCut = bytes;
        return this;
    }

    /** From now on the server is out of reach: who is connected is cut off, and who dials is hung up on. */
    public void goDown() {
        down = true;
        open.forEach(PostgresProxy::hangUp);
    }

    public void comeBack() {
        down = false;
    }

    private static void hangUp(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many simple queries began like this. */
    public long asked(String beginning) {
        return queries.stream().filter(query -> query.startsWith(beginning)).count();
    }

    private void accept() throws IOException {
        while (!socket.isClosed()) {
            Socket client = socket.accept();
            if (down) {
                client.close();
                continue;
            }
            Socket upstream = new Socket(InetAddress.getByName("127.0.0.1"), server.port());
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            open.add(client);
            open.add(upstream);
            long limit = bytesBeforeCut;
            thread(() -> requests(client, upstream));
            thread(() -> answers(upstream, client, limit));
        }
    }

    private void requests(Socket client, Socket upstream) throws IOException {
        try (client;
                upstream) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = upstream.getOutputStream();
            int code;
            do {
                byte[] first = in.readNBytes(in.readInt() - Integer.BYTES);
                code = ByteBuffer.wrap(first).getInt();
                out.write(message(null, first));
            } while (code == SSL_REQUEST);
            int type;
            while ((type = in.read()) >= 0) {
                byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
                if (type == 'Q') {
                    String query = new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
                    queries.add(query);
                    Refusal refused = query.startsWith("SAVEPOINT") ? savepointRefusal : refusal;
                    if (refused != null && (query.startsWith("COPY") || query.startsWith("SAVEPOINT"))) {
                        body = raising(refused);
                    }
                }
                out.write(message((byte) type, body));
            }
        }
    }

    private static byte[] message(@Nullable Byte type, byte[] body) {
        ByteBuffer message = ByteBuffer.allocate(5 + body.length);
        if (type != null) {
            message.put(type);
        }
        message.putInt(Integer.BYTES + body.length).put(body);
        byte[] bytes = new byte[message.position()];
        message.flip().get(bytes);
        return bytes;
    }

    private static byte[] raising(Refusal refused) {
        String sql = "DO $refusal$ BEGIN RAISE EXCEPTION USING ERRCODE = '%s', MESSAGE = '%s'; END $refusal$\0"
                .formatted(refused.state(), refused.message().replace("'", "''"));
        return sql.getBytes(StandardCharsets.UTF_8);
    }

    private static void answers(Socket upstream, Socket client, long limit) throws IOException {
        try (client;
                upstream) {
            InputStream in = upstream.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            long left = limit;
            int count;
            while (left > 0 && (count = in.read(buffer, 0, (int) Math.min(buffer.length, left))) >= 0) {
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void thread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One side hung up, which is how all connections end.
                        open.removeIf(Socket::isClosed);
                    }
                },
                "postgres-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
