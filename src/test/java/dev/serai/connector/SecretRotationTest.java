package dev.serai.connector;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

import dev.serai.credential.CredentialVault;
import dev.serai.credential.TestVault;
import dev.serai.failure.FailureException;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecretRotationTest {

    @ParameterizedTest
    @EnumSource
    void sealsEverythingAnewOrNothing(MetadataStore database) {
        try (MetadataStore.Own own = database.own()) {
            ConnectorFixture fixture = new ConnectorFixture(database, own.dataSource());
            Connector one = fixture.create("one");
            fixture.create("two");
            CredentialVault both = TestVault.of(own.dataSource(), 2, Optional.of(1));
            SecretRotation rotation =
                    new SecretRotation(fixture.jdbc, both, new JdbcTransactionManager(own.dataSource()));
            CredentialVault onlyNew = TestVault.of(own.dataSource(), 2, Optional.empty());

            // One that cannot be opened: nothing at all may be changed.
            fixture.jdbc
                    .sql("insert into connector_secrets (connector_id, field, sealed) values (?, 'zzz', ?)")
                    .params(one.id(), TestVault.of(9).seal(one.id(), "zzz", "\"x\""))
                    .update();
            assertThatThrownBy(rotation::rotate).isInstanceOf(FailureException.class);
            assertThat(fixture.store
                            .open(withoutBroken(fixture, one))
                            .path("password")
                            .asText())
                    .isEqualTo("planted-1");

            assertThat(rotation.rotate()).isEqualTo(4);
            assertThat(rotation.rotate()).isZero();
            assertThat(new ConnectorStore(fixture.jdbc, onlyNew)
                            .open(one)
                            .path("password")
                            .asText())
                    .isEqualTo("planted-1");
            assertThatThrownBy(() -> fixture.store.open(one)).hasMessageNotContaining("planted");
        }
    }

    private static Connector withoutBroken(ConnectorFixture fixture, Connector connector) {
        fixture.jdbc.sql("delete from connector_secrets where field = 'zzz'").update();
        return connector;
    }
}
