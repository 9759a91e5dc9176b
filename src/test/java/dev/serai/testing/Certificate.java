package dev.serai.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that signs itself, made by the JDK's keytool, and its key; both as PEM.
 *
 * @param pem also fit as the CA that vouches for it
 */
public record Certificate(String pem, String key) {

    /** @param names as keytool takes subject alternative names, such as {@code dns:localhost} */
    public static Certificate of(String commonName, String names) {
        try {
            Path store = TestFolder.create("certificate").resolve("store.p12");
            run(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "it",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + commonName,
                    "-ext",
                    "san=" + names,
                    "-ext",
                    "bc=ca:true",
                    "-validity",
                    "30",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "changeit",
                    "-keystore",
                    store.toString());
            KeyStore loaded = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                loaded.load(in, "changeit".toCharArray());
            }
            return new Certificate(
                    pem("CERTIFICATE", loaded.getCertificate("it").getEncoded()),
                    pem(
                            "PRIVATE KEY",
                            loaded.getKey("it", "changeit".toCharArray()).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes both where a server finds them: {@code server.crt} and {@code server.key}, which only its owner can read. */
    public Path writeTo(Path folder) {
        try {
            Files.writeString(folder.resolve("server.crt"), pem);
            Path file = folder.resolve("server.key");
            Files.writeString(file, key);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(String what, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
