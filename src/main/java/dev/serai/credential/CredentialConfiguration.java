package dev.serai.credential;

import java.time.Clock;
import javax.sql.DataSource;

import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.serai.metadata.Erasure;
import dev.serai.settings.SeraiSettings;

/** Sees to the order at start: the sign key is verified, then the database migrated, then the rest begins. */
@Configuration(proxyBeanMethods = false)
class CredentialConfiguration {

    @Bean
    SignKeyCheck signKeyCheck(DataSource dataSource, Clock clock) {
        return new SignKeyCheck(dataSource, clock);
    }

    @Bean
    SignKeys signKeys(SeraiSettings settings, SignKeyCheck check) {
        return SignKeys.load(settings, check);
    }

    @Bean
    FlywayMigrationStrategy migrateWithTheRightKeyOnly(SignKeys keys, SignKeyCheck check) {
        return flyway -> {
            flyway.migrate();
            if (keys.first()) {
                check.storeFirst(keys.current());
            }
        };
    }

    @Bean
    CredentialVault credentialVault(SignKeys keys, SignKeyCheck check, Erasure erasure) {
        return new CredentialVault(keys, check, erasure);
    }

    @Bean
    TokenSigner tokenSigner(SignKeys keys) {
        return new TokenSigner(keys);
    }
}
