package dev.serai.rows.file;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import dev.serai.rows.Column;
import dev.serai.rows.LogicalType.Kind;

/** Which JSON objects have only numbers and truth values where a table has them? The others are set aside one by one. */
final class FittingObjects {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A DOUBLE keeps whole numbers up to here. */
    private static final long EXACT = 1L << 53;

    private final Map<String, Column> table = new HashMap<>();

    FittingObjects(List<Column> table) {
        table.forEach(column -> this.table.put(column.name().toLowerCase(Locale.ROOT), column));
    }

    /** The same source without the objects that do not fit, which are among its rejected ones. */
    FileSource of(FileSource source, FileLayout.Objects layout, Path staging) throws IOException {
        Path fitting = staging.resolve("fitting.json");
        Path rejected = staging.resolve("rejected.json");
        Files.copy(layout.rejected(), rejected, StandardCopyOption.REPLACE_EXISTING);
        Path numbers = layout.numbers();
        try (BufferedReader in = Files.newBufferedReader(source.file());
                BufferedReader places = Files.newBufferedReader(numbers == null ? source.file() : numbers);
                BufferedWriter good = Files.newBufferedWriter(fitting);
                BufferedWriter bad = Files.newBufferedWriter(rejected, StandardOpenOption.APPEND)) {
            long line = 0;
            for (String object = in.readLine(); object != null; object = in.readLine()) {
                line = numbers == null ? line + 1 : Long.parseLong(String.valueOf(places.readLine()));
                Column misfit = object.isEmpty() ? null : misfit(JSON.readTree(object));
                if (misfit == null) {
                    good.write(object);
                    good.write('\n');
                } else {
                    bad.write(JSON.createObjectNode()
                            .put("line", line)
                            .put("column", misfit.name())
                            .put("reason", "not a " + misfit.type().duckdb())
                            .put("raw", object)
                            .toString());
                    bad.write('\n');
                }
            }
        }
        return new FileSource(
                fitting,
                new FileLayout.Objects(rejected, null, layout.words()),
                source.table(),
                source.exact(),
                source.rejects());
    }

    private @Nullable Column misfit(JsonNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            Column column = table.get(member.getKey().toLowerCase(Locale.ROOT));
            if (column != null && !fits(member.getValue(), column.type().kind())) {
                return column;
            }
        }
        return null;
    }

    private static boolean fits(JsonNode value, Kind kind) {
        return value.isNull()
                || switch (kind) {
                    case BIGINT -> value.isIntegralNumber() && value.canConvertToLong();
                    case DOUBLE ->
                        value.isFloatingPointNumber()
                                || value.canConvertToLong() && Math.abs(value.asLong()) <= EXACT && value.isNumber();
                    case BOOLEAN -> value.isBoolean();
                    default -> true;
                };
    }
}
