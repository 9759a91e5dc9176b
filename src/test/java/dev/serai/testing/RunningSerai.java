package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

import dev.serai.Serai;

/**
 * The whole of Serai as its users see it, over HTTP. Tests share the one of {@link #shared()}, which starts once a JVM,
 * and keep apart by a project of their own.
 */
public final class RunningSerai implements AutoCloseable {
    public static final String ADMIN_PASSWORD = "correct horse battery staple";

    private static final class Shared {
        private static final RunningSerai INSTANCE = start(Map.of());

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close, "shared-serai"));
        }
    }

    private final ConfigurableApplicationContext context;
    private final Path folder;
    private final URI address;
    private final Map<String, HttpCaller> callers = new ConcurrentHashMap<>();

    private RunningSerai(ConfigurableApplicationContext context, Path folder) {
        this.context = context;
        this.folder = folder;
        int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        this.address = URI.create("http://localhost:" + port);
    }

    /** The one of this JVM. Leave nothing in it that another test could stumble over. */
    public static RunningSerai shared() {
        return Shared.INSTANCE;
    }

    /** One of one's own, for other settings, such as {@code serai.jwt.issuer}. Its folders are empty and new. */
    public static RunningSerai start(Map<String, String> settings) {
        try {
            Path folder = TestFolder.create("serai-test");
            List<String> arguments = new ArrayList<>(List.of(
                    "--server.port=0",
                    "--serai.data-dir=" + folder.resolve("data"),
                    "--serai.kamelets-dir=" + Files.createDirectory(folder.resolve("kamelets")),
                    "--serai.routes-dir=" + Files.createDirectory(folder.resolve("routes")),
                    // Quartz knows data sources by their scheduler's name throughout a JVM.
                    "--spring.quartz.scheduler-name=" + folder.getFileName(),
                    "--serai.admin-password=" + ADMIN_PASSWORD));
            // What fails in a test is to be seen to fail; tests of trying again say so.
            arguments.add("--serai.sync.retry=" + settings.getOrDefault("serai.sync.retry", "0s"));
            settings.forEach((name, value) -> {
                if (!name.equals("serai.sync.retry")) {
                    arguments.add("--" + name + "=" + value);
                }
            });
            return new RunningSerai(new SpringApplication(Serai.class).run(arguments.toArray(String[]::new)), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI address() {
        return address;
    }

    /** Where Kamelets and routes can be dropped while it runs: the subfolders {@code kamelets} and {@code routes}. */
    public Path folder() {
        return folder;
    }

    /** A bean, for what cannot be seen from outside. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Without a token. */
    public HttpCaller nobody() {
        return new HttpCaller(address, null);
    }

    /** With any token. */
    public HttpCaller bearing(String token) {
        return new HttpCaller(address, token);
    }

    /** The user {@code admin}, logged in; in the project {@code default}. */
    public HttpCaller admin() {
        return remembered("admin", () -> {
            HttpCaller.Reply login =
                    nobody().post("/api/auth/login", Map.of("username", "admin", "password", ADMIN_PASSWORD));
            return bearing(login.expect(200).path("access_token").asText());
        });
    }

    /** With a minted token of this role in this project. */
    public HttpCaller as(String role, String project, String... groups) {
        return remembered(role + "@" + project + List.of(groups), () -> bearing(token(role, project, groups)));
    }

    /** Making one may need another one, which {@code computeIfAbsent} does not allow. */
    private HttpCaller remembered(String key, Supplier<HttpCaller> make) {
        HttpCaller known = callers.get(key);
        if (known == null) {
            known = make.get();
            callers.put(key, known);
        }
        return known;
    }

    /** A new minted token. */
    public String token(String role, String project, String... groups) {
        return admin().post(
                        "/api/auth/tokens",
                        Map.of(
                                "name",
                                role + "-of-" + project,
                                "roles",
                                List.of(role),
                                "groups",
                                List.of(groups),
                                "project",
                                project,
                                "expires_in",
                                3600))
                .expect(201)
                .path("access_token")
                .asText();
    }

    @Override
    public void close() {
        context.close();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
