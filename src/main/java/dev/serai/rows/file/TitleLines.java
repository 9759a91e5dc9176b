package dev.serai.rows.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How many lines at a text's start are titles, and no values? Only such with one value at most, before a line that is full
 * of words, as names of columns are, and of which most lines behind have the width: a row of values is no title.
 *
 * @param delimiter of the lines behind; null where there are no titles
 */
record TitleLines(int count, @Nullable String delimiter) {
    private static final int HEAD = 1 << 16;
    private static final int MOST = 20;
    private static final String NUMBER = "[-+]?[0-9][0-9.,:/ -]*";

    /** @param given the delimiter, where somebody said it */
    static TitleLines of(Path text, @Nullable String given) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(text)) {
            head = in.readNBytes(HEAD);
        }
        String start = new String(head, StandardCharsets.UTF_8);
        List<String> lines = start.replaceFirst("^\uFEFF", "").lines().toList();
        // The last line may be cut.
        List<String> whole = head.length < HEAD ? lines : lines.subList(0, lines.size() - 1);
        for (String one : given == null ? List.of(",", ";", "\t", "|") : List.of(given)) {
            int count = titles(whole, one);
            if (count > 0) {
                return new TitleLines(count, one);
            }
        }
        return new TitleLines(0, null);
    }

    private static int titles(List<String> lines, String delimiter) {
        int count = 0;
        boolean any = false;
        while (count < lines.size() && count <= MOST && values(lines.get(count), delimiter) < 2) {
            any |= values(lines.get(count), delimiter) == 1;
            count++;
        }
        if (!any || count > MOST || count >= lines.size() - 1) {
            return 0;
        }
        String[] names = lines.get(count).split(Pattern.quote(delimiter), -1);
        for (String name : names) {
            if (name.isBlank() || name.strip().matches(NUMBER)) {
                return 0;
            }
        }
        List<String> behind = lines.subList(count + 1, lines.size());
        long asWide = behind.stream()
                .filter(line -> line.isBlank() || width(line, delimiter) == names.length)
                .count();
        return asWide * 3 >= behind.size() * 2L ? count : 0;
    }

    /** How many values of a line are not empty. */
    private static int values(String line, String delimiter) {
        int count = 0;
        for (String one : line.split(Pattern.quote(delimiter), -1)) {
            count += one.isBlank() ? 0 : 1;
        }
        return count;
    }

    private static int width(String line, String delimiter) {
        boolean quoted = false;
        int width = 1;
        for (int i = 0; i < line.length(); i++) {
            quoted ^= line.charAt(i) == '"';
            width += !quoted && line.charAt(i) == delimiter.charAt(0) ? 1 : 0;
        }
        return width;
    }
}
