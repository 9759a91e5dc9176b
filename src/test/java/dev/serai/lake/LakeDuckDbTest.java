package dev.serai.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

import dev.serai.testing.Duck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LakeDuckDbTest {
    @TempDir
    Path folder;

    private LakeDuckDb duckdb = null;

    @BeforeEach
    void open() {
        duckdb = new LakeDuckDb(folder.resolve("tmp"), DataSize.ofMegabytes(512));
    }

    @AfterEach
    void close() throws Exception {
        duckdb.close();
    }

    /** What the test below shows only in one of a few runs. */
    @Test
    void writesOnNoThreadsButThoseThatMakeTheRows() throws SQLException {
        try (Connection connection = duckdb.connect()) {
            assertThat(Duck.rows(connection, "SELECT current_setting('async_threads')::INT"))
                    .isEqualTo(List.of(List.of(0)));
        }
    }

    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aWriteThatFailsMidwayEnds() throws SQLException {
        try (Connection connection = duckdb.connect()) {
            for (int attempt = 0; attempt < 200; attempt++) {
                String rows = "SELECT CASE WHEN n > " + (16_000 + attempt * 100)
                        + " THEN error('gone') ELSE repeat(md5(n::VARCHAR), 300) || random() END AS text FROM range(200_000) r(n)";
                try (Statement statement = connection.createStatement()) {
                    assertThatThrownBy(
                                    () -> statement.execute(
                                            "COPY (" + rows + ") TO '" + folder.resolve("out")
                                                    + "' (FORMAT parquet, ROW_GROUP_SIZE_BYTES '2MB', FILE_SIZE_BYTES '1GB', OVERWRITE)"))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("gone");
                }
            }
        }
    }
}
