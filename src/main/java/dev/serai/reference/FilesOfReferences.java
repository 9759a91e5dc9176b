package dev.serai.reference;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What secret does a file hold? Its text without one line break at the end, as {@code echo} and editors leave. */
final class FilesOfReferences {
    private static final Logger log = LoggerFactory.getLogger(FilesOfReferences.class);
    private static final int LARGEST = 64 * 1024;

    private final ReferenceRules rules;

    FilesOfReferences(ReferenceRules rules) {
        this.rules = rules;
    }

    /** Links are followed, as mounted secrets are links, but only to where the setting allows. */
    String read(SecretReference reference) {
        Path real;
        try {
            real = Path.of(reference.name()).toRealPath();
        } catch (IOException e) {
            throw Unresolved.of(reference, "there is no such file, or Serai may not look there", e);
        }
        if (!rules.allowsFile(real)) {
            throw Unresolved.of(reference, "it leads to a file that the setting SERAI_REFERENCES does not allow", null);
        }
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw Unresolved.of(reference, "it is no regular file", null);
        }
        try (InputStream content = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = content.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw Unresolved.of(reference, "the file has more than " + LARGEST + " bytes", null);
            }
            return withoutLineBreak(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw Unresolved.of(reference, "the file is not text in UTF-8", null);
        } catch (IOException e) {
            throw Unresolved.of(reference, "Serai may not read the file", e);
        }
    }

    /** The folder with its links followed; as it is where it cannot be looked at. */
    static Path followed(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            log.debug("{} is not there yet", folder);
            return folder;
        }
    }

    private static String withoutLineBreak(String text) {
        String cut = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return cut.endsWith("\r") && !cut.equals(text) ? cut.substring(0, cut.length() - 1) : cut;
    }
}
