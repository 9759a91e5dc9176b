package dev.serai;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every record that can hold a secret (a config, a map, a text named like one) prints none: a record's own words are its
 * values, and they get into logs by the shortest way.
 */
class PrintedRecordsTest {
    private static final String PLANTED = "planted-secret";
    private static final Pattern NAMED_LIKE_A_SECRET = Pattern.compile(
            "(?i).*(password|secret|token|credential|signKey|privateKey|clientKey|apiKey|passphrase).*");

    /** Records whose texts or objects never come from a config's secrets, and what they are. */
    private static final Map<String, String> NO_SECRETS = Map.ofEntries(
            Map.entry("ActionType", "a Kamelet's text"),
            Map.entry("Answer", "headers of ours; its body is a record of its own"),
            Map.entry("AuditEntry", "what is kept of a call: no values"),
            Map.entry("Connector", "its config is the part that anyone may read"),
            Map.entry("ConnectorType", "a Kamelet's text"),
            Map.entry("ConnectorView", "its config is masked"),
            Map.entry("EndpointUse", "a Kamelet's text"),
            Map.entry("EntryView", "what is kept of a call: no values"),
            Map.entry("KameletTemplate", "a Kamelet's text"),
            Map.entry("Match", "parts of a path"),
            Map.entry("Operation", "the OpenAPI file"),
            Map.entry("SearchMapping", "an index's fields"),
            Map.entry("SearchQuestion", "a statement's text and what is searched by it"),
            Map.entry("SearchRead", "which rows are read"),
            Map.entry("SqlDiscovery", "which models are asked for"),
            Map.entry("RunEvent", "what its readers see"),
            Map.entry("Session", "a vendor's description"),
            Map.entry("Snapshot", "Kamelets"),
            Map.entry("SqlDescription", "a vendor's description"),
            Map.entry("Staged", "statistics of a file"),
            Map.entry("Taken", "Kamelets"),
            Map.entry("TypeView", "a Kamelet's text"));

    static Stream<Class<?>> records() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.serai").stream()
                        .filter(type -> type.isAssignableTo(Record.class))
                        .filter(type -> !NO_SECRETS.containsKey(type.getSimpleName()))
                        .map(JavaClass::reflect)
                        .filter(type ->
                                Arrays.stream(type.getRecordComponents()).anyMatch(PrintedRecordsTest::canHold));
    }

    private static boolean canHold(RecordComponent component) {
        Class<?> type = component.getType();
        return JsonNode.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || type == String.class
                        && NAMED_LIKE_A_SECRET.matcher(component.getName()).matches();
    }

    @Test
    void findsRecords() {
        assertThat(records().map(Class::getSimpleName))
                .contains("SeraiSettings", "Metadata", "SqlSettings", "NewConnector");
    }

    @ParameterizedTest
    @MethodSource("records")
    void printsNothingOfASecret(Class<?> type) throws Exception {
        Object record = make(type);
        assertThat(record).as("made of made-up values").isNotNull();
        assertThat(record.toString()).doesNotContain(PLANTED);
    }

    private static Object make(Class<?> type) throws Exception {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            boolean secret = canHold(components[i]);
            values[i] = value(components[i].getType(), components[i].getGenericType(), secret);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            return null;
        }
    }

    private static Object value(Class<?> type, Type generic, boolean secret) throws Exception {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("password", PLANTED);
        if (type.isAssignableFrom(ObjectNode.class) && JsonNode.class.isAssignableFrom(type)) {
            return object;
        } else if (type == String.class) {
            return secret ? PLANTED : "x";
        } else if (type == Map.class) {
            return Map.of("password", valueOfMap(generic));
        } else if (type == List.class) {
            return List.of();
        } else if (type == Set.class) {
            return Set.of();
        } else if (type == Optional.class) {
            return Optional.empty();
        } else if (type == boolean.class) {
            return false;
        } else if (type == long.class) {
            return 1L;
        } else if (type == int.class) {
            return 1;
        } else if (type == double.class) {
            return 1.0;
        } else if (type == char.class) {
            return 'x';
        } else if (type == URI.class) {
            return URI.create("https://a.example");
        } else if (type == Instant.class) {
            return Instant.EPOCH;
        } else if (type == Duration.class) {
            return Duration.ofSeconds(1);
        } else if (type == DataSize.class) {
            return DataSize.ofBytes(1);
        } else if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type.isRecord()) {
            return make(type);
        } else if (type.isInterface() && !type.isSealed() && Modifier.isPublic(type.getModifiers())) {
            return Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> method.getName());
        }
        return null;
    }

    private static Object valueOfMap(Type generic) {
        boolean json = generic instanceof ParameterizedType parameters
                && parameters.getActualTypeArguments()[1].getTypeName().endsWith("JsonNode");
        return json ? JsonNodeFactory.instance.textNode(PLANTED) : PLANTED;
    }
}
