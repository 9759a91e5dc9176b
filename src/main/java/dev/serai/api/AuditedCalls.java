package dev.serai.api;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.audit.QueryText;
import dev.serai.metadata.Json;

/** Which calls does the audit tell of, as what, and what of them? Names and masked queries, never rows or parameters. */
final class AuditedCalls {
    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("login", "login"),
            Map.entry("mintToken", "token.mint"),
            Map.entry("revokeToken", "token.revoke"),
            Map.entry("rotate", "secrets.rotate"),
            Map.entry("backupMetadata", "metadata.backup"),
            Map.entry("createConnector", "connector.create"),
            Map.entry("bootstrapConnector", "connector.create"),
            Map.entry("patchConnector", "connector.change"),
            Map.entry("deleteConnector", "connector.delete"),
            Map.entry("testConnector", "connector.test"),
            Map.entry("testUnsavedConnector", "connector.test"),
            Map.entry("previewModel", "connector.preview"),
            Map.entry("queryConnector", "connector.query"),
            Map.entry("syncConnector", "sync.start"),
            Map.entry("uploadToConnector", "upload.start"),
            Map.entry("syncDataset", "sync.start"),
            Map.entry("cancelRun", "sync.cancel"),
            Map.entry("createDataset", "dataset.create"),
            Map.entry("patchDataset", "dataset.change"),
            Map.entry("deleteDataset", "dataset.delete"),
            Map.entry("setWatermark", "dataset.watermark"),
            Map.entry("readRows", "dataset.read"),
            Map.entry("query", "dataset.query"),
            Map.entry("listAudit", "audit.read"));

    /** Those that change nothing: what they did is noted when they have answered. The others note it with the change. */
    private static final Set<String> READS = Set.of(
            "login",
            "backupMetadata",
            "testConnector",
            "testUnsavedConnector",
            "previewModel",
            "queryConnector",
            "readRows",
            "query",
            "listAudit");

    private AuditedCalls() {}

    static Optional<String> action(String operation) {
        return Optional.ofNullable(ACTIONS.get(operation));
    }

    static boolean isRead(String operation) {
        return READS.contains(operation);
    }

    static boolean isOfConnector(String operation) {
        return operation.endsWith("Connector") || operation.equals("previewModel");
    }

    static ObjectNode details(Call call) {
        ObjectNode details = Json.newObject();
        switch (call.operation()) {
            case "query" ->
                details.put("sql", QueryText.ofSql(call.body().path("sql").asText()));
            case "queryConnector" -> {
                for (String language : new String[] {"sql", "query"}) {
                    if (call.body().has(language)) {
                        details.put(
                                language,
                                QueryText.ofSource(call.body().path(language).asText()));
                    }
                }
            }
            case "previewModel" -> details.put("model", call.part("model"));
            case "readRows" -> {
                call.param("columns").ifPresent(columns -> details.put("columns", columns));
                call.param("version").ifPresent(version -> details.put("version", version));
            }
            case "testConnector", "testUnsavedConnector", "patchConnector", "patchDataset" -> fields(call, details);
            case "createConnector", "bootstrapConnector" ->
                details.put("type", call.body().path("type").asText());
            default -> {}
        }
        return details;
    }

    /** What was asked to be another. */
    private static void fields(Call call, ObjectNode details) {
        if (call.object().has("type")) {
            details.put("type", call.object().path("type").asText());
        }
        JsonNode config = call.object().path("config");
        var fields = details.putArray("fields");
        config.fieldNames().forEachRemaining(name -> fields.add("config." + name));
        call.object().fieldNames().forEachRemaining(name -> {
            if (!name.equals("config") && !name.equals("type")) {
                fields.add(name);
            }
        });
    }
}
