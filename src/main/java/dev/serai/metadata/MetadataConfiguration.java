package dev.serai.metadata;

import java.time.Clock;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.serai.settings.SeraiSettings;

/** Feeds Spring's own JDBC, transactions and Flyway with the metadata database of our settings. */
@Configuration(proxyBeanMethods = false)
class MetadataConfiguration {

    @Bean
    HikariDataSource dataSource(SeraiSettings settings) {
        return MetadataDatabase.open(settings);
    }

    @Bean
    Erasure erasure(SeraiSettings settings) {
        return MetadataDatabase.erasure(settings);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
