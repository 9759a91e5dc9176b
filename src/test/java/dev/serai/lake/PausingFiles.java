package dev.serai.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;

import dev.serai.settings.SeraiSettings;

/** The local disk, that does something just before a commit's file gets its name, and just after. */
public final class PausingFiles implements FileIO {
    private static final Pattern COMMIT = Pattern.compile(".*/_delta_log/\\d{20}\\.json");

    private final LocalFiles files = new LocalFiles();
    private final Runnable before;
    private final Runnable after;

    private PausingFiles(Runnable before, Runnable after) {
        this.before = before;
        this.after = after;
    }

    /** A lake whose commits wait for these. */
    public static Lake lake(SeraiSettings settings, Runnable before, Runnable after) {
        return new Lake(settings, new PausingFiles(before, after));
    }

    @Override
    public OutputFile newOutputFile(String path) {
        OutputFile file = files.newOutputFile(path);
        return COMMIT.matcher(path).matches() ? new Commit(file) : file;
    }

    private final class Commit implements OutputFile {
        private final OutputFile file;

        private Commit(OutputFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public PositionOutputStream create(boolean atomicWrite) throws IOException {
            return file.create(atomicWrite);
        }

        @Override
        public void writeAtomically(CloseableIterator<String> lines, boolean overwrite) throws IOException {
            before.run();
            file.writeAtomically(lines, overwrite);
            after.run();
        }
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException, FileNotFoundException {
        return files.listFrom(path);
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        return files.getFileStatus(path);
    }

    @Override
    public String resolvePath(String path) throws IOException {
        return files.resolvePath(path);
    }

    @Override
    public boolean mkdirs(String path) throws IOException {
        return files.mkdirs(path);
    }

    @Override
    public InputFile newInputFile(String path, long size) {
        return files.newInputFile(path, size);
    }

    @Override
    public boolean delete(String path) throws IOException {
        return files.delete(path);
    }

    @Override
    public Optional<String> getConf(String key) {
        return files.getConf(key);
    }

    @Override
    public void copyFileAtomically(String from, String to, boolean overwrite) throws IOException {
        files.copyFileAtomically(from, to, overwrite);
    }
}
