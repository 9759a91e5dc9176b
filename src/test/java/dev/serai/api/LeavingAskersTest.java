package dev.serai.api;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.serai.testing.HttpCaller;
import dev.serai.testing.Postgres;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.StalledServer;

import static org.awaitility.Awaitility.await;

/** Clients that hang up: what they asked for ends at the source. */
class LeavingAskersTest {
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final String PROJECT = "leaving-askers";

    private final RunningSerai serai = RunningSerai.shared();
    private final HttpCaller admin = serai.as("admin", PROJECT);
    private final Postgres.Database database = Postgres.database();
    private String connector = "";

    @BeforeEach
    void connect() {
        connector = admin.post(
                        "/api/connectors",
                        Map.of(
                                "name",
                                "Shop " + database.name(),
                                "type",
                                "postgresql",
                                "config",
                                Map.of(
                                        "host", database.host(),
                                        "port", database.port(),
                                        "database", database.name(),
                                        "username", database.username(),
                                        "password", database.password())))
                .expect(201)
                .path("id")
                .asText();
    }

    /** Asks, and hangs up once the source is at work. */
    private void leave(String request, String body) throws IOException {
        leave(request, body, () -> working() == 1);
    }

    private void leave(String request, String body, Callable<Boolean> atWork) throws IOException {
        URI address = serai.address();
        try (Socket client = new Socket(address.getHost(), address.getPort())) {
            String head = request + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + serai.token("admin", PROJECT) + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n";
            client.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().flush();
            await().atMost(Duration.ofSeconds(10)).until(atWork);
        }
    }

    @Test
    void aDirectQueryIsCancelledAtTheDatabase() throws IOException {
        leave("POST /api/connectors/" + connector + "/query", "{\"sql\":\"select pg_sleep(60)\"}");

        await().atMost(SOON).until(() -> working() == 0);
    }

    @Test
    void soIsAPreviewThatIsStillRead() throws IOException {
        database.execute("create view slow as select pg_sleep(60) is null as s");
        admin.get("/api/connectors/" + connector + "/models").expect(200);

        leave("GET /api/connectors/" + connector + "/models/public.slow/preview", "");

        await().atMost(SOON).until(() -> working() == 0);
    }

    @Test
    void soAreModelsThatAreStillLookedUp() throws IOException {
        try (StalledServer mute = new StalledServer(StalledServer.Manner.MUTE)) {
            connector = admin.post(
                            "/api/connectors",
                            Map.of(
                                    "name",
                                    "Mute " + mute.port(),
                                    "type",
                                    "postgresql",
                                    "config",
                                    Map.of(
                                            "host", "127.0.0.1",
                                            "port", mute.port(),
                                            "database", "shop",
                                            "username", "reader",
                                            "password", "secret")))
                    .expect(201)
                    .path("id")
                    .asText();

            leave("GET /api/connectors/" + connector + "/models", "", () -> mute.asking() == 1);

            await().atMost(SOON).until(() -> mute.asking() == 0);
        }
    }

    private int working() {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity where state = 'active'"
                        + " and pid <> pg_backend_pid() and usename = '" + database.username() + "'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
