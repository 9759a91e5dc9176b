package dev.serai.extending;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The worked examples of docs/extending.md, so that what is written there is what is tested. */
final class Examples {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml (\\S+)\\n(.*?)^```$");

    private Examples() {}

    static String of(String file) {
        try {
            Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/extending.md")));
            while (blocks.find()) {
                if (blocks.group(1).equals(file)) {
                    return blocks.group(2);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("docs/extending.md has no example " + file);
    }
}
