package dev.serai.connector;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.h2.api.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;

import dev.serai.audit.AuditLog;
import dev.serai.credential.CredentialVault;
import dev.serai.credential.TestVault;
import dev.serai.failure.FailureException;
import dev.serai.metadata.MetadataDatabase;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

import static dev.serai.connector.ConnectorFixture.failure;
import static dev.serai.connector.ConnectorFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SecretRotationTest {
    private static final int OLD = 1;
    private static final int NEW = 2;

    @ParameterizedTest
    @EnumSource
    void sealsEverythingAnewOrNothing(MetadataStore database) {
        try (MetadataStore.Own own = database.own()) {
            ConnectorFixture fixture = fixture(own.dataSource());
            Connector one = fixture.create("one");
            fixture.create("two");
            SecretRotation rotation = rotation(own.dataSource());

            // One that cannot be opened: nothing at all may be changed.
            plantForeign(fixture, one, "zzz");
            assertThatThrownBy(rotation::rotate)
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining(one.id())
                    .hasMessageContaining("zzz");
            fixture.jdbc
                    .sql("delete from connector_secrets where field = 'zzz'")
                    .update();
            assertThat(password(own.dataSource(), OLD, one)).isEqualTo("planted-1");

            assertThat(rotation.rotate()).isEqualTo(4);
            assertThat(rotation.rotate()).isZero();
            assertThat(password(own.dataSource(), NEW, one)).isEqualTo("planted-1");
            assertThatThrownBy(() -> fixture.store.open(one)).hasMessageNotContaining("planted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSecretThatCannotBeOpenedBreaksItsOwnConnectorOnly(MetadataStore database) {
        ConnectorFixture fixture = new ConnectorFixture(database);
        Connector broken = fixture.create("broken");
        Connector whole = fixture.create("whole");
        fixture.jdbc
                .sql(
                        "update connector_secrets set sealed = (select sealed from connector_secrets"
                                + " where connector_id = ? and field = 'password') where connector_id = ? and field = 'password'")
                .params(whole.id(), broken.id())
                .update();

        assertThat(failure(() -> fixture.connectors.test(fixture.project, broken.id(), null)))
                .satisfies(failure -> {
                    assertThat(failure.code()).isEqualTo("secret_unreadable");
                    assertThat(failure.detail())
                            .contains(broken.id(), "'password'")
                            .doesNotContain("planted");
                });
        assertThat(fixture.connectors.test(fixture.project, whole.id(), null).ok())
                .isTrue();
        assertThat(fixture.connectors
                        .list(fixture.project, new ConnectorStore.Filter(null, null, null, null, 10, null))
                        .items())
                .hasSize(2);
        assertThat(fixture.connectors.masked(broken).path("password").asText()).isEqualTo("********");
        assertThat(failure(() -> fixture.connectors.patch(
                                fixture.project, broken.id(), json("{'config':{'username':'v'}}")))
                        .code())
                .isEqualTo("secret_unreadable");

        fixture.connectors.patch(fixture.project, broken.id(), json("{'description':'kept'}"));
        Connector mended =
                fixture.connectors.patch(fixture.project, broken.id(), json("{'config':{'password':'again'}}"));
        assertThat(fixture.store.open(mended).path("password").asText()).isEqualTo("again");
        assertThat(fixture.connectors.test(fixture.project, broken.id(), null).ok())
                .isTrue();
    }

    @Test
    void whatCannotBeOpenedCanBeClearedAndDeleted() {
        ConnectorFixture fixture = new ConnectorFixture(MetadataStore.H2);
        Connector broken = fixture.create("broken");
        plantForeign(fixture, broken, "token");

        Connector cleared = fixture.connectors.patch(fixture.project, broken.id(), json("{'config':{'token':null}}"));
        assertThat(cleared.revision()).isGreaterThan(broken.revision());
        assertThat(fixture.store.open(cleared).has("token")).isFalse();

        plantForeign(fixture, broken, "password");
        fixture.connectors.delete(fixture.project, broken.id());
    }

    /** Replicas are restarted one after the other: some still have only the old key, some have both. */
    @ParameterizedTest
    @EnumSource
    void aReplicaWithTheOldKeyAloneSealsNothingAfterTheRotation(MetadataStore database) {
        try (MetadataStore.Own own = database.own()) {
            TestVault.first(own.dataSource(), OLD);
            ConnectorFixture old = fixture(own.dataSource());
            ConnectorFixture both =
                    new ConnectorFixture(own.dataSource(), TestVault.of(own.dataSource(), NEW, Optional.of(OLD)));
            Connector one = old.create("one");
            Connector two = both.create("two");
            assertThat(password(own.dataSource(), NEW, two)).isEqualTo("planted-1");
            assertThat(both.store.open(one).path("password").asText()).isEqualTo("planted-1");

            assertThat(rotation(own.dataSource()).rotate()).isEqualTo(2);

            for (Runnable write : List.<Runnable>of(
                    () -> old.create("three"),
                    () -> old.connectors.patch("own", one.id(), json("{'config':{'password':'lost','token':'lost'}}")),
                    () -> new SecretRotation(
                                    old.jdbc,
                                    TestVault.of(own.dataSource(), OLD, Optional.empty()),
                                    new AuditLog(old.jdbc, Clock.systemUTC()),
                                    new JdbcTransactionManager(own.dataSource()))
                            .rotate())) {
                assertThat(failure(write::run).code()).isEqualTo("sign_key_changed");
            }
            assertThat(password(own.dataSource(), NEW, one)).isEqualTo("planted-1");
            assertThat(old.connectors
                            .list("own", new ConnectorStore.Filter(null, null, null, null, 10, null))
                            .items())
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoReplicasThatRotateAtOnceDoItOnce(MetadataStore database) {
        try (MetadataStore.Own own = database.own()) {
            TestVault.first(own.dataSource(), OLD);
            ConnectorFixture fixture = fixture(own.dataSource());
            List<Connector> made = IntStream.range(0, 20)
                    .mapToObj(number -> fixture.create("c" + number))
                    .toList();

            var first = CompletableFuture.supplyAsync(
                    () -> rotation(own.dataSource()).rotate());
            var second = CompletableFuture.supplyAsync(
                    () -> rotation(own.dataSource()).rotate());

            assertThat(List.of(first.join(), second.join())).containsExactlyInAnyOrder(40, 0);
            assertThat(made).allSatisfy(one -> assertThat(password(own.dataSource(), NEW, one))
                    .isEqualTo("planted-1"));
        }
    }

    @Test
    void aRotationThatLosesItsDatabaseMidwayIsDoneAgain() throws Exception {
        try (MetadataStore.Own own = MetadataStore.POSTGRESQL.own()) {
            TestVault.first(own.dataSource(), OLD);
            ConnectorFixture fixture = fixture(own.dataSource());
            Connector one = fixture.create("one");
            fixture.jdbc
                    .sql(
                            """
                            create function wait_at_tokens() returns trigger language plpgsql as $$
                            begin if new.field = 'token' then perform pg_sleep(30); end if; return new; end $$;
                            create trigger waits before update on connector_secrets
                            for each row execute function wait_at_tokens()
                            """)
                    .update();
            var rotated = CompletableFuture.supplyAsync(
                    () -> rotation(own.dataSource()).rotate());
            await().atMost(10, TimeUnit.SECONDS).until(() -> fixture.jdbc
                    .sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'"
                            + " and datname = current_database()")
                    .query(Boolean.class)
                    .list()
                    .contains(true));
            assertThatThrownBy(rotated::join).hasCauseInstanceOf(TransactionSystemException.class);

            assertThat(fixture.store.open(one).path("password").asText()).isEqualTo("planted-1");
            fixture.jdbc.sql("drop trigger waits on connector_secrets").update();
            assertThat(rotation(own.dataSource()).rotate()).isEqualTo(2);
            assertThat(password(own.dataSource(), NEW, one)).isEqualTo("planted-1");
        }
    }

    @Test
    void aRotationWhoseProcessIsKilledMidwayIsDoneAgain(@TempDir Path folder) throws Exception {
        Connector one;
        try (HikariDataSource pool = open(folder)) {
            TestVault.first(pool, OLD);
            ConnectorFixture fixture = fixture(pool);
            one = fixture.create("one");
            fixture.create("two");
            fixture.jdbc
                    .sql("create trigger halts before update on connector_secrets for each row call '"
                            + Halt.class.getName() + "'")
                    .update();
        }

        Process rotating = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rotating.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        assertThat(rotating.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(rotating.exitValue()).isEqualTo(Halt.STATUS);

        try (HikariDataSource pool = open(folder)) {
            assertThat(password(pool, OLD, one)).isEqualTo("planted-1");
            JdbcClient.create(pool).sql("drop trigger halts").update();
            assertThat(rotation(pool).rotate()).isEqualTo(4);
            assertThat(password(pool, NEW, one)).isEqualTo("planted-1");
        }
    }

    /** A process that rotates, as far as it gets. */
    static final class Rotating {
        public static void main(String[] args) throws IOException {
            try (HikariDataSource pool = open(Path.of(args[0]))) {
                rotation(pool).rotate();
            }
        }
    }

    /** Ends the process at the third secret, as a kill does. */
    public static final class Halt implements Trigger {
        static final int STATUS = 77;
        private static int fired;

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {
            if (++fired == 3) {
                Runtime.getRuntime().halt(STATUS);
            }
        }
    }

    private static HikariDataSource open(Path folder) {
        HikariDataSource pool = MetadataDatabase.open(Settings.of(Map.of("serai.data-dir", folder.toString())));
        Flyway.configure().dataSource(pool).load().migrate();
        return pool;
    }

    private static ConnectorFixture fixture(DataSource database) {
        return new ConnectorFixture(database, TestVault.of(database, OLD, Optional.empty()));
    }

    private static SecretRotation rotation(DataSource database) {
        CredentialVault both = TestVault.of(database, NEW, Optional.of(OLD));
        return new SecretRotation(
                JdbcClient.create(database),
                both,
                new AuditLog(JdbcClient.create(database), Clock.systemUTC()),
                new JdbcTransactionManager(database));
    }

    /** As a process with this key alone reads it. */
    private static String password(DataSource database, int key, Connector connector) {
        return new ConnectorStore(JdbcClient.create(database), TestVault.of(database, key, Optional.empty()))
                .open(connector)
                .path("password")
                .asText();
    }

    private static void plantForeign(ConnectorFixture fixture, Connector connector, String field) {
        fixture.jdbc
                .sql("delete from connector_secrets where connector_id = ? and field = ?")
                .params(connector.id(), field)
                .update();
        fixture.jdbc
                .sql("insert into connector_secrets (connector_id, field, sealed) values (?, ?, ?)")
                .params(connector.id(), field, TestVault.of(9).seal(connector.id(), field, "\"x\""))
                .update();
    }
}
