package dev.serai.connector.rest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.stereotype.Component;

import dev.serai.connector.ConfigRule;
import dev.serai.failure.Fault;

/** Do the parts of a config of {@code api_rest} go together? Told before anybody is called. */
@Component
public final class RestConfigRule implements ConfigRule {
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Set<String> OURS = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "accept-encoding",
            "te",
            "upgrade");
    private static final Map<String, List<String>> NEEDED = Map.of(
            "basic", List.of("username"),
            "bearer", List.of("token"),
            "api_key", List.of("api_key", "api_key_name"),
            "oauth2_client_credentials", List.of("token_url", "client_id", "client_secret"));

    @Override
    public List<Fault> faults(String type, ObjectNode config) {
        List<Fault> faults = new ArrayList<>();
        if (!type.equals("api_rest")) {
            return faults;
        }
        String auth = config.path("auth").asText("none");
        NEEDED.getOrDefault(auth, List.of()).stream()
                .filter(name -> !config.hasNonNull(name))
                .forEach(name -> faults.add(new Fault("/" + name, "is required with auth " + auth)));
        String keyName = config.path("api_key_name").asText("");
        if (config.path("api_key_in").asText("header").equals("header")
                && !keyName.isEmpty()
                && !HEADER.matcher(keyName).matches()) {
            faults.add(new Fault("/api_key_name", "must be the name of a header"));
        }
        if (config.path("base_url").asText("").matches(".*[?#].*")) {
            faults.add(new Fault("/base_url", "must have no parameters; give them to the endpoints"));
        }
        headers(config.path("headers"), "/headers", faults);
        path(config.path("test_path"), "/test_path", faults);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < config.path("endpoints").size(); i++) {
            JsonNode endpoint = config.path("endpoints").path(i);
            String at = "/endpoints/" + i;
            if (!names.add(endpoint.path("name").asText())) {
                faults.add(new Fault(at + "/name", "is the name of another endpoint, too"));
            }
            endpoint(endpoint, at, faults);
        }
        return faults;
    }

    private static void endpoint(JsonNode endpoint, String at, List<Fault> faults) {
        path(endpoint.path("path"), at + "/path", faults);
        headers(endpoint.path("headers"), at + "/headers", faults);
        records(endpoint.path("records"), at + "/records", faults);
        boolean post = endpoint.path("method").asText("GET").equals("POST");
        if (endpoint.has("body") && !post) {
            faults.add(new Fault(at + "/body", "is for the method POST only"));
        }
        if (endpoint.path("watermark_in").asText("").equals("body") && !post) {
            faults.add(new Fault(at + "/watermark_in", "is for the method POST only"));
        }
        if (endpoint.hasNonNull("watermark_format")) {
            try {
                Watermark.check(endpoint.path("watermark_format").asText());
            } catch (IllegalArgumentException e) {
                faults.add(new Fault(at + "/watermark_format", String.valueOf(e.getMessage())));
            }
        }
        JsonNode paging = endpoint.path("pagination");
        String inside = at + "/pagination";
        for (String name : List.of("cursor", "has_more", "next")) {
            records(paging.path(name), inside + "/" + name, faults);
        }
        String kind = paging.path("type").asText("none");
        if (kind.equals("cursor")) {
            long places = List.of("cursor", "cursor_header", "cursor_record").stream()
                    .filter(paging::hasNonNull)
                    .count();
            if (places != 1) {
                faults.add(new Fault(
                        inside, "must say by one of cursor, cursor_header, cursor_record where the cursor is"));
            }
        }
        if (kind.equals("next_url") && !paging.hasNonNull("next")) {
            faults.add(new Fault(inside + "/next", "is required: where in the answer the next URL is"));
        }
        if (paging.hasNonNull("size_param") != paging.hasNonNull("size")) {
            faults.add(new Fault(inside, "must have size and size_param together"));
        }
        if (paging.path("in").asText("").equals("body") && !post) {
            faults.add(new Fault(inside + "/in", "is for the method POST only"));
        }
    }

    private static void path(JsonNode path, String at, List<Fault> faults) {
        if (path.isTextual()) {
            RestQuestion.pathFault(path.asText()).ifPresent(fault -> faults.add(new Fault(at, fault)));
        }
    }

    private static void records(JsonNode path, String at, List<Fault> faults) {
        try {
            RecordPath.of(path.asText(""));
        } catch (IllegalArgumentException e) {
            faults.add(new Fault(at, String.valueOf(e.getMessage())));
        }
    }

    /** They are shown to everybody who may see the connector, so credentials have fields of their own. */
    private static void headers(JsonNode headers, String at, List<Fault> faults) {
        headers.properties().forEach(header -> {
            String name = header.getKey();
            String place = at + "/" + name.replace("~", "~0").replace("/", "~1");
            if (!HEADER.matcher(name).matches()) {
                faults.add(new Fault(place, "must be the name of a header"));
            } else if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                faults.add(new Fault(place, "is set by Serai; credentials go into the fields of auth"));
            }
            if (header.getValue().asText().chars().anyMatch(c -> c < ' ' && c != '\t' || c == 127)) {
                faults.add(new Fault(place, "must not have control characters"));
            }
        });
    }
}
