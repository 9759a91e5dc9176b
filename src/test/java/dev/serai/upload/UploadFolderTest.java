package dev.serai.upload;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.file.CsvDialect;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class UploadFolderTest {
    @TempDir
    private Path data;

    private UploadFolder folder(String largest) throws Exception {
        return new UploadFolder(Settings.of(Map.of("serai.data-dir", data.toString(), "serai.max-upload", largest)));
    }

    private long files() throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void removesWhatAKilledProcessLeft() throws Exception {
        // No process has this number: Linux counts to 4,194,304 at most.
        Path left = Files.createDirectories(data.resolve("uploads/spill-9999999-x/files/file1"));
        Files.writeString(left.resolve("received"), "a,b");

        try (UploadFolder folder = folder("1MB")) {
            assertThat(folder.largest()).isEqualTo(1 << 20);
            assertThat(files()).isZero();
        }
    }

    @Test
    void stopsReadingWhereAFileIsLargerThanItMayBe() throws Exception {
        try (UploadFolder folder = folder("1MB");
                UploadedFile file = folder.next()) {
            var content = new InputStream() {
                private long given;

                @Override
                public int read() {
                    given++;
                    return 'x';
                }
            };
            assertThatThrownBy(() -> file.receive(content))
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure().code()).isEqualTo("too_large"));
            assertThat(content.given).isLessThan(2 << 20);
        }
        assertThat(files()).isZero();
    }

    /** The system's own file on which there is no room: what is written through the link finds a full disk. */
    @Test
    void saysThatTheDiskIsFull() throws Exception {
        for (String full : List.of("received", "text")) {
            try (UploadFolder folder = folder("1MB");
                    UploadedFile file = folder.next()) {
                Files.createSymbolicLink(file.folder().resolve(full), Path.of("/dev/full"));
                byte[] content = "id,v\n1,\u00f6\n".getBytes(StandardCharsets.UTF_16);
                assertThatThrownBy(() -> {
                            file.receive(new ByteArrayInputStream(content));
                            file.text(
                                    new UploadOptions(CsvDialect.UNKNOWN, List.of(), null, null, null), 1, rows -> {});
                        })
                        .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure())
                                .isInstanceOf(Failure.DiskFull.class));
            }
            assertThat(files()).isZero();
        }
    }

    @Test
    void removesAFileThatIsDoneWith() throws Exception {
        try (UploadFolder folder = folder("1MB")) {
            UploadedFile file = folder.next();
            file.receive(new ByteArrayInputStream(new byte[10]));
            assertThat(files()).isEqualTo(1);
            file.close();
            assertThat(files()).isZero();
        }
    }
}
