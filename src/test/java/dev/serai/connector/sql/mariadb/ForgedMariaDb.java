package dev.serai.connector.sql.mariadb;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import dev.serai.testing.MariaDb;

/** A server that speaks MariaDB's protocol, without TLS, up to the point where it asks its client for too much. */
final class ForgedMariaDb implements AutoCloseable {
    private static final byte[] LOGGED_IN = {0, 0, 0, 2, 0, 0, 0};

    private final ServerSocket listener;
    private final boolean atLogin;
    private final byte[] demand;
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    /**
     * @param atLogin whether it asks instead of letting the client in, or else instead of every answer
     * @param demand the payload of what it asks with
     */
    ForgedMariaDb(boolean atLogin, byte[] demand) {
        this.atLogin = atLogin;
        this.demand = demand;
        try {
            listener = new ServerSocket(0, 5, InetAddress.getByName("localhost"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "forged-mariadb");
        thread.setDaemon(true);
        thread.start();
    }

    MariaDb.Database database() {
        return new MariaDb.Database("localhost", listener.getLocalPort(), "shop", "reader", "hush-hush", "");
    }

    /** All that clients have sent. */
    String told() {
        synchronized (told) {
            return told.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                converse(client);
            } catch (IOException e) {
                // The client has hung up, as it should, or this is closed.
                continue;
            }
        }
    }

    private void converse(Socket client) throws IOException {
        var in = new DataInputStream(client.getInputStream());
        send(client, 0, greeting());
        int sequence = take(in);
        if (!atLogin) {
            send(client, sequence + 1, LOGGED_IN);
            sequence = take(in);
        }
        while (true) {
            send(client, sequence + 1, demand);
            sequence = take(in);
        }
    }

    private int take(DataInputStream in) throws IOException {
        int header = Integer.reverseBytes(in.readInt());
        byte[] payload = in.readNBytes(header & 0xffffff);
        synchronized (told) {
            told.write(payload);
        }
        return header >>> 24;
    }

    private static void send(Socket client, int sequence, byte[] payload) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(payload.length);
        packet.write(payload.length >> 8);
        packet.write(payload.length >> 16);
        packet.write(sequence);
        packet.write(payload);
        client.getOutputStream().write(packet.toByteArray());
    }

    /** Of the protocol's version 10; among its capabilities are local files, TLS is not. */
    private static byte[] greeting() throws IOException {
        ByteArrayOutputStream greeting = new ByteArrayOutputStream();
        greeting.write(10);
        greeting.write("11.4.5-MariaDB\0".getBytes(StandardCharsets.US_ASCII));
        greeting.write(new byte[] {1, 0, 0, 0});
        greeting.write("12345678\0".getBytes(StandardCharsets.US_ASCII));
        greeting.write(new byte[] {(byte) 0xfe, (byte) 0xf7});
        greeting.write(new byte[] {45, 2, 0, (byte) 0x0f, (byte) 0x80, 21});
        greeting.write(new byte[10]);
        greeting.write("123456789012\0".getBytes(StandardCharsets.US_ASCII));
        greeting.write("mysql_native_password\0".getBytes(StandardCharsets.US_ASCII));
        return greeting.toByteArray();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
