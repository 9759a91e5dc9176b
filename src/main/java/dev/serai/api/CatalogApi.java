package dev.serai.api;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

import dev.serai.catalog.ActionType;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.ConfigValidator;
import dev.serai.catalog.ConnectorType;
import dev.serai.connector.Connectors;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

/** The connector types there are, and whether a config fits one. */
@Component
public class CatalogApi {
    private final Catalog catalog;
    private final ConfigValidator validator;
    private final Connectors connectors;

    CatalogApi(Catalog catalog, ConfigValidator validator, Connectors connectors) {
        this.catalog = catalog;
        this.validator = validator;
        this.connectors = connectors;
    }

    record TypeView(
            String type,
            String title,
            String description,
            String category,
            boolean isQueryable,
            List<String> aliases,
            String icon,
            List<String> capabilities,
            List<ActionType> actions,
            @Nullable String verifiedAgainst,
            JsonNode configSchema) {
        static TypeView of(ConnectorType type) {
            return new TypeView(
                    type.type(),
                    type.title(),
                    type.description(),
                    type.category(),
                    type.queryable(),
                    type.aliases(),
                    type.icon(),
                    List.copyOf(type.capabilities()),
                    type.actions(),
                    type.verifiedAgainst(),
                    type.configSchema());
        }
    }

    record Items(List<?> items) {}

    record ValidatedView(int errorCount, List<Fault> errors, ObjectNode config) {
        /** Without the config. */
        @Override
        public String toString() {
            return "ValidatedView[errors=" + errors + "]";
        }
    }

    public Answer list(Call call) {
        return unlessKnown(
                call,
                () -> new Items(catalog.types().stream()
                        .filter(type -> call.param("category")
                                .map(type.category()::equals)
                                .orElse(true))
                        .filter(type -> call.flag("queryable")
                                .map(wanted -> wanted == type.queryable())
                                .orElse(true))
                        .map(TypeView::of)
                        .toList()));
    }

    public Answer get(Call call) {
        ConnectorType type = type(call);
        return unlessKnown(call, () -> TypeView.of(type));
    }

    public Answer problems(Call call) {
        return Answer.ok(new Items(catalog.problems()));
    }

    public Answer validate(Call call) {
        ConnectorType type = type(call);
        ObjectNode config = (ObjectNode) call.body().path("config");
        ConfigValidator.Validated validated = validator.validate(type, config);
        Map<String, Fault> first = new TreeMap<>();
        Stream.concat(
                        validated.errors().stream()
                                .map(fault -> new Fault("/config" + fault.pointer(), fault.message())),
                        connectors.destinationFaults(type, validated.config()).stream())
                .forEach(fault -> first.putIfAbsent(fault.pointer(), fault));
        List<Fault> errors = List.copyOf(first.values());
        return Answer.ok(new ValidatedView(errors.size(), errors, validator.mask(type, validated.config())));
    }

    private ConnectorType type(Call call) {
        return catalog.find(call.part("type"))
                .orElseThrow(() -> new FailureException(new Failure.Missing("There is no such connector type.")));
    }

    private Answer unlessKnown(Call call, Supplier<Object> body) {
        String etag = "\"" + catalog.etag() + "\"";
        Set<String> known = etags(call.headers());
        Answer answer = known.contains(etag) || known.contains("*") ? Answer.empty(304) : Answer.ok(body.get());
        return answer.with(HttpHeaders.ETAG, etag).with(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    }

    /** Those of {@code If-None-Match}; weak ones compare as strong ones there. */
    private static Set<String> etags(Map<String, String> headers) {
        return new HashSet<>(Arrays.asList(headers.getOrDefault(HttpHeaders.IF_NONE_MATCH, "")
                .replace("W/", "")
                .split("\\s*,\\s*")));
    }
}
