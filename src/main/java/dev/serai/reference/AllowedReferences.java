package dev.serai.reference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * One entry of {@code SERAI_REFERENCES}: which references does it allow? {@code *} stands for anything but {@code /},
 * {@code **} for anything.
 */
record AllowedReferences(String source, String glob, Pattern pattern) {
    private static final Logger log = LoggerFactory.getLogger(AllowedReferences.class);
    private static final Pattern WILDCARD = Pattern.compile("\\*\\*|\\*");

    static AllowedReferences of(String entry) {
        SecretReference read = SecretReference.of(entry.strip()).orElseThrow(() -> malformed(entry));
        if (read.source().equals("file") && !read.name().startsWith("/")) {
            throw malformed(entry);
        }
        return new AllowedReferences(read.source(), read.name(), pattern(read.name()));
    }

    boolean allows(SecretReference reference) {
        return reference.source().equals(source)
                && pattern.matcher(reference.name()).matches();
    }

    /** Whether a file may be read whose links have been followed; those in the entry's own folder may be followed too. */
    boolean allowsFile(Path real) {
        if (!source.equals("file")) {
            return false;
        }
        if (pattern.matcher(real.toString()).matches()) {
            return true;
        }
        int wildcard = glob.indexOf('*');
        int end = wildcard < 0 ? glob.length() : glob.lastIndexOf('/', wildcard);
        return realFolder(glob.substring(0, Math.max(1, end)))
                .map(folder -> pattern(folder + glob.substring(end)))
                .filter(followed -> followed.matcher(real.toString()).matches())
                .isPresent();
    }

    private static Optional<Path> realFolder(String folder) {
        try {
            return Optional.of(Path.of(folder).toRealPath());
        } catch (IOException e) {
            log.debug("{} is not there", folder);
            return Optional.empty();
        }
    }

    private static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        int from = 0;
        Matcher wildcards = WILDCARD.matcher(glob);
        while (wildcards.find()) {
            regex.append(Pattern.quote(glob.substring(from, wildcards.start())));
            regex.append(wildcards.group().equals("*") ? "[^/]*" : ".*");
            from = wildcards.end();
        }
        return Pattern.compile(regex.append(Pattern.quote(glob.substring(from))).toString());
    }

    private static FailureException malformed(String entry) {
        return new FailureException(new Failure.Invalid(
                "bad_settings",
                "SERAI_REFERENCES has the entry '" + entry
                        + "', which is none such as env:DB_*, file:/run/secrets/** or hashicorp:secret:**.",
                List.of()));
    }
}
