package dev.serai.connector.search;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;

/** Pages of a point in time, one after the last hit of the other; several slices share it. */
final class PointInTimePaging extends Paging {
    private final SearchClient client;
    private final Kept pit;
    private final ObjectNode body;
    private final AtomicInteger slicesLeft;

    private PointInTimePaging(SearchClient client, Kept pit, ObjectNode body, AtomicInteger slicesLeft) {
        this.slicesLeft = slicesLeft;
        this.client = client;
        this.pit = pit;
        this.body = body;
    }

    /** Fixes what will be read. */
    static Kept open(SearchClient client, String indices) {
        Kept pit = new Kept(id ->
                release(client, "/_pit", JsonNodeFactory.instance.objectNode().put("id", id)));
        String path = "/" + SearchClient.part(indices) + "/_pit?keep_alive="
                + seconds(client.settings().keepAlive());
        String id = client.call("POST", path, null, client.settings().readTimeout())
                .path("id")
                .asText("");
        if (id.isEmpty()) {
            throw SearchFailures.unreadable(null);
        }
        pit.told(id);
        return pit;
    }

    /** @param search the body of the search, without what pages need */
    static List<Paging> of(SearchClient client, Kept pit, ObjectNode search, int slices) {
        AtomicInteger left = new AtomicInteger(slices);
        List<Paging> pagings = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
            pagings.add(of(client, pit, search, slice, slices, left));
        }
        return pagings;
    }

    private static PointInTimePaging of(
            SearchClient client, Kept pit, ObjectNode search, int slice, int slices, AtomicInteger left) {
        ObjectNode body = search.deepCopy().put("track_total_hits", false);
        if (!body.has("sort")) {
            body.putArray("sort").add("_shard_doc");
        }
        ObjectNode part = slice(slice, slices);
        if (part != null) {
            body.set("slice", part);
        }
        return new PointInTimePaging(client, pit, body, left);
    }

    @Override
    HttpUriRequestBase page(int size, @Nullable String after) {
        ObjectNode page = body.deepCopy().put("size", size);
        page.putObject("pit")
                .put("id", pit.id())
                .put("keep_alive", seconds(client.settings().keepAlive()));
        if (after != null) {
            page.putRawValue("search_after", new RawValue(after));
        }
        return client.request("POST", "/_search?" + COMPLETE, page);
    }

    @Override
    void told(String id) {
        pit.told(id);
    }

    @Override
    boolean anySize() {
        return true;
    }

    @Override
    void ended() {
        if (slicesLeft.decrementAndGet() == 0) {
            close();
        }
    }

    @Override
    public void close() {
        pit.close();
    }
}
