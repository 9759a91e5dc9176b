package dev.serai.connector.search;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serai.failure.Failure.Layer;

/** Who answers, and what of the API does it know? Told by {@code GET /}. */
record SearchServer(boolean openSearch, int major, int minor) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\..*");

    static SearchServer of(SearchClient client) {
        JsonNode version = client.get("/").path("version");
        Matcher number = VERSION.matcher(version.path("number").asText(""));
        if (!number.matches()) {
            throw SearchFailures.unreadable(null);
        }
        SearchServer server = new SearchServer(
                version.path("distribution").asText("").equals("opensearch"),
                Integer.parseInt(number.group(1)),
                Integer.parseInt(number.group(2)));
        if (!server.openSearch() && !server.since(7, 10)) {
            throw SearchFailures.exception(
                    Layer.READ,
                    "rejected",
                    "The server is older than Elasticsearch 7.10, which cannot be read from.",
                    false);
        }
        return server;
    }

    /** Whether its points in time can be read in the order of the shards, which costs it nothing. */
    boolean hasPointsInTime() {
        return !openSearch && since(7, 12);
    }

    /** Whether a point in time can be read in slices. */
    boolean slicesPointsInTime() {
        return !openSearch && since(7, 15);
    }

    private boolean since(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
