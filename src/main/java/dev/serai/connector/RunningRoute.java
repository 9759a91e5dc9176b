package dev.serai.connector;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.apache.camel.Producer;

import dev.serai.catalog.ConnectorType;

/**
 * One built route of a connector, and who still uses it.
 *
 * <p>A retired one takes no new users; when the last has left, {@code drained} is told once.
 */
final class RunningRoute {

    /** What a route is built from; a change of any of it asks for another route. */
    record Version(long connector, String kamelet) {}

    private final String id;
    private final Version version;
    private final ConnectorType type;
    private final OpenedConfig config;
    private final Producer producer;
    private final Clock clock;

    private volatile boolean outdated;
    private int users;
    private boolean retired;
    private Instant lastUsed;
    private Runnable drained = () -> {};

    RunningRoute(String id, Version version, ConnectorType type, OpenedConfig config, Producer producer, Clock clock) {
        this.id = id;
        this.version = version;
        this.type = type;
        this.config = config;
        this.producer = producer;
        this.clock = clock;
        this.lastUsed = clock.instant();
    }

    String id() {
        return id;
    }

    ConnectorType type() {
        return type;
    }

    OpenedConfig config() {
        return config;
    }

    Producer producer() {
        return producer;
    }

    /** Whether it is at least as new as the connector's revision, and of just this Kamelet. */
    boolean serves(Version wanted) {
        return !outdated
                && version.connector() >= wanted.connector()
                && version.kamelet().equals(wanted.kamelet());
    }

    /** Serves nobody new, though nothing that is stored has changed. */
    void outdate() {
        outdated = true;
    }

    /** Counts one more user, unless the route is retired. */
    synchronized boolean enter() {
        if (!retired) {
            users++;
        }
        return !retired;
    }

    /** Counts one more user beside one who has entered, also where the route was retired meanwhile. */
    synchronized void stay() {
        users++;
    }

    void leave() {
        Runnable last = () -> {};
        synchronized (this) {
            users--;
            lastUsed = clock.instant();
            if (retired && users == 0) {
                last = drained;
            }
        }
        last.run();
    }

    /** Takes no new users; {@code whenDrained} runs once, here where nobody uses it, else when the last one leaves. */
    void retire(Runnable whenDrained) {
        synchronized (this) {
            if (retired) {
                return;
            }
            retired = true;
            drained = whenDrained;
            if (users > 0) {
                return;
            }
        }
        whenDrained.run();
    }

    synchronized boolean idleFor(Duration time) {
        return users == 0 && !lastUsed.plus(time).isAfter(clock.instant());
    }
}
