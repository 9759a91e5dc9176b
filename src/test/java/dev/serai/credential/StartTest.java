package dev.serai.credential;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;

import dev.serai.failure.FailureException;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.MetadataStore;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class StartTest {
    private static final String KEY = base64(32, 7);
    private static final String OTHER_KEY = base64(48, 8);

    @TempDir
    Path dataDir;

    private ApplicationContextRunner start;

    @BeforeEach
    void prepare() {
        start = runner().withPropertyValues("serai.data-dir=" + dataDir);
    }

    @Test
    void generatesAKeyThatOnlyItsOwnerMayRead(CapturedOutput output) throws Exception {
        String[] sealed = new String[1];
        start.run(context -> {
            assertThat(context).hasNotFailed();
            sealed[0] = Base64.getEncoder()
                    .encodeToString(context.getBean(CredentialVault.class).seal("c", "f", "planted-secret"));
        });
        Path file = dataDir.resolve("sign.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String key = Files.readString(file).strip();
        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(dataDir.toFile().list()).containsExactlyInAnyOrder("sign.key", "metadata");
        start.run(context -> assertThat(context.getBean(CredentialVault.class)
                        .open("c", "f", Base64.getDecoder().decode(sealed[0])))
                .isEqualTo("planted-secret"));
        assertThat(Files.readString(file).strip()).isEqualTo(key);
        assertThat(output).doesNotContain(key).doesNotContain("planted-secret");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnotherKeyBeforeAnythingIsWritten(MetadataStore store) throws Exception {
        SeraiSettings.Metadata metadata = store.newSettings().metadata();
        ApplicationContextRunner start = metadata.url() == null
                ? this.start
                : this.start.withPropertyValues(
                        "serai.metadata.url=" + metadata.url(),
                        "serai.metadata.username=" + metadata.username(),
                        "serai.metadata.password=" + metadata.password());
        // A database of an older Serai: what a newer one adds must not be there after a start with the wrong key.
        start.withPropertyValues("serai.sign-key=" + KEY).run(context -> {
            JdbcClient jdbc = context.getBean(JdbcClient.class);
            for (String table : List.of("flyway_schema_history", "tokens")) {
                jdbc.sql("drop table \"" + table + "\"").update();
            }
        });
        start.withPropertyValues("serai.sign-key=" + OTHER_KEY)
                .run(context -> assertThat(expected(context.getStartupFailure()))
                        .hasMessageStartingWith("wrong_sign_key")
                        .hasMessageNotContaining(OTHER_KEY)
                        .hasMessageNotContaining(KEY));
        start.run(
                context -> assertThat(expected(context.getStartupFailure())).hasMessageStartingWith("wrong_sign_key"));
        assertThat(dataDir.resolve("sign.key")).doesNotExist();
        start.withPropertyValues("serai.sign-key=" + KEY, "spring.flyway.enabled=false")
                .run(context -> assertThat(tables(context.getBean(DataSource.class)))
                        .contains("instance", "users")
                        .doesNotContain("flyway_schema_history", "tokens"));
    }

    @ParameterizedTest
    @CsvSource({
        "sign-key,not base64!,SERAI_SIGN_KEY is not base64",
        "sign-key,c2hvcnQ=,SERAI_SIGN_KEY has 5 bytes",
        "sign-key-previous,c2hvcnQ=,SERAI_SIGN_KEY_PREVIOUS has 5 bytes",
    })
    void refusesWhatIsNoKey(String setting, String value, String message) {
        start.withPropertyValues("serai." + setting + "=" + value).run(context -> {
            assertThat(expected(context.getStartupFailure())).hasMessageContaining(message);
            assertThat(context.getStartupFailure()).hasStackTraceContaining(message);
            assertThat(stackTrace(context.getStartupFailure())).doesNotContain(value);
        });
        assertThat(dataDir.resolve("sign.key")).doesNotExist();
    }

    @Test
    void refusesAKeyFileThatIsNoKey() throws Exception {
        Files.writeString(dataDir.resolve("sign.key"), "broken!");
        start.run(context ->
                assertThat(expected(context.getStartupFailure())).hasMessageContaining("sign.key is not base64"));
    }

    @Test
    void readsAnEmptySettingAsNone() {
        start.withPropertyValues("serai.sign-key=", "serai.sign-key-previous=")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(dataDir.resolve("sign.key")).exists();
    }

    @Test
    void startsWithANewKeyWhileTheOldIsGiven() {
        start.withPropertyValues("serai.sign-key=" + KEY)
                .run(context -> assertThat(context).hasNotFailed());
        ApplicationContextRunner both =
                start.withPropertyValues("serai.sign-key=" + OTHER_KEY, "serai.sign-key-previous=" + KEY);
        both.run(context -> assertThat(context).hasNotFailed());
        ApplicationContextRunner onlyNew = start.withPropertyValues("serai.sign-key=" + OTHER_KEY);
        onlyNew.run(context -> assertThat(context).hasFailed());
        both.run(context -> context.getBean(CredentialVault.class).everythingIsCurrent());
        onlyNew.run(context -> assertThat(context).hasNotFailed());
        start.withPropertyValues("serai.sign-key=" + KEY)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void givesTwoProcessesThatStartAtOnceTheSameKeyFile() throws Exception {
        Callable<byte[]> make = () -> SignKeyCheck.valueOf(new SignKeyFile(dataDir).create());
        var threads = Executors.newFixedThreadPool(4);
        try {
            assertThat(threads.invokeAll(List.of(make, make, make, make)))
                    .extracting(made -> Arrays.toString(made.get()))
                    .containsOnly(Arrays.toString(
                            SignKeyCheck.valueOf(new SignKeyFile(dataDir).read().orElseThrow())));
        } finally {
            threads.shutdownNow();
        }
        assertThat(dataDir.toFile().list()).containsExactly("sign.key");
    }

    @Test
    void givesTheSecondOfTwoFirstKeysAnError() {
        SignKeyCheck check = new SignKeyCheck(MetadataStore.POSTGRESQL.dataSource(), java.time.Clock.systemUTC());
        check.storeFirst(SignKey.ofBase64("test", KEY));
        check.storeFirst(SignKey.ofBase64("test", KEY));
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> check.storeFirst(SignKey.ofBase64("test", OTHER_KEY))))
                .isInstanceOf(FailureException.class);
    }

    @Test
    void signsTokensThatItsDecoderAccepts() {
        start.run(context -> {
            TokenSigner signer = context.getBean(TokenSigner.class);
            Instant now = Instant.now();
            String token = signer.sign(JwtClaimsSet.builder()
                    .subject("admin")
                    .issuedAt(now)
                    .expiresAt(now.plusSeconds(60))
                    .build());
            assertThat(signer.decoder().decode(token).getSubject()).isEqualTo("admin");
            assertThat(signer.decoder().decode(token).getHeaders()).containsEntry("alg", "HS256");
        });
    }

    @Test
    void bindsEgressFromTheEnvironmentsName() {
        start.withSystemProperties("serai.egress.private=deny").run(context -> assertThat(
                        context.getBean(SeraiSettings.class).egress().private_())
                .isEqualTo("deny"));
    }

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        FlywayAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        JdbcClientAutoConfiguration.class))
                .withUserConfiguration(Beginning.class);
    }

    private static FailureException expected(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException failure) {
                return failure;
            }
        }
        throw new AssertionError("Not an expected failure", thrown);
    }

    private static String stackTrace(Throwable thrown) {
        var text = new java.io.StringWriter();
        thrown.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }

    private static List<String> tables(DataSource dataSource) throws java.sql.SQLException {
        List<String> names = new java.util.ArrayList<>();
        try (var connection = dataSource.getConnection();
                var row = connection.getMetaData().getTables(null, "public", "%", null)) {
            while (row.next()) {
                names.add(row.getString("TABLE_NAME"));
            }
        }
        return names;
    }

    private static String base64(int bytes, int fill) {
        byte[] root = new byte[bytes];
        Arrays.fill(root, (byte) fill);
        return Base64.getEncoder().encodeToString(root);
    }

    @Configuration
    @EnableConfigurationProperties(SeraiSettings.class)
    @ComponentScan({"dev.serai.metadata", "dev.serai.credential"})
    static class Beginning {}
}
