package dev.serai.upload;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.FailureException;
import dev.serai.rows.file.CsvDialect;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which text is in an archive, and which archives are refused. */
class ArchivesTest {
    private static final String FILE = "id,v\n1,a\n";

    @TempDir
    Path data;

    private String text(byte[] archive, @Nullable String entry) throws Exception {
        try (UploadFolder folder = new UploadFolder(Settings.of(Map.of("serai.data-dir", data.toString())));
                UploadedFile file = folder.next()) {
            file.receive(new ByteArrayInputStream(archive));
            UploadedText text =
                    file.text(new UploadOptions(CsvDialect.UNKNOWN, List.of(), null, entry, null), 1, rows -> {});
            try (Stream<Path> all = Files.walk(data)) {
                assertThat(all.filter(Files::isRegularFile)).allMatch(one -> one.startsWith(file.folder()));
            }
            return Files.readString(text.file());
        }
    }

    private void isRefused(byte[] archive, @Nullable String entry, String reason) {
        assertThatThrownBy(() -> text(archive, entry)).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure().code()).isEqualTo("archive_refused");
            assertThat(e.failure().detail()).contains(reason);
        });
    }

    private static byte[] gzip(String... members) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (String one : members) {
            try (var out = new GZIPOutputStream(bytes)) {
                out.write(one.getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (String one : names) {
                out.putNextEntry(new ZipEntry(one));
                if (!one.endsWith("/")) {
                    out.write((FILE + "2," + one + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return bytes.toByteArray();
    }

    /** Sets the bit that says so in both headers of each entry. */
    private static byte[] encrypted(byte[] zip) {
        for (int i = 0; i + 10 < zip.length; i++) {
            if (zip[i] == 'P' && zip[i + 1] == 'K') {
                int flags = zip[i + 2] == 3 && zip[i + 3] == 4 ? 6 : zip[i + 2] == 1 && zip[i + 3] == 2 ? 8 : -1;
                if (flags > 0) {
                    zip[i + flags] |= 1;
                }
            }
        }
        return zip;
    }

    @Test
    void readsAllMembersOfAGzipFile() throws Exception {
        assertThat(text(gzip(FILE, "2,b\n", "3,c\n"), null)).isEqualTo(FILE + "2,b\n3,c\n");
    }

    @Test
    void takesNoPartOfAGzipFileThatIsCutOff() throws Exception {
        byte[] whole = gzip(FILE.repeat(1000));
        isRefused(Arrays.copyOf(whole, whole.length - 9), null, "cut off");
        isRefused(Arrays.copyOf(whole, whole.length / 2), null, "cut off");
        byte[] two = gzip(FILE, "2,b\n");
        isRefused(Arrays.copyOf(two, two.length - 9), null, "cut off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "..\\..\\x.csv", "a/b/c.csv"})
    void looksAtNoPathInAnArchive(String name) throws Exception {
        assertThat(text(zip(name), null)).endsWith("2," + name + "\n");
    }

    @Test
    void takesTheOnlyFileOfFoldersOrTheOneThatIsNamed() throws Exception {
        assertThat(text(zip("sales/", "sales/2024/", "sales/2024/may.csv", "__MACOSX/._may.csv"), null))
                .endsWith("2,sales/2024/may.csv\n");
        assertThat(text(zip("a.csv", "b/a.csv"), "b/a.csv")).endsWith("2,b/a.csv\n");
        isRefused(zip("a.csv", "b.csv"), null, "a.csv, b.csv");
        isRefused(zip("a.csv", "b.csv"), "c.csv", "a.csv, b.csv");
        isRefused(zip("sales/"), null, "holds no file");
        isRefused(zip(), null, "holds no file");
    }

    @Test
    void saysThatAnArchiveHasAPassword() throws Exception {
        isRefused(encrypted(zip("a.csv")), null, "password");
    }

    @Test
    void refusesABombAndLeavesNothingOfIt() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("bomb.csv"));
            for (int i = 0; i < 40; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        isRefused(bytes.toByteArray(), null, "far more");
        try (Stream<Path> all = Files.walk(data)) {
            assertThat(all.filter(Files::isRegularFile)).isEmpty();
        }
    }
}
