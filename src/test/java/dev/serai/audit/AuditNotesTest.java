package dev.serai.audit;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

import dev.serai.metadata.Ids;
import dev.serai.metadata.Json;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class AuditNotesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final AuditStore.Filter ALL = new AuditStore.Filter(null, null, null, null, null, null);

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final Clock clock = new Clock() {
        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return time.get();
        }
    };

    private AuditNotes notes(MetadataStore.Own database, Map<String, String> settings) {
        return new AuditNotes(
                new AuditStore(JdbcClient.create(database.dataSource())),
                new JdbcTransactionManager(database.dataSource()),
                Settings.of(settings),
                clock);
    }

    private AuditEntry entry(Instant at, String actor, String address) {
        return new AuditEntry(
                Ids.next("aud"),
                "p",
                at,
                actor,
                "nobody",
                address,
                "access.refused",
                null,
                null,
                null,
                "refused",
                "unauthenticated",
                1L,
                1,
                Json.newObject());
    }

    private static List<AuditEntry> all(MetadataStore.Own database, String project) {
        return new AuditStore(JdbcClient.create(database.dataSource()))
                .list(project, ALL, 1000, null)
                .items();
    }

    @ParameterizedTest
    @EnumSource
    void removesLinesThatAreOldEnoughAndNoOthers(MetadataStore store) {
        try (var database = store.own()) {
            AuditStore kept = new AuditStore(JdbcClient.create(database.dataSource()));
            kept.add(entry(NOW.minus(Duration.ofDays(31)), "old", "a"));
            kept.add(entry(NOW.minus(Duration.ofDays(29)), "young", "a"));
            try (AuditNotes notes = notes(database, Map.of("serai.audit.retention", "30d"))) {
                await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(all(database, "p"))
                        .extracting(AuditEntry::actor)
                        .containsExactly("young"));
                time.set(NOW.plus(Duration.ofDays(2)));
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(all(database, "p")).isEmpty());
                assertThat(notes).isNotNull();
            }
        }
    }

    @Test
    void countsWhatIsAlikeByTheMinute() {
        try (var database = MetadataStore.H2.own()) {
            AuditNotes notes = notes(database, Map.of());
            for (int i = 0; i < 5000; i++) {
                notes.addAlike(entry(NOW, "nobody", "10.0.0.1"));
            }
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(all(database, "p"))
                    .extracting(AuditEntry::count)
                    .containsExactly(1L));
            time.set(NOW.plusSeconds(61));
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(all(database, "p"))
                    .extracting(AuditEntry::count)
                    .containsExactly(4999L, 1L));
            notes.close();
        }
    }

    @Test
    void aFloodFromManyAddressesStaysAFewLines() {
        try (var database = MetadataStore.H2.own()) {
            AuditNotes notes = notes(database, Map.of());
            for (int i = 0; i < 20_000; i++) {
                notes.addAlike(entry(NOW, "nobody", "10.0." + i / 256 + "." + i % 256));
            }
            notes.close();
            assertThat(all(database, "p")).hasSize(200);
            assertThat(all(database, "default"))
                    .allMatch(line -> "(many)".equals(line.address()))
                    .extracting(AuditEntry::count)
                    .containsExactly(20_000L - 201, 1L);
        }
    }

    @Test
    void neverHoldsUpWhoReadsAndSaysWhatWasLost() throws Exception {
        try (var database = MetadataStore.POSTGRESQL.own();
                Connection other = database.dataSource().getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table audit_entries in access exclusive mode");
            AuditNotes notes = notes(database, Map.of());
            long began = System.nanoTime();
            for (int i = 0; i < 25_000; i++) {
                notes.add(entry(NOW, "reader", "10.0.0.1"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            other.rollback();
            other.setAutoCommit(true);
            notes.close();
            long written = JdbcClient.create(database.dataSource())
                    .sql("select count(*) from audit_entries where actor = 'reader'")
                    .query(Long.class)
                    .single();
            assertThat(all(database, "default")).extracting(AuditEntry::action).containsOnly("audit.lost");
            assertThat(written
                            + all(database, "default").stream()
                                    .mapToLong(AuditEntry::count)
                                    .sum())
                    .isEqualTo(25_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhateverACallerMakesUp(MetadataStore store) {
        try (var database = store.own()) {
            String odd = "a\u0000b\uD800c\u001b[31m'; drop table x; --" + "\uD83D\uDE00".repeat(500);
            AuditNotes notes = notes(database, Map.of());
            notes.add(new AuditEntry(
                    Ids.next("aud"),
                    "p",
                    NOW,
                    odd,
                    odd,
                    odd,
                    "login",
                    odd,
                    odd,
                    odd,
                    "failed",
                    odd,
                    null,
                    1,
                    Json.newObject().put("sql", odd)));
            notes.close();
            assertThat(all(database, "p")).singleElement().satisfies(line -> {
                assertThat(line.actor()).startsWith("a?b?c?[31m").hasSizeLessThanOrEqualTo(200);
                assertThat(line.durationMs()).isNull();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsThereAlreadyOrCannotBeWrittenHoldsUpNoOther(MetadataStore store) {
        try (var database = store.own()) {
            AuditEntry committed = entry(NOW, "committed", "a");
            new AuditStore(JdbcClient.create(database.dataSource())).add(committed);
            AuditEntry impossible = new AuditEntry(
                    "aud_" + "x".repeat(1000),
                    "p",
                    NOW,
                    "impossible",
                    "nobody",
                    null,
                    "login",
                    null,
                    null,
                    null,
                    "failed",
                    null,
                    null,
                    1,
                    Json.newObject());
            AuditNotes notes = notes(database, Map.of());
            notes.add(committed);
            notes.add(impossible);
            notes.add(entry(NOW, "other", "a"));
            notes.close();
            assertThat(all(database, "p")).extracting(AuditEntry::actor).containsExactly("other", "committed");
            assertThat(all(database, "default")).singleElement().satisfies(line -> {
                assertThat(line.action()).isEqualTo("audit.lost");
                assertThat(line.count()).isEqualTo(1);
            });
        }
    }

    @Test
    void aChangeNeedsATransaction() {
        AuditLog log = new AuditLog(MetadataStore.H2.jdbc(), clock);
        assertThatThrownBy(() -> log.changed("p", "connector.change", "con_1", null, null, Json.newObject()))
                .isInstanceOf(IllegalStateException.class);
    }
}
