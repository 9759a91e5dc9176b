package dev.serai.connector.sql.mariadb;

import java.util.Map;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.sql.SqlDatabase;
import dev.serai.rows.RowSource;

/** One connector's MariaDB or MySQL server: the bean that the Kamelet's template makes and its steps call. */
public class MariaDatabase extends SqlDatabase {

    /** Dials nobody. */
    public MariaDatabase(Map<String, Object> config, EgressPolicy egress) {
        super(new MariaVendor(), config, egress);
    }

    /** {@code {model: {schema, name} | query, columns, filter, window, limit}} → rows as they come. */
    public RowSource read(Map<String, Object> body) {
        MariaRead read = MariaRead.of(JSON.valueToTree(body));
        return opened(LONGEST_READ, read::open);
    }

    /** {@code {sql | query, params, limit}} → rows; parameters are written {@code ?}. */
    public RowSource query(Map<String, Object> body) {
        MariaQuestion question = MariaQuestion.of(JSON.valueToTree(body), DEFAULT_LIMIT);
        return opened(question::now);
    }
}
