package dev.serai.connector;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.serai.testing.Postgres;
import dev.serai.testing.Settings;
import dev.serai.testing.SshGate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How long a connector's sessions last at the server: as long as its route, which goes when idle, outdated or at the end. */
class RoutedSessionsTest {
    private final Postgres.Database database = Postgres.database();
    private final RouteWorld world = new RouteWorld(Map.of(), Map.of("serai.connectors.idle", "PT600S"));

    @BeforeEach
    void save() {
        world.camel.getRegistry().bind("egress", new EgressPolicy(Settings.of(Map.of())));
        world.save("con_a", "postgresql", database.config().toString());
        assertThat(sessions()).isZero();
        call();
        assertThat(sessions()).isEqualTo(1);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void call() {
        call("con_a");
    }

    private void call(String id) {
        world.calls.json(world.get(id), "models", RouteWorld.json("{}"));
    }

    private int sessions() {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + database.username() + "'")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitSessions(int expected) {
        await().untilAsserted(() -> assertThat(sessions()).isEqualTo(expected));
    }

    @Test
    void endWhenNobodyCalledForLongAndAreOpenedAgainForTheNextCall() {
        world.clock.pass(Duration.ofSeconds(599));
        world.routes.closeIdle();
        assertThat(world.routes.running()).isEqualTo(1);
        assertThat(sessions()).isEqualTo(1);

        world.clock.pass(Duration.ofSeconds(1));
        world.routes.closeIdle();
        awaitSessions(0);

        call();
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void throughATunnelEndTogetherWithTheSshSessionThatCarriedThem() throws IOException {
        try (SshGate gate = new SshGate()) {
            world.save("con_b", "postgresql", tunnelled(gate));
            call("con_b");
            assertThat(gate.sessions()).isEqualTo(1);
            assertThat(gate.connections()).isEqualTo(1);

            world.clock.pass(Duration.ofSeconds(599));
            world.routes.closeIdle();
            assertThat(gate.connections()).isEqualTo(1);

            world.clock.pass(Duration.ofSeconds(1));
            world.routes.closeIdle();
            await().untilAsserted(() -> assertThat(gate.sessions()).isZero());
            awaitSessions(0);

            call("con_b");
            assertThat(gate.logins()).isEqualTo(2);
            assertThat(gate.sessions()).isEqualTo(1);
        }
    }

    private String tunnelled(SshGate gate) {
        ObjectNode config = database.config();
        config.setAll((ObjectNode) RouteWorld.JSON.valueToTree(gate.config()));
        return config.toString();
    }

    @Test
    void areThoseOfTheNewConfigAloneAfterAChange() {
        world.save("con_a", "postgresql", database.config().put("pool_size", 2).toString());
        call();
        awaitSessions(1);
        assertThat(world.routes.running()).isEqualTo(1);
    }

    @Test
    void endAtShutdown() {
        world.camel.stop();
        awaitSessions(0);
    }
}
