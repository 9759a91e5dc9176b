package dev.serai.connector.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.FailureException;
import dev.serai.rows.RowSource;
import dev.serai.rows.TextSource;

/** Reads all documents of a search page by page, from a state of the index that is fixed when it begins. */
final class SearchReading {
    private static final int SCROLLED_AT_ONCE = 500;

    /** Documents are packed in the index. */
    private static final int UNPACKED = 3;

    private final SearchClient client;

    SearchReading(SearchClient client) {
        this.client = client;
    }

    /**
     * @param search its body, without what pages need
     * @param asked the columns there are to be; empty for all
     */
    RowSource open(
            String indices, SearchMapping mapping, ObjectNode search, List<String> asked, long most, int slices) {
        SearchServer server = SearchServer.of(client);
        boolean points = slices > 1 ? server.slicesPointsInTime() : server.hasPointsInTime();
        List<Paging> pagings = points ? points(indices, search, slices) : List.of();
        if (pagings.isEmpty()) {
            pagings = scrolls(indices, search, slices);
        }
        List<SeenFields> seen = new ArrayList<>();
        List<HitReader> readers = new ArrayList<>();
        try {
            for (Paging paging : pagings) {
                SeenFields slice = new SeenFields();
                seen.add(slice);
                readers.add(new HitReader(
                        client,
                        paging,
                        new HitWriter(mapping, asked, slice),
                        most,
                        paging.anySize() ? 0 : scrolledAtOnce(indices),
                        client.settings().terms().answerTimeout()));
                if (!points) {
                    // What a scroll reads is fixed by its first page.
                    readers.get(readers.size() - 1).opened();
                }
            }
        } catch (IOException e) {
            readers.forEach(HitReader::close);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            readers.forEach(HitReader::close);
            pagings.forEach(Paging::close);
            throw e;
        }
        HitColumns columns = new HitColumns(mapping, asked, seen);
        boolean withKey = asked.isEmpty() || asked.containsAll(mapping.key());
        return new TextSource(
                TextSource.Format.NDJSON, new HitText(readers), columns, withKey ? mapping.key() : List.of());
    }

    /** None where the server turns out to know no points in time, as some hosted ones do. */
    private List<Paging> points(String indices, ObjectNode search, int slices) {
        try {
            return PointInTimePaging.of(client, PointInTimePaging.open(client, indices), search, slices);
        } catch (FailureException e) {
            boolean unknown = SearchRefusal.in(e)
                    .filter(refusal -> refusal.status() == 405 || refusal.status() == 400 || refusal.status() == 403)
                    .isPresent();
            if (!unknown) {
                throw e;
            }
            return List.of();
        }
    }

    private List<Paging> scrolls(String indices, ObjectNode search, int slices) {
        List<Paging> pagings = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
            pagings.add(new ScrollPaging(client, indices, search, slice, slices));
        }
        return pagings;
    }

    /** All pages of a scroll are of one size, so what the documents of the index take on disk has to tell it. */
    private int scrolledAtOnce(String indices) {
        try {
            JsonNode all = client.get("/" + SearchClient.part(indices) + "/_stats/store,docs")
                    .path("_all")
                    .path("primaries");
            long documents = all.path("docs").path("count").asLong();
            long bytes = UNPACKED * all.path("store").path("size_in_bytes").asLong();
            return documents == 0 || bytes == 0
                    ? SCROLLED_AT_ONCE
                    : (int) Math.max(1, Math.min(10_000, client.settings().pageBytes() * documents / bytes));
        } catch (FailureException e) {
            // Who may not look at it can read even so.
            return SCROLLED_AT_ONCE;
        }
    }
}
