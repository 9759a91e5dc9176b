package dev.serai.upload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.stereotype.Component;

import dev.serai.rows.SpillFolder;
import dev.serai.settings.SeraiSettings;

/** Where uploaded files lie until their rows are a dataset's. What a process left that is gone is removed at the start. */
@Component
public class UploadFolder implements AutoCloseable {
    private final SpillFolder folder;
    private final long largest;

    UploadFolder(SeraiSettings settings) throws IOException {
        this.folder = SpillFolder.below(settings.dataDir().toAbsolutePath().resolve("uploads"));
        this.largest = settings.maxUpload().toBytes();
    }

    /** In bytes, of one uploaded file. */
    public long largest() {
        return largest;
    }

    /** An empty folder for one file. */
    public UploadedFile next() throws IOException {
        Path own = Files.createTempDirectory(folder.folder("files"), "file");
        return new UploadedFile(own, largest);
    }

    @Override
    public void close() throws IOException {
        folder.remove();
    }
}
