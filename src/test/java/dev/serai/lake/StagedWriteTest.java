package dev.serai.lake;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.serai.rows.RecordSource;

import static org.assertj.core.api.Assertions.assertThat;

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
}
