package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * Where do tests put files that a {@code @TempDir} would delete too early? Servers and Spring contexts use theirs up to the
 * end of the JVM, so a JVM's folders are deleted by the next one that makes any.
 */
public final class TestFolder {
    private static final Path ALL = Path.of(System.getProperty("java.io.tmpdir"), "serai-tests");
    private static final Path OURS =
            ALL.resolve(String.valueOf(ProcessHandle.current().pid()));

    static {
        try {
            Files.createDirectories(OURS);
            deleteThoseOfTheDead();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestFolder() {}

    public static Path create(String prefix) {
        try {
            return Files.createTempDirectory(OURS, prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteThoseOfTheDead() throws IOException {
        try (Stream<Path> folders = Files.list(ALL)) {
            for (Path folder : folders.filter(TestFolder::isOfTheDead).toList()) {
                // Another JVM may be deleting it as well.
                FileSystemUtils.deleteRecursively(folder.toFile());
            }
        }
    }

    private static boolean isOfTheDead(Path folder) {
        return ProcessHandle.of(Long.parseLong(folder.getFileName().toString())).isEmpty();
    }
}
