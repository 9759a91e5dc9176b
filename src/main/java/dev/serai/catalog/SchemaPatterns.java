package dev.serai.catalog;

import java.util.regex.Pattern;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * What does a JSON Schema's {@code pattern} match? As in JavaScript, whose regular expressions they are, {@code $} is the
 * end of the text and nothing else. Java's also stands before a line break there, so that {@code ^[a-z]+$} would let one
 * through: into a header, a URL, a command.
 */
public final class SchemaPatterns implements RegularExpressionFactory {
    @Override
    public RegularExpression getRegularExpression(String regex) {
        Pattern pattern = Pattern.compile(java(regex));
        return text -> pattern.matcher(text).find();
    }

    private static String java(String regex) {
        StringBuilder java = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\' && i + 1 < regex.length()) {
                java.append(c).append(regex.charAt(++i));
            } else if (c == '$' && !inClass) {
                java.append("\\z");
            } else {
                inClass = c == '[' || inClass && c != ']';
                java.append(c);
            }
        }
        return java.toString();
    }
}
