package dev.serai.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

import dev.serai.Serai;
import dev.serai.testing.BlackHole;
import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.SeraiProcess;

/**
 * One of several processes on a PostgreSQL, whose days are shorter: a minute of the schedules takes some seconds. It is
 * Serai with another clock; leases and Quartz's own times pass as ever.
 */
final class ClusterMember implements AutoCloseable {
    private static final int FASTER = 8;
    private static final Instant BEGINNING = Instant.parse("2026-11-23T00:00:00Z");

    /** How long a minute of schedules takes. */
    static final Duration MINUTE = Duration.ofSeconds(60).dividedBy(FASTER);

    static final Duration LEASE = Duration.ofSeconds(9);

    private final SeraiProcess process;
    private final BlackHole way;

    private ClusterMember(SeraiProcess process, BlackHole way) {
        this.process = process;
        this.way = way;
    }

    /** Without {@code @Configuration}, which would make it part of every Serai in this class path. */
    static final class ShorterDays {
        @Bean
        @Primary
        Clock fasterClock() {
            return new Clock() {
                @Override
                public Instant instant() {
                    Duration passed = Duration.between(BEGINNING, Instant.now());
                    return BEGINNING.plus(passed.multipliedBy(FASTER));
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }

    public static void main(String[] arguments) {
        new SpringApplication(Serai.class, ShorterDays.class).run(arguments);
    }

    static ClusterMember launch(Path folder, Path lake, Postgres.Database metadata) {
        BlackHole way = new BlackHole(metadata.port());
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "serai.metadata.url",
                "jdbc:postgresql://127.0.0.1:" + way.port() + "/" + metadata.name() + "?socketTimeout=4");
        settings.put("serai.metadata.username", metadata.username());
        settings.put("serai.metadata.password", metadata.password());
        settings.put("serai.lake-uri", lake.toString());
        settings.put("serai.sign-key", "c2VyYWktdGVzdC1zaWduLWtleS1vZi0zMi1ieXRlcyE=");
        settings.put("serai.sync.lease", LEASE.toSeconds() + "s");
        settings.put("serai.sync.parallelism", "6");
        settings.put("serai.sync.memory", "192MB");
        settings.put("serai.query.parallelism", "1");
        settings.put("serai.schedule.tick", "* * * * * ?");
        settings.put("spring.quartz.properties.org.quartz.jobStore.clusterCheckinInterval", "1000");
        SeraiProcess process = SeraiProcess.launch(
                ClusterMember.class, folder, List.of("-Xmx256m", "-XX:+UseSerialGC"), Map.of(), settings);
        return new ClusterMember(process, way);
    }

    ClusterMember ready() {
        process.ready();
        return this;
    }

    HttpCaller admin() {
        return process.admin();
    }

    /** The name by which it holds runs. */
    String instance() {
        try {
            return Files.readString(process.folder().resolve("data").resolve("instance"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** Its metadata database does not answer any more, nor refuse. */
    void cut() {
        way.cut();
    }

    void mend() {
        way.mend();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.kill();
        way.close();
    }
}
