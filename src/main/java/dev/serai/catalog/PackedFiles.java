package dev.serai.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Which files come packed with Serai? */
public final class PackedFiles {
    private PackedFiles() {}

    /** The texts of a packed folder's files by name, sorted. */
    public static Map<String, String> in(String folder, String suffix) {
        Map<String, String> texts = new TreeMap<>();
        try {
            for (Resource file :
                    new PathMatchingResourcePatternResolver().getResources("classpath*:" + folder + "/*" + suffix)) {
                String name = file.getFilename();
                if (name != null) {
                    texts.putIfAbsent(name, file.getContentAsString(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the packed folder " + folder, e);
        }
        return texts;
    }
}
