package dev.serai.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.jspecify.annotations.Nullable;

/** What connector type does a Kamelet's text declare? */
final class KameletReader {
    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Set<String> VERIFIED = Set.of("real", "double", "dialect");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final String origin;
    private final String text;
    private final List<String> reasons = new ArrayList<>();

    private KameletReader(String origin, String text) {
        this.origin = origin;
        this.text = text;
    }

    /**
     * Reads one Kamelet.
     *
     * @param origin the file's name, for messages
     */
    static ConnectorType read(String origin, String text) throws KameletException {
        return new KameletReader(origin, text).read();
    }

    private ConnectorType read() throws KameletException {
        ObjectNode file = parse();
        String name = file.at("/metadata/name").asText();
        if (!"Kamelet".equals(file.path("kind").asText())) {
            reasons.add("kind must be Kamelet");
        }
        if (!KEBAB.matcher(name).matches()) {
            reasons.add("metadata.name must be in kebab-case, such as my-system");
        }
        JsonNode annotations = file.at("/metadata/annotations");
        JsonNode labels = file.at("/metadata/labels");
        JsonNode definition = file.at("/spec/definition");
        KameletTemplate template = KameletTemplate.of(file.at("/spec/template"), reasons);
        List<ActionType> actions = actions(annotations.path("serai.dev/actions"));
        Set<String> capabilities = capabilities(template, actions);
        JsonNode schema = ConfigSchemas.of(definition, reasons);
        String category = annotations
                .path("serai.dev/category")
                .asText(labels.path("serai.dev/category").asText("other"));
        List<String> aliases = aliases(annotations);
        String verified = verifiedAgainst(annotations);
        String revision = hash();
        if (!reasons.isEmpty()) {
            throw new KameletException(reasons);
        }
        String title = definition.path("title").asText(name);
        Kamelet kamelet = new Kamelet(name, revision, camelYaml(file, name + "-" + revision, template), origin);
        return new ConnectorType(
                name.replace('-', '_'),
                title,
                definition.path("description").asText(title),
                category,
                Boolean.parseBoolean(annotations.path("serai.dev/queryable").asText()),
                aliases,
                annotations.path("camel.apache.org/kamelet.icon").asText(""),
                capabilities,
                actions,
                verified,
                schema,
                kamelet);
    }

    private ObjectNode parse() throws KameletException {
        return yaml(text);
    }

    static ObjectNode yaml(String text) throws KameletException {
        try {
            if (YAML.readTree(text) instanceof ObjectNode file) {
                return file;
            }
        } catch (JsonProcessingException e) {
            throw new KameletException(List.of("is not YAML: " + withLine(e)), e);
        }
        throw new KameletException(List.of("is not a YAML mapping"));
    }

    private static String withLine(JsonProcessingException e) {
        String message = e.getOriginalMessage().lines().findFirst().orElse("cannot be read");
        return e.getLocation() == null
                ? message
                : message + " (line " + e.getLocation().getLineNr() + ")";
    }

    private Set<String> capabilities(@Nullable KameletTemplate template, List<ActionType> actions) {
        if (template == null) {
            return Set.of();
        }
        Set<String> answered = template.operations();
        Set<String> named = new LinkedHashSet<>();
        actions.forEach(action -> named.add(action.name()));
        if (answered.isEmpty()) {
            reasons.add("the template answers no operation: choose on ${header.operation} == 'models' and so on");
        }
        for (String action : named) {
            if (!answered.contains(action)) {
                reasons.add("the action " + action + " is declared but not answered by the template");
            }
        }
        Set<String> capabilities = new LinkedHashSet<>();
        for (String operation : answered) {
            if (Operations.STANDARD.contains(operation)) {
                capabilities.add(operation);
            } else if (!named.contains(operation)) {
                reasons.add("the template answers " + operation + ", which is neither an operation ("
                        + String.join(", ", Operations.STANDARD) + ") nor a declared action");
            }
        }
        if (capabilities.contains(Operations.READ)) {
            capabilities.add(Operations.PREVIEW);
        }
        return Operations.ordered(capabilities);
    }

    private List<ActionType> actions(JsonNode annotation) {
        List<ActionType> actions = new ArrayList<>();
        if (annotation.isMissingNode()) {
            return actions;
        }
        try {
            JsonNode declared = JSON.readTree(annotation.asText());
            if (!declared.isArray()) {
                reasons.add("serai.dev/actions must be a JSON array");
            }
            for (JsonNode action : declared) {
                String name = action.path("name").asText();
                if (!TYPE.matcher(name).matches() || Operations.RESERVED.contains(name)) {
                    reasons.add("serai.dev/actions: '" + name + "' cannot be an action's name");
                }
                actions.add(new ActionType(
                        name,
                        action.path("title").asText(name),
                        action.path("description").asText(""),
                        schemaOf(action, "input_schema"),
                        schemaOf(action, "output_schema")));
            }
        } catch (JsonProcessingException e) {
            reasons.add("serai.dev/actions is not JSON: " + withLine(e));
        }
        return List.copyOf(actions);
    }

    private JsonNode schemaOf(JsonNode action, String field) {
        JsonNode schema = action.path(field);
        if (schema.isMissingNode()) {
            return JSON.createObjectNode().put("type", "object");
        }
        ConfigSchemas.faults(schema).forEach(fault -> reasons.add("serai.dev/actions: " + field + ": " + fault));
        return schema;
    }

    private List<String> aliases(JsonNode annotations) {
        List<String> aliases = new ArrayList<>();
        for (String part : annotations.path("serai.dev/aliases").asText("").split(",", -1)) {
            String alias = part.strip();
            if (!alias.isEmpty() && !TYPE.matcher(alias).matches()) {
                reasons.add("the alias '" + alias + "' must be in snake_case");
            }
            if (!alias.isEmpty() && !aliases.contains(alias)) {
                aliases.add(alias);
            }
        }
        return List.copyOf(aliases);
    }

    private @Nullable String verifiedAgainst(JsonNode annotations) {
        JsonNode verified = annotations.path("serai.dev/verified-against");
        if (verified.isMissingNode()) {
            return null;
        }
        if (!VERIFIED.contains(verified.asText())) {
            reasons.add("serai.dev/verified-against must be real, double or dialect");
        }
        return verified.asText();
    }

    private static String camelYaml(ObjectNode file, String templateId, @Nullable KameletTemplate template)
            throws KameletException {
        ObjectNode out = JSON.createObjectNode();
        out.set("apiVersion", file.path("apiVersion"));
        out.put("kind", "Kamelet");
        out.putObject("metadata").put("name", templateId);
        ObjectNode spec = out.putObject("spec");
        ObjectNode parameters = spec.putObject("definition").putObject("properties");
        Kamelet.PARAMETERS.forEach(parameter -> parameters.putObject(parameter).put("type", "string"));
        spec.set("template", template == null ? null : template.forCamel());
        try {
            return YAML.writeValueAsString(out);
        } catch (JsonProcessingException e) {
            throw new KameletException(List.of("cannot be written for Camel"), e);
        }
    }

    private String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
