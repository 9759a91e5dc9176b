package dev.serai.connector.document;

import java.util.ArrayList;
import java.util.List;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What is to be asked of the server, as camel-mongodb's headers name it; it was checked to only read.
 *
 * @param criteria of a find
 * @param limit null for all
 * @param pipeline null for a find
 * @param columns of the answer, in this order; empty for all that come
 * @param key columns that tell documents apart
 */
public record MongoQuestion(
        String database,
        String collection,
        Document criteria,
        @Nullable Document projection,
        @Nullable Document sort,
        int skip,
        @Nullable Integer limit,
        @Nullable List<Document> pipeline,
        List<String> columns,
        List<String> key) {

    public MongoQuestion {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    MongoQuestion withoutKey() {
        return new MongoQuestion(
                database, collection, criteria, projection, sort, skip, limit, pipeline, columns, List.of());
    }

    /** Whether nothing is wanted; to MongoDB a limit of 0 means all. */
    boolean isForNothing() {
        return limit != null && limit == 0;
    }

    /** The name of camel-mongodb's operation. */
    public String operation() {
        return pipeline == null ? "findAll" : "aggregate";
    }

    /** For what a pipeline sorts and groups; null for a find, where servers before 4.4 refuse the word. */
    public @Nullable Boolean allowDiskUse() {
        return pipeline == null ? null : Boolean.TRUE;
    }

    /** The pipeline, ended by the limit. */
    public List<Document> stages() {
        List<Document> stages = pipeline == null ? new ArrayList<>() : new ArrayList<>(pipeline);
        if (limit != null) {
            stages.add(new Document("$limit", Math.max(1, limit)));
        }
        return stages;
    }
}
