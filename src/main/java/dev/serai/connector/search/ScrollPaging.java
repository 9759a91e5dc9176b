package dev.serai.connector.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;

/** Pages of a scroll, for servers that know no points in time, or not ours; each slice has its own. */
final class ScrollPaging extends Paging {
    private final SearchClient client;
    private final String indices;
    private final ObjectNode body;
    private final Kept scroll;

    ScrollPaging(SearchClient client, String indices, ObjectNode search, int slice, int slices) {
        this.client = client;
        this.indices = indices;
        this.body = search.deepCopy();
        if (!body.has("sort")) {
            body.putArray("sort").add("_doc");
        }
        ObjectNode part = slice(slice, slices);
        if (part != null) {
            body.set("slice", part);
        }
        this.scroll = new Kept(id -> {
            ObjectNode which = JsonNodeFactory.instance.objectNode();
            which.putArray("scroll_id").add(id);
            release(client, "/_search/scroll", which);
        });
    }

    @Override
    HttpUriRequestBase page(int size, @Nullable String after) {
        String kept = seconds(client.settings().keepAlive());
        String id = scroll.id();
        if (id == null) {
            String path = "/" + SearchClient.part(indices) + "/_search?scroll=" + kept + "&" + COMPLETE;
            return client.request("POST", path, body.deepCopy().put("size", size));
        }
        ObjectNode next =
                JsonNodeFactory.instance.objectNode().put("scroll", kept).put("scroll_id", id);
        return client.request("POST", "/_search/scroll", next);
    }

    @Override
    void told(String id) {
        scroll.told(id);
    }

    @Override
    boolean anySize() {
        return false;
    }

    @Override
    void ended() {
        close();
    }

    @Override
    public void close() {
        scroll.close();
    }
}
