package dev.serai.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@EnabledOnOs(OS.LINUX)
class GivingWayTest {
    /** The 19th field of proc(5)'s stat; the second may have blanks, and ends at the last bracket. */
    private static int nice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int on(Thread thread, FutureTask<Integer> task) throws Exception {
        thread.start();
        return task.get();
    }

    @Test
    void itsThreadsGiveWayAndThoseOfOthersDoNot() throws Exception {
        int before = nice();
        FutureTask<Integer> task = new FutureTask<>(GivingWayTest::nice);
        assertThat(on(GivingWay.of(Thread::new).newThread(task), task)).isEqualTo(10);
        assertThat(nice()).isEqualTo(before).isLessThan(10);
    }

    @Test
    void whatItsThreadsStartGivesWayToo() throws Exception {
        FutureTask<Integer> task = new FutureTask<>(GivingWayTest::nice);
        int found = GivingWay.call("test", () -> {
            try {
                return on(new Thread(task), task);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(found).isEqualTo(10);
    }

    @Test
    void whatFailsThereFailsHere() {
        assertThatThrownBy(() -> GivingWay.call("test", () -> {
                    throw new SQLException("no");
                }))
                .isInstanceOf(SQLException.class)
                .hasMessage("no");
    }
}
