package dev.serai.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

import dev.serai.audit.AuditLog;
import dev.serai.credential.CredentialVault;
import dev.serai.credential.TestVault;
import dev.serai.metadata.Erasure;
import dev.serai.metadata.MetadataDatabase;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

import static dev.serai.connector.ConnectorFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

/** What a deleted, cleared or replaced secret leaves behind: nothing, not even sealed. */
class DestroyedSecretsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void noTableHasTheSealedSecretOfADeletedConnector(MetadataStore database) throws Exception {
        try (MetadataStore.Own own = database.own()) {
            ConnectorFixture fixture = new ConnectorFixture(database, own.dataSource());
            Connector gone = fixture.create("gone");
            fixture.create("stays");
            List<String> sealed = sealed(fixture.jdbc, gone.id());
            assertThat(everything(own.dataSource())).containsAll(sealed).noneMatch(value -> value.contains("planted"));

            fixture.connectors.delete(fixture.project, gone.id());

            assertThat(everything(own.dataSource())).doesNotContainAnyElementsOf(sealed);
        }
    }

    @Test
    void nothingIsLeftInTheFileOnceSeraiHasStopped() throws IOException {
        List<String> gone;
        List<String> kept;
        try (HikariDataSource pool = open()) {
            ConnectorFixture fixture = new ConnectorFixture(pool, vault(pool));
            Connector deleted = fixture.create("deleted");
            Connector changed = fixture.create("changed");
            Connector stays = fixture.create("stays");
            gone = Stream.of(deleted, changed)
                    .flatMap(one -> sealed(fixture.jdbc, one.id()).stream())
                    .toList();
            fixture.jdbc.sql("checkpoint sync").update();
            assertThat(inFiles(gone)).isEqualTo(gone);
            fixture.connectors.delete(fixture.project, deleted.id());
            fixture.connectors.patch(fixture.project, changed.id(), json("{'config':{'password':'new','token':null}}"));
            fixture.jdbc.sql("checkpoint sync").update();
            kept = Stream.of(changed, stays)
                    .flatMap(one -> sealed(fixture.jdbc, one.id()).stream())
                    .toList();
        }

        assertThat(inFiles(kept)).isEqualTo(kept);
        assertThat(inFiles(gone)).isEmpty();
    }

    @Test
    void whatAKilledSeraiLeavesIsGoneOnceItHasStarted() throws IOException {
        List<String> gone;
        try (HikariDataSource pool = open()) {
            ConnectorFixture fixture = new ConnectorFixture(pool, vault(pool));
            Connector deleted = fixture.create("deleted");
            gone = sealed(fixture.jdbc, deleted.id());
            fixture.jdbc.sql("checkpoint sync").update();
            fixture.connectors.delete(fixture.project, deleted.id());
            fixture.jdbc.sql("checkpoint sync").update();
            fixture.jdbc.sql("shutdown immediately").update();
        }
        assertThat(inFiles(gone)).as("H2 keeps what was deleted").isEqualTo(gone);

        try (HikariDataSource pool = open()) {
            assertThat(JdbcClient.create(pool)
                            .sql("select count(*) from deleted_connectors")
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
            assertThat(inFiles(gone)).isEmpty();
        }
    }

    @Test
    void rotationLeavesNothingThatTheOldKeyOpens() throws IOException {
        List<String> old;
        try (HikariDataSource pool = open()) {
            ConnectorFixture fixture = new ConnectorFixture(pool, vault(pool));
            Connector connector = fixture.create("one");
            old = sealed(fixture.jdbc, connector.id());
            fixture.jdbc.sql("checkpoint sync").update();
            new SecretRotation(
                            fixture.jdbc,
                            TestVault.of(pool, 2, Optional.of(1), erasure()),
                            new AuditLog(fixture.jdbc, Clock.systemUTC()),
                            new JdbcTransactionManager(pool))
                    .rotate();
        }

        assertThat(inFiles(old)).isEmpty();
    }

    private HikariDataSource open() {
        HikariDataSource pool = MetadataDatabase.open(settings());
        Flyway.configure().dataSource(pool).load().migrate();
        return pool;
    }

    private SeraiSettings settings() {
        return Settings.of(Map.of("serai.data-dir", folder.toString()));
    }

    private Erasure erasure() {
        return MetadataDatabase.erasure(settings());
    }

    private CredentialVault vault(DataSource pool) {
        return TestVault.of(pool, 1, Optional.empty(), erasure());
    }

    /** As Latin-1, which any bytes are; without the part that the key's name makes equal. */
    private static List<String> sealed(JdbcClient jdbc, String connector) {
        return jdbc.sql("select sealed from connector_secrets where connector_id = ? order by field")
                .param(connector)
                .query((row, number) -> latin1(row.getBytes("sealed")).substring(5))
                .list();
    }

    private List<String> inFiles(List<String> sealed) throws IOException {
        StringBuilder files = new StringBuilder();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.append(latin1(Files.readAllBytes(file)));
            }
        }
        return sealed.stream().filter(one -> isIn(one, files)).toList();
    }

    /** Eight bytes in a row are no chance; more need not stand together where H2 compresses. */
    private static boolean isIn(String sealed, StringBuilder files) {
        return IntStream.rangeClosed(0, sealed.length() - 8)
                .anyMatch(from -> files.indexOf(sealed.substring(from, from + 8)) >= 0);
    }

    /** Every value of every table. */
    private static List<String> everything(DataSource database) throws Exception {
        List<String> values = new ArrayList<>();
        try (var connection = database.getConnection()) {
            DatabaseMetaData meta = connection.getMetaData();
            List<String> tables = new ArrayList<>();
            try (ResultSet row = meta.getTables(null, "public", "%", null)) {
                while (row.next()) {
                    if (row.getString("TABLE_TYPE").endsWith("TABLE")) {
                        tables.add(row.getString("TABLE_NAME"));
                    }
                }
            }
            for (String table : tables) {
                try (var statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("select * from \"" + table + "\"")) {
                    while (row.next()) {
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            Object value = row.getObject(i);
                            values.add(
                                    value instanceof byte[] bytes && bytes.length > 5
                                            ? latin1(bytes).substring(5)
                                            : String.valueOf(value));
                        }
                    }
                }
            }
        }
        return values;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
