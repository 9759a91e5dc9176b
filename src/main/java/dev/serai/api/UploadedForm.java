package dev.serai.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.MultipartStream;
import org.apache.tomcat.util.http.fileupload.impl.FileUploadIOException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.upload.UploadedFile;

/** A body of multipart while it comes: its file goes to the disk piece by piece, its fields are short. */
final class UploadedForm {
    /** In bytes; there may be ten thousand columns. */
    private static final int LONGEST_FIELD = 1 << 20;
    /** What a body may have besides its file. */
    private static final long FRAME = 2L << 20;

    private final HttpServletRequest request;

    private UploadedForm(HttpServletRequest request) {
        this.request = request;
    }

    /** Null where the body is of another kind. */
    static @Nullable UploadedForm of(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")
                ? new UploadedForm(request)
                : null;
    }

    /**
     * Reads it, once, and gives the fields.
     *
     * @param largest of the file, in bytes; a body that says it is longer is not read at all
     * @param known the names that fields may have
     */
    Map<String, String> read(UploadedFile file, long largest, Set<String> known) throws IOException {
        if (request.getContentLengthLong() > largest + FRAME) {
            throw new FailureException(new Failure.TooLarge("A file must not be larger than " + largest + " bytes."));
        }
        Map<String, String> fields = new HashMap<>();
        boolean received = false;
        try {
            FileItemIterator parts = new FileUpload().getItemIterator(new ServletRequestContext(request));
            while (parts.hasNext()) {
                FileItemStream part = parts.next();
                String name = String.valueOf(part.getFieldName());
                if (name.equals("file") && !received) {
                    file.receive(part.openStream());
                    received = true;
                } else if (!known.contains(name) || fields.containsKey(name)) {
                    throw new FailureException(Failure.Invalid.of("/" + name, "is not known here, or is given twice"));
                } else {
                    fields.put(name, field(part, name));
                }
            }
        } catch (FileUploadException | FileUploadIOException | MultipartStream.MalformedStreamException e) {
            throw new FailureException(
                    new Failure.Unreadable("bad_form", "The body is no whole multipart/form-data.", null), e);
        }
        if (!received) {
            throw new FailureException(Failure.Invalid.of("/file", "is required"));
        }
        return fields;
    }

    private static String field(FileItemStream part, String name) throws IOException {
        try (InputStream in = part.openStream()) {
            byte[] bytes = in.readNBytes(LONGEST_FIELD + 1);
            if (bytes.length > LONGEST_FIELD) {
                throw new FailureException(
                        Failure.Invalid.of("/" + name, "must have at most " + LONGEST_FIELD + " bytes"));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
