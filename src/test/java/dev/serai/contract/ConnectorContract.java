package dev.serai.contract;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.serai.connector.Connector;
import dev.serai.connector.ContractWorld;
import dev.serai.failure.Failure;
import dev.serai.rows.RowSource;
import dev.serai.testing.Rows;
import dev.serai.testing.TestFolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What every connector type must do, asked as Serai asks it: through a route made of its Kamelet.
 *
 * <p>A type's test extends this, says how its source is reached, and puts the suite's {@link Table}s there. Every
 * {@link Capability} is assumed. What a type lacks it names in {@link #lacks()} with the reason; that must then really
 * fail, so that nothing stays opted out that works.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
public abstract class ConnectorContract implements ConfigContract, ReadContract, QueryContract {
    private ContractWorld world;
    private Connector connector;

    @BeforeAll
    void prepare() throws Exception {
        Path folder = TestFolder.create("kamelets");
        for (Map.Entry<String, String> kamelet : kamelets().entrySet()) {
            Files.writeString(folder.resolve(kamelet.getKey() + ".kamelet.yaml"), kamelet.getValue());
        }
        for (Table table : Table.ALL) {
            create(table);
        }
        world = new ContractWorld(folder);
        connector = world.save("contract", type(), config());
    }

    @AfterAll
    void close() {
        world.close();
    }

    @Override
    public ContractWorld world() {
        return world;
    }

    @Override
    public Connector connector() {
        return connector;
    }

    @Test
    void saysWhyItLacksWhatItLacks() {
        assertThat(lacks().values()).allMatch(reason -> reason.length() > 10);
    }

    @Test
    void aChangedConfigServesTheNextCallWhileTheLastOneEndsWell() throws Exception {
        provided(Capability.READ, () -> {
            Connector before = world.save("changing", type(), config());
            RowSource begun = world.rows(before, "read", request(Table.MANY));

            Connector broken = world.save("changing", type(), brokenConfig());
            assertThat(failure(() -> Rows.of(world.rows(broken, "read", request(Table.MANY)))))
                    .isInstanceOf(Failure.Source.class);
            Connector mended = world.save("changing", type(), config());
            assertThat(Rows.of(world.rows(mended, "read", request(Table.ODD))).values())
                    .hasSameSizeAs(Table.ODD.rows());

            assertThat(Rows.of(begun).values()).hasSize(Table.MANY_ROWS);
        });
    }

    @Test
    void changesUnderLoadDropNoCall() throws Exception {
        provided(Capability.READ, () -> {
            world.save("busy", type(), config());
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> Rows.of(world.rows(world.get("busy"), "read", request(Table.ODD)))
                                .values()
                                .size()));
                if (i % 5 == 0) {
                    world.save("busy", type(), config());
                }
            }
            for (CompletableFuture<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(Table.ODD.rows().size());
            }
        });
    }

    @Test
    void endsItsConnectionsWhenItIsClosed() throws Exception {
        provided(Capability.CLOSING, () -> {
            int before = connections();
            Connector passing = world.save("passing", type(), config());
            Rows.of(world.rows(passing, "read", request(Table.ODD)));
            assertThat(connections()).isGreaterThan(before);

            world.forget("passing");

            soon(() -> connections() <= before);
        });
    }

    @Test
    void tellsNoSecret(CapturedOutput output) throws Exception {
        provided(Capability.SECRETS, () -> {
            ObjectNode wrong = brokenConfig();
            List<String> secrets = secrets(wrong);
            assertThat(secrets).isNotEmpty();
            Connector leaky = world.save("leaky", type(), wrong);

            StringBuilder told = new StringBuilder(world.test(type(), wrong).toString());
            for (ObjectNode request : List.of(request(Table.ODD), request().put("query", "'"), request())) {
                for (String operation : world.type(type()).capabilities()) {
                    for (Throwable e = catchThrowable(() -> world.json(leaky, operation, request));
                            e != null;
                            e = e.getCause()) {
                        told.append(e);
                    }
                }
            }

            assertThat(secrets).noneMatch(secret -> told.toString().contains(secret));
            assertThat(secrets).noneMatch(secret -> output.getAll().contains(secret));
        });
    }

    /** Makes every secret a word that is found nowhere else. */
    private List<String> secrets(ObjectNode config) {
        List<String> secrets = new ArrayList<>();
        for (String name :
                List.copyOf(config.properties().stream().map(Map.Entry::getKey).toList())) {
            if (world.type(type()).isSecret(name)) {
                String secret = "zq7-" + name + "-${body}-{{env:HOME}}-#bean:x-%41";
                config.put(name, secret);
                secrets.add(secret);
            }
        }
        return secrets;
    }
}
