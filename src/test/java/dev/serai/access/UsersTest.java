package dev.serai.access;

import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.serai.failure.FailureException;
import dev.serai.testing.MetadataStore;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class UsersTest {
    private static final Pattern PRINTED = Pattern.compile("password of admin is (\\S+) ");

    private static void start(Users users, Map<String, String> settings) {
        new AdminUser(users, Settings.of(settings)).afterPropertiesSet();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstStartPrintsAPasswordOnce(MetadataStore store, CapturedOutput output) {
        try (MetadataStore.Own own = store.own()) {
            Users users = new Users(JdbcClient.create(own.dataSource()), Clock.systemUTC());
            start(users, Map.of());
            Matcher printed = PRINTED.matcher(output);
            assertThat(printed.find()).isTrue();
            String password = printed.group(1);
            assertThat(password).hasSizeGreaterThanOrEqualTo(20);
            assertThat(users.verify("admin", password))
                    .contains(new Caller("admin", "default", Set.of(Role.ADMIN), Set.of()));
            start(users, Map.of());
            assertThat(printed.find()).isFalse();
            assertThat(users.verify("admin", password)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGivenPasswordReplacesTheOneBeforeAndIsNotPrinted(MetadataStore store, CapturedOutput output) {
        try (MetadataStore.Own own = store.own()) {
            JdbcClient db = JdbcClient.create(own.dataSource());
            Users users = new Users(db, Clock.systemUTC());
            start(users, Map.of("serai.admin-password", "first of two"));
            start(users, Map.of("serai.admin-password", "second of two"));
            assertThat(users.verify("admin", "first of two")).isEmpty();
            assertThat(users.verify("admin", "second of two")).isPresent();
            assertThat(db.sql("select password_hash from users")
                            .query(String.class)
                            .single())
                    .startsWith("{pbkdf2}")
                    .doesNotContain("second");
            assertThat(output.toString()).doesNotContain("of two");
        }
    }

    @Test
    void longPasswordsCountToTheirLastCharacter() {
        try (MetadataStore.Own own = MetadataStore.H2.own()) {
            Users users = new Users(JdbcClient.create(own.dataSource()), Clock.systemUTC());
            String password = "p".repeat(200);
            start(users, Map.of("serai.admin-password", password));
            assertThat(users.verify("admin", password)).isPresent();
            assertThat(users.verify("admin", password.substring(1))).isEmpty();
        }
    }

    @Test
    void anEmptyPasswordStopsTheStart() {
        try (MetadataStore.Own own = MetadataStore.H2.own()) {
            Users users = new Users(JdbcClient.create(own.dataSource()), Clock.systemUTC());
            assertThatThrownBy(() -> start(users, Map.of("serai.admin-password", " ")))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("SERAI_ADMIN_PASSWORD");
        }
    }
}
