package dev.serai.connector.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.serai.catalog.PackedFiles;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * What differs between one vendor's databases and another's, as far as data can say it? As {@code kamelets/<vendor>.sql.yaml}
 * has it and {@code sql-description.schema.json} explains it.
 *
 * @param quote the character around names
 * @param driver properties that the driver is given as they are
 */
public record SqlDescription(
        int port,
        String quote,
        Map<String, String> driver,
        Session session,
        Catalog catalog,
        List<TypeRule> types,
        SqlErrors errors) {
    private static final String SUFFIX = ".sql.yaml";
    private static final Map<String, SqlDescription> PACKED = new ConcurrentHashMap<>();

    public SqlDescription {
        driver = Map.copyOf(driver);
        types = List.copyOf(types);
    }

    /** The description that is packed with Serai: part of the program, which nothing outside changes. */
    public static SqlDescription packed(String vendor) {
        return PACKED.computeIfAbsent(vendor, SqlDescription::load);
    }

    private static SqlDescription load(String vendor) {
        String file = vendor + SUFFIX;
        String text = PackedFiles.in("kamelets", SUFFIX).get(file);
        if (text == null) {
            throw new IllegalArgumentException("There is no kamelets/" + file);
        }
        return SqlDescriptionReader.read(file, text);
    }

    /** A name as it stands in a statement, whatever is in it. */
    public String quoted(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new FailureException(Failure.Invalid.of("/model", "must not hold the character 0"));
        }
        return quote + name.replace(quote, quote + quote) + quote;
    }

    /**
     * What holds the values of a type.
     *
     * @param digits of a number or bits; 0 where the column does not say
     */
    public TypeRule type(String name, int digits) {
        return types.stream()
                .filter(rule -> rule.fits(name, digits))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The last rule fits all"));
    }

    /** Whether a type is listed by its name. */
    public boolean lists(String name) {
        return types.stream().anyMatch(rule -> rule.names().contains(name));
    }

    /**
     * Queries by which models are found, as the schema of descriptions explains them.
     *
     * @param own the condition for {@code {schemas}} where a request names none
     * @param among the condition where it does
     */
    public record Catalog(String own, String among, String models, String model, String columns, String readable) {}

    /**
     * How a connection is made ready for a request, and for the next one.
     *
     * @param begin statements that begin a read-only transaction
     * @param reset null where the driver does it
     * @param products what stands for placeholders, by the server's name for itself; empty where all servers are alike
     */
    public record Session(List<String> begin, @Nullable String reset, Map<String, Map<String, String>> products) {
        public Session {
            begin = List.copyOf(begin);
            products = products == null ? Map.of() : Map.copyOf(products);
        }

        /** Whether it has to be known which server it is. */
        boolean dependsOnProduct() {
            return !products.isEmpty();
        }

        /**
         * @param product the server's name for itself; empty where it does not matter
         * @param timeout of each statement
         */
        List<String> begin(String product, Duration timeout) {
            long millis = Math.max(1, timeout.toMillis());
            List<String> statements = new ArrayList<>();
            for (String statement : begin) {
                String filled = statement;
                for (var placeholder : products.getOrDefault(product, Map.of()).entrySet()) {
                    filled = filled.replace("{" + placeholder.getKey() + "}", placeholder.getValue());
                }
                statements.add(filled.replace("{millis}", String.valueOf(millis))
                        .replace("{seconds}", String.valueOf(millis / 1000.0)));
            }
            return statements;
        }
    }
}
