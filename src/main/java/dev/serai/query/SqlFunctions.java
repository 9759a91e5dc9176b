package dev.serai.query;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.serai.failure.SimilarName;

/** Which of DuckDB's functions a query may call: those of {@code query/functions-allowed.txt}, and no other. */
final class SqlFunctions {
    private static final Set<String> ALLOWED = read();

    private static final String CALL = "call ";
    private static final String FROM = "from ";

    private SqlFunctions() {}

    private static Set<String> read() {
        try (InputStream list = SqlFunctions.class.getResourceAsStream("/query/functions-allowed.txt")) {
            return new String(Objects.requireNonNull(list).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To select from. @param name in lower case */
    static boolean allowedAsTable(String name) {
        return ALLOWED.contains(FROM + name);
    }

    /** In an expression. @param name in lower case */
    static boolean allowed(String name) {
        return ALLOWED.contains(CALL + name);
    }

    /** What was probably meant by the name of a function that cannot be used. */
    static Optional<String> similar(String name) {
        Collection<String> names = ALLOWED.stream()
                .filter(known -> known.startsWith(CALL))
                .map(known -> known.substring(CALL.length()))
                .toList();
        return SimilarName.of(name, names);
    }

    /** All, as in the list. */
    static Set<String> all() {
        return ALLOWED;
    }
}
