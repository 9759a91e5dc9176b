package dev.serai.connector.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;

/** What does the text of a vendor's description say, and what is wrong with it? All faults are told at once. */
final class SqlDescriptionReader {
    private static final String SCHEMA = "/sql-description.schema.json";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private final String file;
    private final List<String> faults = new ArrayList<>();

    private SqlDescriptionReader(String file) {
        this.file = file;
    }

    /**
     * @param file its name, for messages
     * @throws IllegalArgumentException with every fault on a line of its own, each with the file and where it is
     */
    static SqlDescription read(String file, String text) {
        return new SqlDescriptionReader(file).read(text);
    }

    private SqlDescription read(String text) {
        try {
            JsonNode tree = YAML.readTree(text);
            schema().validate(tree)
                    .forEach(fault -> fault(fault.getInstanceLocation().toString(), fault.getMessage()));
            check();
            SqlDescription description = YAML.treeToValue(tree, SqlDescription.class);
            placeholders(description.session());
            rules(description.errors().rules());
            types(description.types());
            check();
            return description;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            String message = e.getOriginalMessage().lines().findFirst().orElse("cannot be read");
            throw new IllegalArgumentException(file + ":" + line + ": " + message, e);
        }
    }

    private static JsonSchema schema() {
        try (InputStream schema = SqlDescriptionReader.class.getResourceAsStream(SCHEMA)) {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                    .getSchema(
                            schema,
                            SchemaValidatorsConfig.builder()
                                    .pathType(PathType.JSON_POINTER)
                                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fault(String pointer, String message) {
        faults.add(file + " at " + (pointer.isEmpty() ? "/" : pointer) + ": " + message);
    }

    private void check() {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
    }

    /** Each server must know what stands for each placeholder. */
    private void placeholders(SqlDescription.Session session) {
        Map<String, Map<String, String>> products =
                session.dependsOnProduct() ? session.products() : Map.of("any", Map.of());
        for (int i = 0; i < session.begin().size(); i++) {
            String pointer = "/session/begin/" + i;
            Matcher placeholder = PLACEHOLDER.matcher(session.begin().get(i));
            while (placeholder.find()) {
                String name = placeholder.group(1);
                products.forEach((product, texts) -> {
                    if (!Set.of("millis", "seconds").contains(name) && !texts.containsKey(name)) {
                        fault(pointer, "nothing stands for {" + name + "} on " + product);
                    }
                });
            }
        }
    }

    /** What COPY sends must be of the type that it is said to be. */
    private void types(List<TypeRule> types) {
        for (int i = 0; i < types.size(); i++) {
            TypeRule rule = types.get(i);
            String pointer = "/types/" + i;
            boolean last = i == types.size() - 1;
            if (rule.fitsAll() != last) {
                fault(pointer, last ? "the last type must fit all" : "only the last type may fit all");
            }
            if (rule.wire() != null && rule.wire().kind() != rule.kind()) {
                fault(pointer, rule.wire() + " is no " + rule.type());
            }
        }
    }

    /** A rule that another one before it always hides is a slip of its author's. */
    private void rules(List<SqlErrors.Rule> rules) {
        Set<Object> known = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            String pointer = "/errors/rules/" + i;
            SqlErrors.Sign sign = rules.get(i).sign();
            boolean last = i == rules.size() - 1;
            if (sign.fitsAll() != last) {
                fault(pointer, last ? "the last rule must fit all errors" : "only the last rule may fit all errors");
            }
            List<Object> signs = new ArrayList<>(sign.states());
            signs.addAll(sign.numbers());
            for (Object one : signs) {
                boolean hidden =
                        known.contains(one) || one instanceof String state && known.contains(state.substring(0, 2));
                if (hidden) {
                    fault(pointer, one + " is told by a rule before this one");
                }
            }
            if (sign.saying().isEmpty()) {
                known.addAll(signs);
            }
        }
    }
}
