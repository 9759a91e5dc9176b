package dev.serai.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;

/** What Delta Kernel needs of a file system, on local disks. */
final class LocalFiles implements FileIO {

    /** Kernel gives a path as it got it from us, or as a file URI. */
    static Path path(String path) {
        return Path.of(path.replaceFirst("^file:(//)?", ""));
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
        Path from = path(filePath);
        String first = String.valueOf(from.getFileName());
        Path folder = Durable.folderOf(from);
        List<FileStatus> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.filter(
                            file -> file.getFileName().toString().compareTo(first) >= 0)
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
            for (Path file : sorted) {
                add(file, found);
            }
        } catch (NoSuchFileException e) {
            throw notFound(filePath, e);
        }
        return Utils.toCloseableIterator(found.iterator());
    }

    private static void add(Path file, List<FileStatus> found) throws IOException {
        try {
            found.add(status(file));
        } catch (NoSuchFileException e) {
            // A temporary file that its writer has just given its name or removed: never part of a listing.
            return;
        }
    }

    private static FileStatus status(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return FileStatus.of(
                file.toString(),
                attributes.size(),
                attributes.lastModifiedTime().toMillis());
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        try {
            return status(path(path));
        } catch (NoSuchFileException e) {
            throw notFound(path, e);
        }
    }

    private static FileNotFoundException notFound(String path, NoSuchFileException cause) {
        FileNotFoundException notFound = new FileNotFoundException(path);
        notFound.initCause(cause);
        return notFound;
    }

    @Override
    public String resolvePath(String path) {
        return path(path).toAbsolutePath().normalize().toString();
    }

    @Override
    public boolean mkdirs(String path) throws IOException {
        Path folder = Files.createDirectories(path(path));
        Durable.syncFolder(Durable.folderOf(folder));
        return true;
    }

    @Override
    public InputFile newInputFile(String path, long fileSize) {
        return new LocalInputFile(path(path));
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return new LocalOutputFile(path(path));
    }

    @Override
    public boolean delete(String path) throws IOException {
        return Files.deleteIfExists(path(path));
    }

    @Override
    public Optional<String> getConf(String key) {
        return Optional.empty();
    }

    @Override
    public void copyFileAtomically(String from, String to, boolean overwrite) throws IOException {
        Path target = path(to);
        Path copy = temporary(target);
        try {
            Files.copy(path(from), copy);
            finish(copy, target, overwrite);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** A name next to a file for as long as it is being written; never listed as part of a table. */
    static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    private static void finish(Path finished, Path target, boolean overwrite) throws IOException {
        if (overwrite) {
            Durable.replace(finished, target);
        } else {
            Durable.publish(finished, target);
        }
    }

    private record LocalOutputFile(Path file) implements OutputFile {
        @Override
        public String path() {
            return file.toString();
        }

        @Override
        public PositionOutputStream create(boolean atomicWrite) {
            throw new UnsupportedOperationException("Parquet files are written by DuckDB");
        }

        @Override
        public void writeAtomically(CloseableIterator<String> lines, boolean overwrite) throws IOException {
            if (!overwrite && Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            Path written = temporary(file);
            try (lines) {
                try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(written))) {
                    while (lines.hasNext()) {
                        out.write(lines.next().getBytes(StandardCharsets.UTF_8));
                        out.write('\n');
                    }
                }
                finish(written, file, overwrite);
            } finally {
                Files.deleteIfExists(written);
            }
        }
    }
}
