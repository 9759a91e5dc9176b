package dev.serai.reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class SecretSourcesTest {
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static final String SIGN_KEY = "c2VyYWkgc2lnbiBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=";

    @TempDir
    Path folder;

    private final Map<String, Object> variables = new HashMap<>();
    private Path secrets;
    private ReferenceRules rules;
    private SecretSources sources;

    @BeforeEach
    void prepare() throws IOException {
        secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.createDirectory(folder.resolve("data"));
        allow("env:DB_*,env:ALIAS,file:" + secrets + "/**,file:" + folder
                + "/data/**,vault:db/*,sys:**,bean:**,env:SERAI_*");
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    private void allow(String references) {
        var settings = Settings.of(Map.of(
                "serai.references",
                references,
                "serai.data-dir",
                folder.resolve("data").toString(),
                "serai.sign-key",
                SIGN_KEY,
                "serai.metadata.password",
                "of the metadata"));
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource("systemEnvironment", variables));
        environment.getSystemProperties().put("DB_SYSTEM_PROPERTY", "not a variable");
        rules = new ReferenceRules(settings);
        sources = new SecretSources(rules, environment, CAMEL, settings);
    }

    private String resolve(String reference) {
        return sources.resolve(SecretReference.of(reference).orElseThrow());
    }

    private Failure failure(String reference) {
        Throwable thrown = catchThrowable(() -> resolve(reference));
        assertThat(thrown).isInstanceOf(FailureException.class);
        Failure failure = ((FailureException) thrown).failure();
        assertThat(failure).isInstanceOfSatisfying(Failure.Source.class, source -> assertThat(source.layer())
                .isEqualTo(Failure.Layer.CONFIG));
        return failure;
    }

    @Test
    void readsAVariableAsItIsNow() {
        variables.put("DB_PASSWORD", "first");
        assertThat(resolve("env:DB_PASSWORD")).isEqualTo("first");
        variables.put("DB_PASSWORD", " second\n");
        assertThat(resolve("env:DB_PASSWORD")).isEqualTo(" second\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DB_MISSING", "DB_SYSTEM_PROPERTY", "db.password", "db-password", "DB_PASSWORD/../HOME"})
    void knowsOnlyRealVariablesByTheirOwnNames(String name) {
        variables.put("DB_PASSWORD", "planted");
        assertThat(failure("env:" + name).detail()).doesNotContain("planted", "not a variable");
    }

    /** Allowed above, and still refused. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SERAI_SIGN_KEY",
                "SERAI_METADATA_PASSWORD",
                "serai_sign_key",
                "SPRING_DATASOURCE_PASSWORD",
                "CAMEL_VAULT_HASHICORP_TOKEN"
            })
    void neverGivesWhatSeraiIsRunWith(String name) {
        variables.put(name, "planted");
        allow("env:**");
        assertThat(rules.refusal(new SecretReference("env", name)))
                .get()
                .asString()
                .contains("Serai itself");
        assertThat(failure("env:" + name).detail()).doesNotContain("planted");
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGN_KEY, SIGN_KEY + "\n", "of the metadata"})
    void neverGivesItUnderAnotherName(String own) throws IOException {
        variables.put("ALIAS", own);
        Files.writeString(secrets.resolve("copy"), own);
        assertThat(failure("env:ALIAS").detail())
                .contains("secret of Serai itself")
                .doesNotContain(own.strip());
        assertThat(failure("file:" + secrets + "/copy").detail()).contains("secret of Serai itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sys:serai.sign-key", "bean:credentialVault.toString", "service:DB", "service-host:DB"})
    void neverReadsThisProcess(String reference) {
        allow("sys:**,bean:**,service:**,service-host:**");
        assertThat(failure(reference).detail()).contains("holds no secrets");
    }

    @ParameterizedTest
    @CsvSource({
        "'s3cret\n','s3cret'",
        "'s3cret\r\n','s3cret'",
        "'a\nb\n\n','a\nb\n'",
        "'pä€\uD83D\uDD11','pä€\uD83D\uDD11'",
        "'s3cret','s3cret'"
    })
    void readsAFileWithoutTheLineBreakAtItsEnd(String content, String secret) throws IOException {
        Path file = Files.writeString(secrets.resolve("db"), content);
        assertThat(resolve("file:" + file)).isEqualTo(secret);
        Files.writeString(file, "rotated");
        assertThat(resolve("file:" + file)).isEqualTo("rotated");
    }

    @Test
    void followsLinksAsKubernetesMountsThem() throws IOException {
        Path version = Files.createDirectory(secrets.resolve("..2026_11_23"));
        Files.writeString(version.resolve("password"), "mounted");
        Path data = Files.createSymbolicLink(secrets.resolve("..data"), version);
        Files.createSymbolicLink(secrets.resolve("password"), Path.of("..data/password"));
        assertThat(resolve("file:" + secrets + "/password")).isEqualTo("mounted");

        Path next = Files.createDirectory(secrets.resolve("..2026_11_24"));
        Files.writeString(next.resolve("password"), "rotated");
        Files.delete(data);
        Files.createSymbolicLink(data, next);
        assertThat(resolve("file:" + secrets + "/password")).isEqualTo("rotated");
    }

    @Test
    void takesAnAllowedFolderThatIsALinkItself() throws IOException {
        Files.writeString(secrets.resolve("password"), "behind the link");
        Path link = Files.createSymbolicLink(folder.resolve("link"), secrets);
        allow("file:" + link + "/*");
        assertThat(resolve("file:" + link + "/password")).isEqualTo("behind the link");
        assertThat(failure("file:" + secrets + "/password").detail()).contains("SERAI_REFERENCES");
    }

    @Test
    void leavesTheAllowedFoldersByNoWay() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "planted");
        Files.createSymbolicLink(secrets.resolve("link"), outside);
        Files.createSymbolicLink(secrets.resolve("up"), folder);
        Files.createSymbolicLink(secrets.resolve("process"), Path.of("/proc/self/environ"));
        Files.writeString(folder.resolve("data/sign.key"), "planted");
        Files.createSymbolicLink(secrets.resolve("key"), folder.resolve("data/sign.key"));
        for (String file : new String[] {
            secrets + "/link",
            secrets + "/up/outside",
            secrets + "/../outside",
            secrets + "/./x",
            secrets + "//x",
            secrets + "/",
            secrets + "/key",
            secrets + "/process",
            folder + "/data/sign.key",
            outside.toString(),
            "secrets/x",
            "/proc/self/environ",
            "/etc/passwd"
        }) {
            assertThat(failure("file:" + file).detail()).as(file).doesNotContain("planted");
        }
        allow("file:/**");
        assertThat(failure("file:/proc/self/environ").detail()).contains("never have");
        assertThat(failure("file:" + secrets + "/process").detail()).contains("does not allow");
        assertThat(failure("file:" + secrets + "/key").detail()).contains("does not allow");
    }

    @Test
    void refusesWhatIsNoSecret() throws IOException {
        Files.write(secrets.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Files.write(secrets.resolve("large"), "x".repeat(64 * 1024 + 1).getBytes(StandardCharsets.UTF_8));
        Files.write(secrets.resolve("fits"), "x".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8));
        Files.writeString(secrets.resolve("empty"), "\n");
        Files.createDirectory(secrets.resolve("folder"));
        assertThat(failure("file:" + secrets + "/binary").detail()).contains("UTF-8");
        assertThat(failure("file:" + secrets + "/large").detail()).contains("more than 65536 bytes");
        assertThat(resolve("file:" + secrets + "/fits")).hasSize(64 * 1024);
        assertThat(failure("file:" + secrets + "/empty").detail()).contains("empty");
        assertThat(failure("file:" + secrets + "/folder").detail()).contains("regular file");
        assertThat(failure("file:" + secrets + "/missing").detail()).contains("no such file");
    }

    @Test
    void asksCamelsPropertyFunctions() {
        Map<String, String> held = new HashMap<>(Map.of("db/password", "of the vault"));
        CAMEL.getPropertiesComponent().addPropertiesFunction(new PropertiesFunction() {
            @Override
            public String getName() {
                return "vault";
            }

            @Override
            public String apply(String remainder) {
                if (remainder.equals("db/broken")) {
                    throw new IllegalStateException("planted");
                }
                return held.get(remainder);
            }
        });
        assertThat(resolve("vault:db/password")).isEqualTo("of the vault");
        held.put("db/password", "rotated");
        assertThat(resolve("vault:db/password")).isEqualTo("rotated");
        assertThat(failure("vault:db/missing").retryable()).isFalse();
        assertThat(failure("vault:db/broken")).satisfies(failure -> {
            assertThat(failure.detail()).doesNotContain("planted");
            assertThat(failure.retryable()).isTrue();
        });
        assertThat(failure("vault:db/deeper/password").detail()).contains("SERAI_REFERENCES");
        allow("missing-vault:**");
        assertThat(failure("missing-vault:x").detail()).contains("class path");
    }

    @Test
    void allowsNothingUnlessToldTo() throws IOException {
        Files.writeString(secrets.resolve("db"), "x");
        allow("");
        assertThat(failure("file:" + secrets + "/db").detail()).contains("SERAI_REFERENCES");
        assertThat(ReferenceRules.NONE.refusal(new SecretReference("env", "DB")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DB_PASSWORD", "*:x", "file:relative/**", "env:", "ENV:X"})
    void namesASettingThatIsNone(String entry) {
        assertThat(catchThrowable(() -> allow(entry)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("SERAI_REFERENCES")
                .hasMessageContaining(entry);
    }
}
