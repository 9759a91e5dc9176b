package dev.serai.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * The table function {@code serai_rows('<job>')}, through which DuckDB pulls a source on its own threads. It is
 * registered once a database and finds the source by the job's id: a second registration of a name would be ignored.
 */
final class RowsFunction implements DuckDBTableFunction<ScanJob, ScanJob, ScanJob.Reader> {
    private static final String NAME = "serai_rows";
    private static final Map<String, ScanJob> JOBS = new ConcurrentHashMap<>();

    private RowsFunction() {}

    /** Makes the job callable; returns its id. */
    static String offer(Connection duckdb, ScanJob job) throws SQLException {
        registerOnce(duckdb);
        String id = UUID.randomUUID().toString();
        JOBS.put(id, job);
        return id;
    }

    static void withdraw(String id) {
        JOBS.remove(id);
    }

    /** What stands behind FROM. */
    static String call(String id) {
        return NAME + "('" + id + "')";
    }

    /** One at a time: of two that register in the same database at once, one would be refused. */
    private static synchronized void registerOnce(Connection duckdb) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT 1 FROM duckdb_functions() WHERE function_name = '" + NAME + "' LIMIT 1")) {
            if (!found.next()) {
                register(duckdb);
            }
        }
    }

    private static void register(Connection duckdb) throws SQLException {
        try (DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
            function.withName(NAME)
                    .withParameter(String.class)
                    .withFunction(new RowsFunction())
                    .register(duckdb);
        }
    }

    /** The native column of an index. */
    static String column(int index) {
        return "c" + index;
    }

    @Override
    public ScanJob bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        ScanJob job = JOBS.get(info.getParameter(0).getString());
        if (job == null) {
            throw new IllegalStateException("No such job");
        }
        for (int i = 0; i < job.columns().size(); i++) {
            try (DuckDBLogicalType type = NativeForm.type(job.columns().get(i).type())) {
                info.addResultColumn(column(i), type);
            }
        }
        if (job.source().estimatedRows() >= 0) {
            info.setCardinality(job.source().estimatedRows(), false);
        }
        return job;
    }

    @Override
    public ScanJob init(DuckDBTableFunctionInitInfo info) {
        ScanJob job = info.getBindData();
        job.start();
        info.setMaxThreads(job.source().partitions());
        return job;
    }

    @Override
    public ScanJob.Reader localInit(DuckDBTableFunctionInitInfo info) {
        ScanJob job = info.getBindData();
        return job.reader();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter output) throws Exception {
        ScanJob.Reader reader = info.getLocalInitData();
        return reader.read(output);
    }
}
