package dev.serai.lake;

import io.delta.kernel.defaults.engine.DefaultExpressionHandler;
import io.delta.kernel.defaults.engine.DefaultFileSystemClient;
import io.delta.kernel.defaults.engine.DefaultJsonHandler;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;

/** What Delta Kernel works with: its own JSON and expression handlers, our files, DuckDB for Parquet; no Hadoop. */
final class LakeEngine implements Engine {
    private final FileIO files;
    private final ParquetHandler parquet;

    LakeEngine(LakeDuckDb duckdb, FileIO files) {
        this.files = files;
        this.parquet = new DuckDbParquet(duckdb, getJsonHandler());
    }

    @Override
    public ExpressionHandler getExpressionHandler() {
        return new DefaultExpressionHandler();
    }

    @Override
    public JsonHandler getJsonHandler() {
        return new DefaultJsonHandler(files);
    }

    @Override
    public FileSystemClient getFileSystemClient() {
        return new DefaultFileSystemClient(files);
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return parquet;
    }
}
