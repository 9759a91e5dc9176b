package dev.serai.connector.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.connector.SourceFailures;
import dev.serai.failure.FailureException;

/**
 * Records of XML as they stream by: an element is an object of its attributes ({@code @name}) and its elements, which are
 * a list where several have one name; one of text alone is that text. Nothing outside the text is ever fetched, and
 * declarations of types and entities are refused.
 */
final class XmlRecords implements PageRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_DEPTH = 200;

    private final RestEndpoint endpoint;
    private final List<String> columns;
    private final XMLStreamReader xml;
    private final @Nullable RecordPath records;
    private final List<String> place = new ArrayList<>();
    private final Map<List<String>, String> values = new HashMap<>();
    private final StringBuilder current = new StringBuilder();
    private Map<String, Object> last = Map.of();
    private boolean found;
    private int size;

    XmlRecords(RestEndpoint endpoint, List<String> columns, InputStream text, @Nullable Charset charset)
            throws IOException {
        this.endpoint = endpoint;
        this.columns = columns;
        this.records = endpoint.records();
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            xml = charset == null
                    ? factory.createXMLStreamReader(text)
                    : factory.createXMLStreamReader(text, charset.name());
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    private static RuntimeException broken(XMLStreamException e) {
        for (Throwable one = e; one != null; one = one.getCause()) {
            if (one instanceof FailureException failure) {
                return failure;
            }
        }
        return new FailureException(
                SourceFailures.unreadable("The source's answer is no well-formed XML, or breaks off."));
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        try {
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.DTD -> throw refused();
                    case XMLStreamConstants.START_ELEMENT -> {
                        place.add(xml.getLocalName());
                        current.setLength(0);
                        if (isRecord()) {
                            found = true;
                            byte[] record = record();
                            place.remove(place.size() - 1);
                            return record;
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text();
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (values.size() < 1_000) {
                            values.putIfAbsent(
                                    List.copyOf(place), current.toString().strip());
                        }
                        current.setLength(0);
                        place.remove(place.size() - 1);
                    }
                    case XMLStreamConstants.ENTITY_REFERENCE -> throw refused();
                    default -> {}
                }
            }
        } catch (XMLStreamException e) {
            throw broken(e);
        }
        // Unlike JSON's empty list, an empty list of elements is often not there at all: only its parent tells.
        if (!found && records != null && !endpoint.missingIsEmpty() && !isParentThere()) {
            throw new FailureException(SourceFailures.unreadable("The answer has nothing at " + records
                    + ", where its records should be. Check 'records', or say" + " missing_is_empty."));
        }
        return null;
    }

    private boolean isParentThere() {
        List<String> parent = String.valueOf(records).isEmpty() || records == null
                ? List.of()
                : records.steps().subList(0, Math.max(0, records.steps().size() - 1));
        return values.containsKey(parent);
    }

    private static FailureException refused() {
        return new FailureException(
                SourceFailures.unreadable("The source's XML declares a document type or entities, which is refused."));
    }

    private void text() {
        if (current.length() < 10_000) {
            current.append(xml.getText());
        }
    }

    private boolean isRecord() {
        return records == null ? place.size() == 2 : records.isAt(place);
    }

    private byte[] record() throws XMLStreamException, JsonProcessingException {
        size = 0;
        Object value = element(0);
        Map<String, Object> fields = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, one) -> fields.put(String.valueOf(name), one));
        } else {
            fields.put("value", value);
        }
        last = fields;
        Map<String, Object> shown = fields;
        if (!columns.isEmpty()) {
            shown = new LinkedHashMap<>();
            for (String column : columns) {
                shown.put(column, fields.get(column));
            }
        }
        byte[] text = JSON.writeValueAsBytes(shown);
        if (text.length >= MAX_RECORD) {
            throw Limited.tooLarge();
        }
        byte[] line = java.util.Arrays.copyOf(text, text.length + 1);
        line[text.length] = '\n';
        return line;
    }

    /** The one that has just begun, up to its end. */
    private @Nullable Object element(int depth) throws XMLStreamException {
        if (depth > MOST_DEPTH) {
            throw new FailureException(SourceFailures.unreadable("The source's XML is nested too deeply."));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            fields.put("@" + xml.getAttributeLocalName(i), grown(xml.getAttributeValue(i)));
        }
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    String name = xml.getLocalName();
                    Object value = element(depth + 1);
                    if (!fields.containsKey(name)) {
                        fields.put(name, value);
                    } else if (fields.get(name) instanceof Several several) {
                        several.add(value);
                    } else {
                        Several several = new Several();
                        several.add(fields.get(name));
                        several.add(value);
                        fields.put(name, several);
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(grown(xml.getText()));
                case XMLStreamConstants.ENTITY_REFERENCE -> throw refused();
                case XMLStreamConstants.END_ELEMENT -> {
                    String plain = text.toString();
                    if (fields.isEmpty()) {
                        return plain;
                    }
                    if (!plain.isBlank()) {
                        fields.put("#text", plain.strip());
                    }
                    return fields;
                }
                default -> {}
            }
        }
    }

    private String grown(String text) {
        size += text.length();
        if (size > MAX_RECORD) {
            throw Limited.tooLarge();
        }
        return text;
    }

    /** Elements of one name. */
    private static final class Several extends ArrayList<@Nullable Object> {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public Optional<String> value(RecordPath path) {
        return Optional.ofNullable(values.get(path.steps())).filter(value -> !value.isEmpty());
    }

    @Override
    public Optional<String> lastOf(String field) {
        return Optional.ofNullable(last.get(field)).map(String::valueOf);
    }
}
