package dev.serai.lake;

import java.util.regex.Pattern;

/** Names one table of the lake: a project's dataset, by its id (never its name, which can change). */
public record TableId(String project, String dataset) {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    public TableId {
        if (!SAFE.matcher(project).matches() || !SAFE.matcher(dataset).matches()) {
            throw new IllegalArgumentException("Not usable as a folder's name: " + project + "/" + dataset);
        }
    }
}
