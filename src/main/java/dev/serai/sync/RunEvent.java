package dev.serai.sync;

import java.time.Instant;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One step of a run's progress.
 *
 * @param id counts from 1 within the run; what {@code Last-Event-ID} names
 * @param type {@code run.started}, {@code run.retrying}, {@code dataset.started}, {@code progress},
 *     {@code dataset.retrying}, {@code dataset.finished}, {@code run.finished}
 */
public record RunEvent(long id, String type, ObjectNode data, Instant at) {
    static final String RUN_FINISHED = "run.finished";
    static final String PROGRESS = "progress";

    boolean last() {
        return type.equals(RUN_FINISHED);
    }
}
