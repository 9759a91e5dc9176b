package dev.serai.sync;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import dev.serai.metadata.Json;
import dev.serai.metadata.Times;

/** Keeps a run's events, so that any replica can tell them and a client that comes back misses none. */
@Component
class RunEventStore {
    private static final int CHUNK = 500;

    private final JdbcClient jdbc;

    RunEventStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds an event as the run's next. Only the process that holds the run does, one at a time. */
    void append(String runId, String type, ObjectNode data, Instant now) {
        jdbc.sql(
                        """
                        insert into run_events (run_id, seq, event, payload, happened_at)
                        select :run, coalesce(max(seq), 0) + 1, :type, :data, :now from run_events where run_id = :run
                        """)
                .param("run", runId)
                .param("type", type)
                .param("data", Json.write(data))
                .param("now", Times.param(now))
                .update();
    }

    /** The next events after one, oldest first; a few hundred at most. */
    List<RunEvent> after(String runId, long seq) {
        return jdbc.sql(
                        """
                        select seq, event, payload, happened_at from run_events
                        where run_id = :run and seq > :seq order by seq limit :chunk
                        """)
                .param("run", runId)
                .param("seq", seq)
                .param("chunk", CHUNK)
                .query((row, number) -> new RunEvent(
                        row.getLong("seq"),
                        row.getString("event"),
                        Json.object(row.getString("payload")),
                        Times.readPresent(row, "happened_at")))
                .list();
    }

    /** The number of a run's newest event; 0 where it has none. */
    long newest(String runId) {
        return jdbc.sql("select coalesce(max(seq), 0) from run_events where run_id = :run")
                .param("run", runId)
                .query(Long.class)
                .single();
    }

    /** Whether no more events will come. */
    boolean isOver(String runId) {
        return jdbc.sql("select count(*) from runs where id = :run and ended_at is null")
                        .param("run", runId)
                        .query(Long.class)
                        .single()
                == 0;
    }

    /** Forgets how far an ended run had come in between: the end says it all. */
    void forgetProgress(String runId) {
        jdbc.sql("delete from run_events where run_id = :run and event = :progress")
                .param("run", runId)
                .param("progress", RunEvent.PROGRESS)
                .update();
    }
}
