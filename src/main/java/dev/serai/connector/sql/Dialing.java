package dev.serai.connector.sql;

import java.io.IOException;
import java.net.Socket;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.serai.connector.OngoingCall;
import dev.serai.rows.Cancellation;

/**
 * Whose sockets are these? Drivers make them by a class name and a text alone, also on threads of their own: the text is
 * the key of one attempt to connect, whose sockets a call that is aborted takes with it. The key stays good for what the
 * connection opens later, such as to cancel a statement, until the dialer is closed.
 */
public final class Dialing implements AutoCloseable {
    private static final Map<String, Dialer> DIALERS = new ConcurrentHashMap<>();
    private static final Map<String, Dialing> ATTEMPTS = new ConcurrentHashMap<>();

    private final String key;
    private final Dialer dialer;
    private final Set<Socket> sockets = new HashSet<>();
    private final Cancellation.Registration whileConnecting;
    private @Nullable Socket ready;
    private boolean aborted;

    private Dialing(String key, Dialer dialer) {
        this.key = key;
        this.dialer = dialer;
        this.whileConnecting =
                OngoingCall.current().map(call -> call.onAbort(this::abort)).orElse(() -> {});
    }

    /** Begins an attempt, which is over when this is closed. */
    public static Dialing of(Dialer dialer) {
        DIALERS.put(dialer.key(), dialer);
        Dialing dialing = new Dialing(dialer.key() + "/" + UUID.randomUUID(), dialer);
        ATTEMPTS.put(dialing.key, dialing);
        return dialing;
    }

    public static Dialing of(String key) throws IOException {
        Dialing attempt = ATTEMPTS.get(key);
        if (attempt != null) {
            return attempt;
        }
        Dialer dialer = DIALERS.get(key.substring(0, key.indexOf('/')));
        if (dialer == null) {
            throw new IOException("The connector was changed or closed");
        }
        return new Dialing(key, dialer);
    }

    static void forget(Dialer dialer) {
        DIALERS.remove(dialer.key());
    }

    public String key() {
        return key;
    }

    public SqlSettings settings() {
        return dialer.settings();
    }

    /** Has the next one who connects get a socket that is connected already. */
    public synchronized void hand(Socket connected) {
        ready = connected;
    }

    private synchronized @Nullable Socket handed() {
        Socket connected = ready;
        ready = null;
        return connected;
    }

    public Socket connect() throws IOException {
        Socket handed = handed();
        Socket socket = handed == null ? dialer.connect() : handed;
        synchronized (this) {
            if (!aborted) {
                sockets.add(socket);
                return socket;
            }
        }
        socket.close();
        throw new IOException("The call was stopped");
    }

    private synchronized void abort() {
        aborted = true;
        sockets.forEach(Dialing::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left of it that could be used.
            return;
        }
    }

    @Override
    public synchronized void close() {
        whileConnecting.close();
        ATTEMPTS.remove(key);
        sockets.clear();
    }
}
