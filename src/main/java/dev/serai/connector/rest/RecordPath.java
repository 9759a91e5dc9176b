package dev.serai.connector.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in an answer is something? What can be told while the answer streams by: names, indexes and {@code [*]}, as
 * JSONPath ({@code $.data.items[*]}) or as a JSON pointer ({@code /data/items}).
 *
 * @param steps names or indexes; {@link #ANY} for every element
 */
record RecordPath(List<String> steps) {
    static final String ANY = "\0*";

    private static final Pattern STEP = Pattern.compile(
            "\\.([\\p{L}_$@#:][\\p{L}\\p{N}_$@#:-]*)|\\[(\\d{1,9})]|\\[\\*]|\\.\\*|\\['((?:[^'\\\\]|\\\\.)*)']|\\[\"((?:[^\"\\\\]|\\\\.)*)\"]");

    RecordPath {
        steps = List.copyOf(steps);
    }

    /** @throws IllegalArgumentException with words for the user where it needs all of the answer at once, or is no path */
    static RecordPath of(String text) {
        if (text.isEmpty() || text.equals("$")) {
            return new RecordPath(List.of());
        }
        return text.startsWith("/") ? pointer(text) : path(text);
    }

    private static RecordPath pointer(String text) {
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(1).split("/", -1)) {
            steps.add(step.equals("*") ? ANY : step.replace("~1", "/").replace("~0", "~"));
        }
        return new RecordPath(steps);
    }

    private static RecordPath path(String text) {
        String rest = text.startsWith("$") ? text.substring(1) : "." + text;
        if (rest.contains("..") || rest.contains("?(") || rest.contains("[?") || rest.contains("[-")) {
            throw new IllegalArgumentException(
                    "must be a path that can be followed while the answer streams by: names, indexes and [*]; no '..', filters or"
                            + " places counted from the end");
        }
        Matcher step = STEP.matcher(rest);
        List<String> steps = new ArrayList<>();
        int place = 0;
        while (place < rest.length()) {
            if (!step.find(place) || step.start() != place) {
                throw new IllegalArgumentException(
                        "must be a path such as $.data.items[*] or a JSON pointer such as /data/items");
            }
            steps.add(name(step));
            place = step.end();
        }
        return new RecordPath(steps);
    }

    private static String name(Matcher step) {
        for (int group = 1; group <= step.groupCount(); group++) {
            String name = step.group(group);
            if (name != null) {
                return group < 3 ? name : name.replaceAll("\\\\(.)", "$1");
            }
        }
        return ANY;
    }

    /** Without a last {@code [*]}: a list stands for its elements anyhow. */
    RecordPath list() {
        int last = steps.size() - 1;
        return last >= 0 && steps.get(last).equals(ANY) ? new RecordPath(steps.subList(0, last)) : this;
    }

    /** @param at names and indexes from the outside in */
    boolean isAt(List<String> at) {
        return at.size() == steps.size() && holds(at);
    }

    /** Whether it leads to or through there. */
    boolean passes(List<String> at) {
        return at.size() <= steps.size() && holds(at);
    }

    private boolean holds(List<String> at) {
        for (int i = 0; i < at.size(); i++) {
            if (!steps.get(i).equals(ANY) && !steps.get(i).equals(at.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("$");
        steps.forEach(step -> text.append(step.equals(ANY) ? "[*]" : "." + step));
        return text.toString();
    }
}
