package dev.serai.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import dev.serai.rows.RecordSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class StagedWriteTest {
    /** Otherwise the thread that stops the run dies, and leaves the run to its time limit. */
    @Test
    void stoppingAWriteThatHasJustEndedLetsGoOfItsSource() throws SQLException {
        AtomicInteger closed = new AtomicInteger();
        RecordSource rows = new RecordSource(List.of(), List.<Object[]>of().iterator(), closed::incrementAndGet);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            Statement statement = connection.createStatement();
            statement.close();

            StagedWrite.stop(statement, rows);
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void withdrawsNothingFromATableThatWasDeletedMeanwhile(@TempDir Path folder) throws IOException {
        Path table = Files.createDirectory(folder.resolve("table"));
        try (StagingArea staging = StagingArea.open(table)) {
            FileSystemUtils.deleteRecursively(table);

            assertThatCode(staging::withdraw).doesNotThrowAnyException();
        }
    }
}
